"""The keys of the desk: the one table behind <key-map> and the list that `?` opens.

`name` is what an element says in `data-action` to be used by the key; where no such element is on the page, the event
`key:<name>` is sent and an island may listen. `target` says which element that is, `when` on which screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Action:
    """A key and what it does."""

    name: str
    key: str
    when: str
    target: str
    label: Any


WHEN = {"list": _("In the list"), "ticket": _("On a ticket"), "anywhere": _("Anywhere")}
ACTIONS = (
    Action("next", "j", "list", "live-list", _("Next ticket")),
    Action("previous", "k", "list", "live-list", _("Previous ticket")),
    Action("open", "Enter", "list", "live-list", _("Open the ticket")),
    Action("go-mine", "g m", "list", "[data-action=go-mine]", _("View “Mine”")),
    Action("go-unassigned", "g u", "list", "[data-action=go-unassigned]", _("View “Unassigned”")),
    Action("go-waiting", "g w", "list", "[data-action=go-waiting]", _("View “Waiting for me”")),
    Action("go-open", "g o", "list", "[data-action=go-open]", _("View “All open”")),
    Action("reply", "r", "ticket", "#composer input[value=reply]", _("Reply")),
    Action("note", "n", "ticket", "#composer input[value=note]", _("Write a note")),
    Action("assign", "a", "ticket", "#prop-assignee", _("Assign")),
    Action("take", "i", "ticket", "#take", _("Take it myself")),
    Action("status", "s", "ticket", "#prop-status", _("Change the status")),
    Action("priority", "p", "ticket", "#prop-priority", _("Change the priority")),
    Action("tags", "t", "ticket", "#prop-tags", _("Change the tags")),
    Action("send", "Mod+Enter", "ticket", "#composer .primary", _("Send what is written")),
    Action("undo", "Z", "ticket", "[data-action=undo]", _("Undo the sending")),
    Action("back", "u", "ticket", ".back", _("Back to the list")),
    Action("search", "/", "anywhere", ".search .input", _("Search")),
    Action("go-tickets", "g t", "anywhere", "[data-action=go-tickets]", _("Tickets")),
    Action("new-ticket", "g n", "anywhere", "[data-action=new-ticket]", _("New ticket")),
    Action("go-contacts", "g c", "anywhere", "[data-action=go-contacts]", _("Contacts")),
    Action("keys", "?", "anywhere", "#keys-help", _("Show all keys")),
)
KEYS = [
    {"keys": action.key, "action": action.name, "label": action.label, "group": WHEN[action.when]} for action in ACTIONS
]
