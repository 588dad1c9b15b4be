"""The areas of the rail."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tresen.faces.desk.actions import CREATES
from tresen.faces.desk.lists.column import column_of


def _waiting(request: HttpRequest) -> int | None:
    """Tickets on which a customer waits for this agent."""
    return column_of(request).waiting or None


TICKETS: dict[str, Any] = {"label": _("Tickets"), "url": "desk:start", "icon": "ticket", "badge": _waiting,
                           "action": "go-tickets"}  # fmt: skip
NEW_TICKET: dict[str, Any] = {
    "label": _("New ticket"),
    "url": "desk:new-ticket",
    "icon": "plus",
    "action": "new-ticket",
    "shown": CREATES,
}
CONTACTS: dict[str, Any] = {"label": _("Contacts"), "url": "desk:contacts", "icon": "people", "action": "go-contacts"}
SEARCH: dict[str, Any] = {
    "label": _("Search"), "url": "desk:search", "icon": "search", "end": True, "palette": True,
}  # fmt: skip
