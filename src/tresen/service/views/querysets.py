"""Reads of saved views that read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tresen.core.people.principals import Principal
from tresen.service.views.choices import Audience

if TYPE_CHECKING:
    from tresen.service.views.models import SavedView  # noqa: F401


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views."""

    def visible_to(self, principal: Principal) -> SavedViewQuerySet:
        """The own ones, those of the own teams and everybody's; an administrator without a team sees every team's.
        Outsiders see none."""
        if principal.agent is None:
            return self.none()
        teams = Q(audience=Audience.TEAM)
        if principal.team_ids or not principal.sees_all_tickets:
            teams &= Q(team__in=principal.team_ids)
        mine = Q(audience=Audience.PRIVATE, owner=principal.agent)
        return self.filter(mine | teams | Q(audience=Audience.ALL))

    def kept(self) -> SavedViewQuerySet:
        """Those that are not deleted."""
        return self.filter(deleted_at=None)

    def deleted(self) -> SavedViewQuerySet:
        """Those that can come back."""
        return self.exclude(deleted_at=None)
