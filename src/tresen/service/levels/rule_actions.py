"""What rules do with levels: a ticket is handed up, leads are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.principals import Principal
from tresen.core.tickets.automation import Doing, Input, NotDone, WrongAction
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.level_models import Level
from tresen.core.tickets.models import Ticket
from tresen.service.levels.climbing import team_for
from tresen.service.levels.handing import (
    MOST_TEXT,
    CannotHandOver,
    Package,
    escalate,
    leads_of,
    taken_up,
    tell_leads,
)

NEXT = "next"


def _levels(principal: Principal) -> list[tuple[str, Any]]:
    above = Level.objects.visible_to(principal).active().filter(number__gt=1)
    return [(NEXT, _("the next one above")), *((str(level.number), level.name) for level in above)]


def _found(value: str, level: int = 0) -> Level | None:
    """The level in use that is meant, above that one."""
    above = Level.objects.active().filter(number__gt=level)
    if value == NEXT:
        return above.first()
    known = value.isascii() and value.isdigit() and len(value) < 3
    return above.filter(number=int(value)).first() if known else None


class Escalate:
    """Hands the ticket up, to the team that had it there before, else to the first of the level."""

    kind, label, icon = "escalate", gettext_lazy("Hand it up"), "stairs"
    inputs = (Input("level", gettext_lazy("To which level"), choices=_levels),)
    repeats = frozenset({"ticket.escalated"})

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The next one, or one in use above the first."""
        value = str(values.get("level", ""))
        if _found(value, 1) is None:
            raise WrongAction("level")
        return {"level": value}

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """It is open, and there is such a level above it."""
        return ticket.status_category in ACTIVE and _found(kept["level"], ticket.level) is not None

    def foresee(self, kept: Mapping[str, Any], ticket: Ticket) -> dict[str, Any]:
        """It stands there, with nobody yet."""
        level = _found(kept["level"], ticket.level)
        if level is None:
            return {}
        team = team_for(ticket, level) or ticket.team
        return {"level": level.number, "team": team, "assignee": None, **taken_up(ticket)}

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `ticket.escalated`."""
        level = _found(kept["level"], doing.ticket.level)
        if level is None:
            raise NotDone("level")
        try:
            escalate(
                doing.ticket, by=doing.by, agent=None, level=level.number, team=team_for(doing.ticket, level),
                package=Package(), cause=doing.event,
            )  # fmt: skip
        except CannotHandOver as fault:
            raise NotDone(fault.why) from fault
        return True

    def say(self, kept: Mapping[str, Any]) -> str:
        """With the level."""
        value = str(kept.get("level", ""))
        level = _("the next one above") if value == NEXT else (_found(value) or _("gone"))
        return _("Hand it up: %(level)s") % {"level": level}


class TellLeads:
    """The leads of its team hear that they are needed; the ticket stays where it is."""

    kind, label, icon = "tell_leads", gettext_lazy("Tell the leads of its team"), "people"
    inputs = (
        Input("reason", gettext_lazy("Why, as a note on the ticket"), "long", most=MOST_TEXT, required=False,
              hint=gettext_lazy("Administrators hear where the team has no lead.")),
    )  # fmt: skip
    repeats: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A reason, or none."""
        reason = str(values.get("reason", "")).replace("\r\n", "\n").replace("\0", "").strip()
        if len(reason) > MOST_TEXT:
            raise WrongAction("reason")
        return {"reason": reason}

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """It is open, and somebody is there to be told."""
        return ticket.status_category in ACTIVE and bool(leads_of(ticket))

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `manager.told`."""
        doing.writes_to(len(leads_of(doing.ticket)))
        try:
            tell_leads(doing.ticket, by=doing.by, agent=None, reason=kept["reason"], cause=doing.event)
        except CannotHandOver as fault:
            raise NotDone(fault.why) from fault
        return True

    def say(self, kept: Mapping[str, Any]) -> str:
        """As it is called."""
        return str(self.label)


ESCALATE, TELL_LEADS = Escalate(), TellLeads()
