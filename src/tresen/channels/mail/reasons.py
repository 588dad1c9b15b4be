"""Why a message is where it is, in words: what tied the mail to the ticket, and what its sender is there.

“Reply to our mail of 3 May; the sender is the requester.” The facts are those that table.py has noted with the message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tresen.core.tickets.numbers import show_number


def why_here(why: Mapping[str, Any]) -> str:
    """One sentence for a received message, in the active language and zone; empty for one that no mail brought."""
    place = PLACES.get(str(why.get("rule")))
    if place is None:
        return ""
    parts = [place(why), _sender(why), _moved(why)]
    return "; ".join(part for part in parts if part) + "."


def _day(why: Mapping[str, Any]) -> str:
    try:
        at = datetime.fromisoformat(str(why.get("at") or ""))
    except ValueError:
        return ""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return date_format(local, pgettext("date format", "j E Y"))


def _number(why: Mapping[str, Any], name: str) -> str:
    return show_number(str(why.get(name) or "")) if why.get(name) else "?"


def _reply(why: Mapping[str, Any]) -> str:
    day = _day(why)
    return _("Reply to our mail of %(day)s") % {"day": day} if day else _("Reply to a mail of ours")


def _earlier(why: Mapping[str, Any]) -> str:
    day = _day(why)
    if not day:
        return _("Refers to an earlier mail on this ticket")
    return _("Refers to the mail of %(day)s on this ticket") % {"day": day}


def _late(why: Mapping[str, Any]) -> str:
    return _("Answer to %(number)s, which has been closed too long") % {"number": _number(why, "old")}


def _possible(why: Mapping[str, Any]) -> str:
    return _("New, though it names %(number)s") % {"number": _number(why, "old")}


def _followed(why: Mapping[str, Any]) -> str:
    return _("Its thread was moved here from %(number)s") % {"number": _number(why, "from")}


def _forwarded(why: Mapping[str, Any]) -> str:
    name = str(why.get("forwarder") or "")
    if not name:
        return _("Came with a forwarded mail")
    return _("Forwarded by %(name)s, who says whose mail it was") % {"name": name}


PLACES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "message_id": _reply,
    "reply_address": lambda why: _("Sent to the reply address of this ticket"),
    "foreign_id": _earlier,
    "subject_token": lambda why: _("The subject names the ticket"),
    "moved": _followed,
    "new": lambda why: _("First mail: nothing ties it to an older ticket"),
    "forwarded": _forwarded,
    "late": _late,
    "possible": _possible,
}
ROLES: dict[str, Callable[[], str]] = {
    "requester": lambda: _("the sender is the requester"),
    "cc": lambda: _("the sender is in copy"),
    "follower": lambda: _("the sender follows the ticket"),
}
STANDINGS: dict[str, Callable[[], str]] = {
    "participant": lambda: _("the sender belongs to the ticket"),
    "agent": lambda: _("the sender is a colleague, confirmed by the mail server"),
    "agent_unproven": lambda: _("it claims to come from a colleague, which nothing proves"),
    "organisation": lambda: _("the sender is not on the ticket, but belongs to the same organisation"),
    "stranger": lambda: _("the sender is not on the ticket"),
    "forged": lambda: _("the sender’s domain says that the mail is forged"),
    "no_reply": lambda: _("it comes from an address that takes no answers, and may hold a code for one person"),
    "no_from": lambda: _("it has not one sender, so nobody can be taken for him"),
}


def _sender(why: Mapping[str, Any]) -> str:
    standing = STANDINGS.get(str(why.get("sender")))
    if standing is None:
        return STANDINGS["forged"]() if why.get("verdict") == "fail" else ""
    role = ROLES.get(str(why.get("role")))
    words = role() if role else standing()
    unproven = why.get("strength") == "weak" and why.get("sender") == "participant" and why.get("verdict") != "pass"
    return words + (" " + _("(only his address says so)") if unproven else "")


def _moved(why: Mapping[str, Any]) -> str:
    if not why.get("moved_from"):
        return ""
    facts = {"number": _number(why, "moved_from"), "name": why.get("moved_by") or "?"}
    return _("moved here from %(number)s by %(name)s") % facts
