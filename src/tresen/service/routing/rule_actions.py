"""What rules do with assignment: a ticket is given to somebody anew, as its team gives tickets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.tickets.assigning import assign
from tresen.core.tickets.automation import Doing, Input, NotDone
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock
from tresen.service.routing.jobs import give_one


class Give:
    """Takes the ticket from whoever has it, and gives it to somebody by the rule of its team."""

    kind, label, icon = "give", gettext_lazy("Give it by the rule of the team"), "people"
    inputs: tuple[Input, ...] = ()
    repeats: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """There is nothing to choose."""
        return {}

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """It has a team."""
        return ticket.team_id is not None

    def foresee(self, kept: Mapping[str, Any], ticket: Ticket) -> dict[str, Any]:
        """Nobody has it; whom it goes to then is not foreseen."""
        return {"assignee": None}

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `ticket.assigned`, back to the team; to whom it goes then follows by a job."""
        if doing.ticket.team_id is None:
            raise NotDone("team")
        locked = lock(doing.ticket)
        if locked.assignee_id is not None:
            assign(locked, agent=None, why={"method": "rule", "name": doing.by.name}, by=doing.by)
        give_one.enqueue(ticket_id=locked.pk, event_id=doing.event.pk)
        return True

    def say(self, kept: Mapping[str, Any]) -> str:
        """As it is called."""
        return _("Given by the rule of the team")


GIVE = Give()
