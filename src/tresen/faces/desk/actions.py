"""The actions of the workspace: the desk's own part of the one table (kit/actions.py)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tresen.core.people.principals import principal_of
from tresen.kit.actions import ANYWHERE, Action, Screen


def having(*rights: str) -> Callable[[HttpRequest], bool]:
    """Whether whoever asks has one of these rights in one of his teams, or everywhere."""
    return lambda request: any(principal_of(request).may_anywhere(right) for right in rights)


DRAFTS, CHANGES, MERGES, ASSIGNS = having("reply", "note"), having("change"), having("merge"), having("assign")
REPLIES, NOTES, DELETES, CREATES = having("reply"), having("note"), having("delete"), having("create")
TEXTS = having("reply", "note", "change", "assign")


LIST = Screen("list", _("In the list"), "#list live-list")
TICKET = Screen("ticket", _("On a ticket"), "#ticket[data-ticket]")

ACTIONS = [
    Action("next", _("Next ticket"), "j", LIST, "down", heard=True),
    Action("previous", _("Previous ticket"), "k", LIST, "up", heard=True),
    Action("open", _("Open the ticket"), "Enter", LIST, "right", heard=True),
    Action("select", _("Select the ticket"), "x", LIST, "check", heard=True),
    Action("select-range", _("Select all from the last one on"), "X", LIST, "checks", heard=True),
    Action("sort", _("Change the order of the list"), "", LIST, "sort"),
    Action("bulk", _("Change the selected tickets"), "", LIST, "pen", may=TEXTS),
    Action("bulk-macro", _("Use a macro on the selected tickets"), "", LIST, "bolt", may=TEXTS),
    Action("bulk-merge", _("Merge the selected tickets"), "", LIST, "merge-in", may=MERGES),
    Action("reply", _("Reply"), "r", TICKET, "reply", may=DRAFTS),
    Action("note", _("Write a note"), "n", TICKET, "note", may=NOTES),
    Action("forward", _("Forward"), "f", TICKET, "forward", may=REPLIES),
    Action("saved-replies", _("Put a saved reply in"), "", TICKET, "slash", may=DRAFTS),
    Action("macro", _("Use a macro"), "m", TICKET, "bolt", may=TEXTS),
    Action("assign", _("Assign"), "a", TICKET, "user", may=ASSIGNS),
    Action("take", _("Take it myself"), "i", TICKET, "user", may=CHANGES),
    Action("team", _("Give it to a team"), "", TICKET, "people", may=ASSIGNS),
    Action("status", _("Change the status"), "s", TICKET, "st-open", may=CHANGES),
    Action("priority", _("Change the priority"), "p", TICKET, "p-high", may=CHANGES),
    Action("tags", _("Change the tags"), "t", TICKET, "tag", may=CHANGES),
    Action("subject", _("Change the subject"), "", TICKET, "pen", may=CHANGES),
    Action("type", _("Change the type"), "", TICKET, "flag", may=CHANGES),
    Action("category", _("Change the category"), "c", TICKET, "box", may=CHANGES),
    Action("take-proposal", _("Accept the proposal"), "y", TICKET, "bolt", may=CHANGES),
    Action("link-first", _("Link with the first similar ticket"), "1", TICKET, "link", may=MERGES),
    Action("link-second", _("Link with the second similar ticket"), "2", TICKET, "link", may=MERGES),
    Action("link-third", _("Link with the third similar ticket"), "3", TICKET, "link", may=MERGES),
    Action("article-first", _("Put the first article into the answer"), "4", TICKET, "book", may=DRAFTS),
    Action("article-second", _("Put the second article into the answer"), "5", TICKET, "book", may=DRAFTS),
    Action("article-third", _("Put the third article into the answer"), "6", TICKET, "book", may=DRAFTS),
    Action("draft-article", _("Make an article of this ticket"), "", TICKET, "book", may=having("articles")),
    Action("send", _("Send what is written"), "Mod+Enter", TICKET, "send", may=DRAFTS),
    Action("undo", _("Undo what was done last"), "Z", ANYWHERE, "undo"),
    Action("connect", _("Link or merge"), "l", TICKET, "merge-in", may=MERGES),
    Action("split", _("Split"), "", TICKET, "stairs", may=MERGES),
    Action("spam", _("Mark it as spam"), "", TICKET, "shield", may=CHANGES),
    Action("delete", _("Delete"), "", TICKET, "x", may=DELETES),
    Action("take-next", _("Give me the next one"), "N", LIST, "down-to", may=CHANGES),
    Action("clocks", _("Explain the due times"), "", TICKET, "clock"),
    Action("copy-number", _("Copy the number"), "", TICKET, "copy"),
    Action("back", _("Back to the list"), "u", TICKET, "left", heard=True),
    Action("search", _("Search"), "/", ANYWHERE, "search", "desk:search"),
    Action("go-mine", _("View “Mine”"), "g m", ANYWHERE, "user", "desk:view mine"),
    Action("go-unassigned", _("View “Unassigned”"), "g u", ANYWHERE, "st-new", "desk:view unassigned"),
    Action("go-waiting", _("View “Waiting for me”"), "g w", ANYWHERE, "reply", "desk:view waiting"),
    Action("go-open", _("View “All open”"), "g o", ANYWHERE, "ticket", "desk:view open"),
    Action("go-tickets", _("Tickets"), "g t", ANYWHERE, "ticket", "desk:start"),
    Action("new-ticket", _("New ticket"), "g n", ANYWHERE, "plus", "desk:new-ticket", CREATES),
    Action("go-bin", _("Bin"), "", ANYWHERE, "box", "desk:bin", DELETES),
    Action("go-did", _("What I did"), "g d", ANYWHERE, "undo", "desk:operations"),
    Action("go-contacts", _("Contacts"), "g c", ANYWHERE, "people", "desk:contacts"),
    Action("palette", _("Find or do anything"), "Mod+k", ANYWHERE, "search", heard=True),
    Action("keys", _("Show all keys"), "?", ANYWHERE, "keys", heard=True),
    Action("own-keys", _("Change the keys"), "", ANYWHERE, "keys", "account:own-keys"),
]
