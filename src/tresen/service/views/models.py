"""Saved views, and what an agent has chosen for the views of the column."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Agent, Team
from tresen.service.views import querysets
from tresen.service.views.choices import ICON_NAMES, Audience, Grouping, Sort

PREFIX = "saved-"


class SavedView(models.Model):
    """A line of the search language under a name: with a sort, columns and headings, for one, for a team or for all."""

    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("search line"), max_length=500)
    audience = models.CharField(_("for"), max_length=8, choices=Audience.choices, default=Audience.PRIVATE)
    owner = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="saved_views")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="saved_views")
    # A Sort, or that by a field of the desk's own (choices.OWN).
    sort = models.CharField(max_length=48, default=Sort.CHANGED)
    grouping = models.CharField(max_length=12, choices=Grouping.choices, blank=True, default=Grouping.NONE)
    columns = models.JSONField(default=list, help_text="names of Column and OWN fields; empty: the usual ones")
    icon = models.CharField(max_length=12, default=ICON_NAMES[0])
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Deleted, and kept for a while so that it can come back.
    deleted_at = models.DateTimeField(null=True)
    objects = querysets.SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(audience="team") & Q(team__isnull=False)) | (~Q(audience="team") & Q(team__isnull=True)),
                name="a_team_view_has_its_team",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """How addresses name it."""
        return f"{PREFIX}{self.pk}"


class ViewChoice(models.Model):
    """What an agent has chosen for one view of the column, a built-in one or a saved one; private, without events."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="view_choices")
    slug = models.CharField(max_length=60)
    # Its place in the column; empty: where it stands by itself.
    place = models.PositiveSmallIntegerField(null=True)
    # For built-in views; a saved one brings its own.
    sort = models.CharField(max_length=48, blank=True, default="")
    grouping = models.CharField(max_length=12, choices=Grouping.choices, blank=True, default=Grouping.NONE)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "slug"], name="one_choice_an_agent_and_view")]
