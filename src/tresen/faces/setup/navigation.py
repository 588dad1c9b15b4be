"""The pages of the settings, by section."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal, principal_of
from tresen.faces.setup.waiting import waiting_of


def may(action: str) -> Callable[[HttpRequest], bool]:
    """Whether whoever asks may do that."""
    return lambda request: can(principal_of(request), action)


def looks_after(request: HttpRequest) -> bool:
    """Whether there is a page of the desk for him, beside what everybody has of his own."""
    return first_page(principal_of(request)) is not None


def first_page(principal: Principal) -> str | None:
    """The first page of the desk that he may open: the name of its address."""
    pages = (page for page in SETTINGS_NAVIGATION if page.get("action") and page["action"] not in EVERYBODYS)
    return next((page["url"] for page in pages if can(principal, page["action"])), None)


def _open_mail(request: HttpRequest) -> int | None:
    return waiting_of(request).open_mails or None


def _stuck(request: HttpRequest) -> int | None:
    return waiting_of(request).stuck_mails or None


def _failed(request: HttpRequest) -> int | None:
    return waiting_of(request).failed_jobs or None


def _page(label: Any, url: str, icon: str, section: Any, action: str, **more: Any) -> dict[str, Any]:
    return {
        "label": label, "url": url, "icon": icon, "section": section, "action": action, "shown": may(action), **more
    }  # fmt: skip


_MAIL, _TEXTS, _PEOPLE, _HOUSE = _("Mail"), _("Texts"), _("People"), _("House")
_TICKETS, _RULES = _("Tickets"), _("Rules and clocks")

# What every agent may do of his own.
EVERYBODYS = {"text.keep", "attendance.own"}

SETTINGS_NAVIGATION: list[dict[str, Any]] = [
    {"label": _("My account"), "url": "account:me", "icon": "user", "section": ""},
    _page(_("My working time"), "setup:own-attendance", "clock", "", "attendance.own"),
    _page(_("When I am on call"), "setup:own-on-call", "phone", "", "attendance.own"),
    _page(_("Overview"), "setup:overview", "gear", "", "desk.operate"),
    _page(_("Mailboxes"), "setup:mailboxes", "mail", _MAIL, "mailbox.manage"),
    _page(_("Received mail"), "setup:ledger", "list", _MAIL, "mail.handle", badge=_open_mail),
    _page(_("Outbox"), "setup:outbox", "clock", _MAIL, "mailbox.manage", badge=_stuck),
    _page(_("Mail texts"), "setup:mail-texts", "pen", _MAIL, "brand.manage"),
    _page(_("Signing (DKIM)"), "setup:dkim", "key", _MAIL, "mailbox.manage"),
    _page(_("Replies"), "setup:replies", "reply", _MAIL, "mailbox.manage"),
    _page(_("Microsoft and Google"), "setup:mail-providers", "key", _MAIL, "mailbox.manage"),
    _page(_("Limits"), "setup:limits", "shield", _MAIL, "mailbox.manage"),
    _page(_("Outgoing folder"), "setup:outgoing", "send", _MAIL, "mailbox.manage"),
    _page(_("Saved replies"), "setup:saved-replies", "reply", _TEXTS, "text.keep"),
    _page(_("Macros"), "setup:macros", "bolt", _TEXTS, "text.keep"),
    _page(_("Searched in vain"), "setup:search-misses", "search", _TEXTS, "collection.manage"),
    _page(_("Synonyms"), "setup:synonyms", "link", _TEXTS, "collection.manage"),
    _page(_("Agents"), "setup:agents", "user", _PEOPLE, "agent.manage"),
    _page(_("Signing in"), "setup:signing-in", "lock", _PEOPLE, "role.manage"),
    _page(_("Teams"), "setup:teams", "people", _PEOPLE, "team.manage"),
    _page(_("Roles"), "setup:roles", "shield", _PEOPLE, "role.manage"),
    _page(_("Who is here"), "setup:attendance", "people", _PEOPLE, "attendance.see"),
    _page(_("Levels"), "setup:levels", "stairs", _PEOPLE, "level.manage"),
    _page(_("On call"), "setup:rotas", "phone", _PEOPLE, "level.manage"),
    _page(_("Statuses"), "setup:statuses", "flag", _TICKETS, "sorting.manage"),
    _page(_("Priorities"), "setup:priorities", "p-high", _TICKETS, "sorting.manage"),
    _page(_("Categories"), "setup:categories", "box", _TICKETS, "sorting.manage"),
    _page(_("Fields"), "setup:custom-fields", "pen", _TICKETS, "sorting.manage"),
    _page(_("Tags"), "setup:tags", "tag", _TICKETS, "sorting.manage"),
    _page(_("Checklists"), "setup:checklists", "checks", _TICKETS, "sorting.manage"),
    _page(_("Procedures"), "setup:procedures", "stairs", _TICKETS, "sorting.manage"),
    _page(_("Services"), "setup:services", "box", _TICKETS, "service.manage"),
    _page(_("Recurring tickets"), "setup:recurring-list", "calendar", _TICKETS, "sorting.manage"),
    _page(_("Rules"), "setup:rules", "bolt", _RULES, "rule.manage"),
    _page(_("Proposals"), "setup:learning", "cap", _RULES, "sorting.manage"),
    _page(_("Service levels"), "setup:policies", "clock", _RULES, "target.manage"),
    _page(_("Calendars"), "setup:calendars", "calendar", _RULES, "target.manage"),
    _page(_("Brands and hours"), "setup:brands", "building", _HOUSE, "brand.manage"),
    _page(_("Surveys"), "setup:surveys", "face-4", _HOUSE, "survey.manage"),
    _page(_("API tokens"), "setup:tokens", "key", _HOUSE, "token.manage"),
    _page(_("Webhooks"), "setup:webhooks", "link", _HOUSE, "webhook.manage"),
    _page(_("Failed jobs"), "setup:jobs", "pulse", _HOUSE, "desk.operate", badge=_failed),
]

# The way here from the rail of the desk.
SETTINGS_AREA: dict[str, Any] = {
    "label": _("Settings"), "url": "setup:overview", "icon": "gear", "shown": looks_after, "end": True,
    "desk_only": True,
}  # fmt: skip
