"""Why somebody got a ticket, in words: `Piotr: knows Network, 3 of 8 tickets, here since 9:00`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.people.models import LANGUAGES
from tresen.core.tickets.category_models import in_language
from tresen.spine.events.models import Event

LANGUAGE_NAMES = dict(LANGUAGES)


def _assigned(event: Event) -> list[str]:
    why, change = event.changes.get("why") or {}, event.changes.get("assignee") or [None, None]
    name = change[1] or _("back to the team")
    parts = reasons(why, event.at)
    return [_("%(name)s: %(why)s") % {"name": name, "why": ", ".join(parts)} if parts else str(name)]


def reasons(why: Mapping[str, Any], event_at: datetime) -> list[str]:
    """What speaks for him, in words; `event_at`: when that was so."""
    if why.get("method") in ("absence", "away", "left"):
        return [_("%(name)s is absent") % {"name": why.get("name", "")}, *_cannot(why)]
    if why.get("method") == "off":
        return [_("%(name)s is off duty until after it is due") % {"name": why.get("name", "")}]
    if why.get("method") == "rule":
        return [_("by the rule “%(name)s”") % {"name": why.get("name", "")}]
    parts = [_("asked for the next one")] if why.get("method") == "pull" else []
    if why.get("again"):
        parts.append(_("had the last one, too"))
    elif why.get("method") == "round":
        parts.append(_("next in turn"))
    elif why.get("method") == "least":
        parts.append(_("has the least to do"))
    if why.get("skill"):
        parts.append(_("knows %(skill)s") % {"skill": in_language(why["skill"])})
    if why.get("language"):
        parts.append(_("speaks %(language)s") % {"language": LANGUAGE_NAMES.get(why["language"], why["language"])})
    n = int(why.get("open") or 0)
    if why.get("cap"):
        parts.append(_("%(n)s of %(cap)s tickets") % {"n": n, "cap": why["cap"]})
    elif n:
        parts.append(ngettext("%(n)s ticket", "%(n)s tickets", n) % {"n": n})
    if since := parse_datetime(why.get("since") or ""):
        form = "TIME_FORMAT" if localtime(since).date() == localtime(event_at).date() else "SHORT_DATE_FORMAT"
        parts.append(_("here since %(time)s") % {"time": date_format(localtime(since), form)})
    return parts


def _cannot(why: Mapping[str, Any]) -> list[str]:
    """Why the substitute did not get it."""
    said = {
        "team": _("%(name)s, who stands in, does not work on tickets of this team"),
        "away": _("%(name)s, who stands in, is not here"),
        "full": _("%(name)s, who stands in, has enough"),
        "skill": _("%(name)s, who stands in, does not know it"),
        "language": _("%(name)s, who stands in, does not speak it"),
    }.get(why.get("cannot", ""))
    return [said % {"name": why.get("substitute", "")}] if said else []


def _waits(event: Event) -> list[str]:
    why = event.changes.get("why") or {}
    said = {
        "away": lambda n: ngettext("%(n)s not here", "%(n)s not here", n),
        "full": lambda n: ngettext("%(n)s has enough", "%(n)s have enough", n),
        "skill": lambda n: ngettext("%(n)s does not know it", "%(n)s do not know it", n),
        "language": lambda n: ngettext("%(n)s does not speak it", "%(n)s do not speak it", n),
    }
    parts = [words(why[name]) % {"n": why[name]} for name, words in said.items() if why.get(name)]
    return [_("waits for somebody who can take it (%(why)s)") % {"why": ", ".join(parts) or _("nobody in the team")}]


WORDS: dict[str, Callable[[Event], list[str]]] = {"ticket.assigned": _assigned, "ticket.waits": _waits}
