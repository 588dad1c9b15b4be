"""What a ticket is about: a tree of categories, the desk's own."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Brand, Team
from tresen.core.tickets import querysets

BETWEEN = " › "


class Category(models.Model):
    """A place in the tree. It is never deleted: one that is not in use stays on its tickets and is no longer offered.

    The services keep two things true: what is in use stands below what is in use, and a whole tree is for one brand
    (or for all).
    """

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    names = models.JSONField(_("names"), default=dict)
    # All names from the top down to this one, by language, so that showing it needs no join: {"en": "Network › VPN"}.
    trails = models.JSONField(default=dict)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    brand = models.ForeignKey(Brand, null=True, blank=True, on_delete=models.PROTECT, related_name="categories")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    # Where a ticket of it goes that has no team yet, and those of all below it that name none (first_team.py).
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="categories", verbose_name=_("team")
    )
    # What one ticket of it weighs in an agent's load.
    effort = models.PositiveSmallIntegerField(
        _("effort"), default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    is_active = models.BooleanField(default=True)
    objects = querysets.CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.trail

    @property
    def name(self) -> str:
        """Its own name, in the reader's language."""
        return in_language(self.names) or self.slug

    @property
    def trail(self) -> str:
        """All names from the top down, in the reader's language."""
        return in_language(self.trails) or self.slug

    @property
    def above(self) -> str:
        """The names of those above it."""
        return self.trail.removesuffix(self.name).removesuffix(BETWEEN)


def in_language(names: Mapping[str, str]) -> str:
    """The name in the reader's language, else English, else whatever there is."""
    language = (get_language() or "en")[:2]
    return names.get(language) or names.get("en") or next((name for name in names.values() if name), "")
