"""What stands behind one's own avatar."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tresen.core.people.principals import principal_of


def is_agent(request: HttpRequest) -> bool:
    """Whether who asks works at the desk."""
    return principal_of(request).is_staff


PERSON_MENU: list[dict[str, Any]] = [
    {"label": _("What I did"), "url": "desk:operations", "icon": "undo"},
    {"label": _("My account"), "url": "account:me", "icon": "user"},
    {"label": _("My working time"), "url": "setup:own-attendance", "icon": "clock", "shown": is_agent},
    {"label": _("Keys"), "url": "account:own-keys", "icon": "keys", "shown": is_agent},
    {"label": _("Sign out"), "url": "account:sign-out", "icon": "out", "post": True},
]
