"""What a phone or a computer needs to install the desk: name, start, icons, colours."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

# The ground of the rail in the light; pages say both themes in <meta name="theme-color">.
GROUND, ACCENT = "#f4f2ee", "#00626f"


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """`/desk/manifest.webmanifest`. Browsers fetch it without a cookie: it says nothing about this desk's people."""
    icons = [("favicon.svg", "any", "image/svg+xml", "any"), ("icon-192.png", "192x192", "image/png", "any"),
             ("icon-512.png", "512x512", "image/png", "any"),
             ("icon-512-maskable.png", "512x512", "image/png", "maskable")]  # fmt: skip
    content: dict[str, Any] = {
        "name": "Tresen",
        "short_name": "Tresen",
        "description": _("The helpdesk of your team"),
        "lang": get_language(),
        "id": reverse("desk:start"),
        "start_url": reverse("desk:start"),
        "scope": reverse("desk:start"),
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": ACCENT,
        "icons": [
            {"src": static(f"kit/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in icons
        ],
        "shortcuts": [
            {"name": str(_("New ticket")), "url": reverse("desk:new-ticket")},
            {"name": str(_("Search")), "url": reverse("desk:search")},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")
