"""Which saved replies and macros somebody may use. Every query for a person starts at `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from tresen.core.people.principals import Principal

if TYPE_CHECKING:
    from tresen.service.texts.models import Macro, SavedReply  # noqa: F401


class KeptTextQuerySet(models.QuerySet[Any]):
    """What both kinds share."""

    def visible_to(self, principal: Principal) -> Self:
        """An agent's own ones, those of his teams (administrators: of all teams) and everybody's; outsiders none."""
        if principal.agent is None:
            return self.none()
        shared = Q(owner=None) if principal.sees_all_tickets else Q(owner=None, team=None)
        return self.filter(shared | Q(owner=principal.agent) | Q(team__in=principal.team_ids))

    def active(self) -> Self:
        """Those that are not archived."""
        return self.filter(is_active=True)

    def most_used_first(self) -> Self:
        """As they are offered: what was used lately first, what never was by its name."""
        return self.order_by(F("used_at").desc(nulls_last=True), "name", "pk")


class SavedReplyQuerySet(KeptTextQuerySet):
    """Saved replies."""


class MacroQuerySet(KeptTextQuerySet):
    """Macros."""
