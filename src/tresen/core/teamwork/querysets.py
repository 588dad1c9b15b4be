"""Reads of working together that read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tresen.core.people.principals import Principal

if TYPE_CHECKING:
    from tresen.core.teamwork.models import ChecklistTemplate, Mention, Snooze  # noqa: F401


class MentionQuerySet(models.QuerySet["Mention"]):
    """Who was asked for his part."""

    def undone(self) -> MentionQuerySet:
        """Nobody has said yet that it is done."""
        return self.filter(done_at=None)

    def asking(self, principal: Principal) -> MentionQuerySet:
        """Those that ask this agent, by name or as one of a team; what he wrote himself asks the others."""
        if principal.agent is None:
            return self.none()
        named = Q(agent=principal.agent)
        # Its place in the table is found by the index either way: two short lists.
        of_team = Q(team__in=principal.team_ids) & ~Q(message__agent=principal.agent)
        return self.filter(named | of_team) if principal.team_ids else self.filter(named)


class SnoozeQuerySet(models.QuerySet["Snooze"]):
    """What sleeps and what slept."""

    def asleep(self) -> SnoozeQuerySet:
        """What sleeps now."""
        return self.filter(ended_at=None)


class ChecklistTemplateQuerySet(models.QuerySet["ChecklistTemplate"]):
    """Checklists that are kept to be used again."""

    def visible_to(self, principal: Principal) -> ChecklistTemplateQuerySet:
        """All of them to every colleague; outsiders see none."""
        return self.all() if principal.is_staff else self.none()

    def active(self) -> ChecklistTemplateQuerySet:
        """Those that can be put on a ticket."""
        return self.filter(is_active=True)
