"""The pages of the settings, by section."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tresen.core.people.permissions import can
from tresen.core.people.principals import principal_of
from tresen.faces.setup.waiting import waiting_of


def is_admin(request: HttpRequest) -> bool:
    """Only administrators see more than their own account."""
    return principal_of(request).is_admin


def handles_mail(request: HttpRequest) -> bool:
    """Administrators, and team leads for the mailboxes of their teams."""
    return can(principal_of(request), "mail.handle")


def works_here(request: HttpRequest) -> bool:
    """Every agent has working hours."""
    return can(principal_of(request), "attendance.own")


def leads(request: HttpRequest) -> bool:
    """Administrators and team leads see who is there."""
    return can(principal_of(request), "attendance.see")


def keeps_texts(request: HttpRequest) -> bool:
    """Every agent has saved replies and macros of his own."""
    return can(principal_of(request), "text.keep")


def _open_mail(request: HttpRequest) -> int | None:
    return waiting_of(request).open_mails or None


def _stuck(request: HttpRequest) -> int | None:
    return waiting_of(request).stuck_mails or None


def _failed(request: HttpRequest) -> int | None:
    return waiting_of(request).failed_jobs or None


def _page(label: Any, url: str, icon: str, section: Any, **more: Any) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "section": section, "shown": is_admin} | more


_MAIL, _TEXTS, _PEOPLE, _HOUSE = _("Mail"), _("Texts"), _("People"), _("House")
_TICKETS, _RULES = _("Tickets"), _("Rules and clocks")

SETTINGS_NAVIGATION: list[dict[str, Any]] = [
    {"label": _("My account"), "url": "account:me", "icon": "user", "section": ""},
    {"label": _("My working time"), "url": "setup:own-attendance", "icon": "clock", "section": "", "shown": works_here},
    _page(_("Overview"), "setup:overview", "gear", ""),
    _page(_("Mailboxes"), "setup:mailboxes", "mail", _MAIL),
    _page(_("Received mail"), "setup:ledger", "list", _MAIL, badge=_open_mail, shown=handles_mail),
    _page(_("Outbox"), "setup:outbox", "clock", _MAIL, badge=_stuck),
    _page(_("Mail texts"), "setup:mail-texts", "pen", _MAIL),
    _page(_("Signing (DKIM)"), "setup:dkim", "key", _MAIL),
    _page(_("Replies"), "setup:replies", "reply", _MAIL),
    _page(_("Microsoft and Google"), "setup:mail-providers", "key", _MAIL),
    _page(_("Limits"), "setup:limits", "shield", _MAIL),
    _page(_("Outgoing folder"), "setup:outgoing", "send", _MAIL),
    _page(_("Saved replies"), "setup:saved-replies", "reply", _TEXTS, shown=keeps_texts),
    _page(_("Macros"), "setup:macros", "bolt", _TEXTS, shown=keeps_texts),
    _page(_("Agents"), "setup:agents", "user", _PEOPLE),
    _page(_("Teams"), "setup:teams", "people", _PEOPLE),
    _page(_("Who is here"), "setup:attendance", "people", _PEOPLE, shown=leads),
    _page(_("Levels"), "setup:levels", "stairs", _PEOPLE),
    _page(_("On call"), "setup:rotas", "phone", _PEOPLE),
    _page(_("Statuses"), "setup:statuses", "flag", _TICKETS),
    _page(_("Priorities"), "setup:priorities", "p-high", _TICKETS),
    _page(_("Categories"), "setup:categories", "box", _TICKETS),
    _page(_("Fields"), "setup:custom-fields", "pen", _TICKETS),
    _page(_("Tags"), "setup:tags", "tag", _TICKETS),
    _page(_("Checklists"), "setup:checklists", "checks", _TICKETS),
    _page(_("Procedures"), "setup:procedures", "stairs", _TICKETS),
    _page(_("Recurring tickets"), "setup:recurring-list", "calendar", _TICKETS),
    _page(_("Rules"), "setup:rules", "bolt", _RULES),
    _page(_("Proposals"), "setup:learning", "cap", _RULES),
    _page(_("Service levels"), "setup:policies", "clock", _RULES),
    _page(_("Calendars"), "setup:calendars", "calendar", _RULES),
    _page(_("Brands and hours"), "setup:brands", "building", _HOUSE),
    _page(_("API tokens"), "setup:tokens", "key", _HOUSE),
    _page(_("Webhooks"), "setup:webhooks", "link", _HOUSE),
    _page(_("Failed jobs"), "setup:jobs", "pulse", _HOUSE, badge=_failed),
]

# The way here from the rail of the desk.
SETTINGS_AREA: dict[str, Any] = {
    "label": _("Settings"), "url": "setup:overview", "icon": "gear", "shown": handles_mail, "end": True,
    "desk_only": True,
}  # fmt: skip
