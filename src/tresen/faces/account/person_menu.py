"""What stands behind one's own avatar."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

PERSON_MENU: list[dict[str, Any]] = [
    {"label": _("What I did"), "url": "desk:operations", "icon": "undo"},
    {"label": _("My account"), "url": "account:me", "icon": "user"},
    {"label": _("Sign out"), "url": "account:sign-out", "icon": "out", "post": True},
]
