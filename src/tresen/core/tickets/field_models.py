"""Custom fields: what a desk wants to know of its tickets besides what every desk does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.core.tickets import querysets
from tresen.core.tickets.category_models import in_language


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text, one line")
    LONG_TEXT = "long_text", _("Text, several lines")
    NUMBER = "number", pgettext_lazy("kind of field", "Number")
    YES_NO = "yes_no", _("Yes or no")
    DATE = "date", pgettext_lazy("kind of field", "Date")
    DATE_TIME = "date_time", _("Date and time")
    CHOICE = "choice", _("One of several")
    CHOICES = "choices", _("Several of several")
    URL = "url", _("Web address")


class Required(models.TextChoices):
    """When a field must be filled in."""

    NEVER = "never", _("never")
    TO_SOLVE = "to_solve", _("before a ticket is solved")
    ALWAYS = "always", _("when a ticket is made, and before it is solved")


@dataclass(frozen=True)
class Outline:
    """What of a ticket decides which fields are asked for, while it is not made yet."""

    type: str
    team_id: int | None
    brand_id: int | None


class CustomField(models.Model):
    """A field of the desk's own. It is never deleted: one that is not in use stays readable on its tickets."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    names = models.JSONField(default=dict)
    helps = models.JSONField(default=dict, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=FieldKind.choices)
    # [{"slug", "names", "is_active"}], in their order; one that was chosen once is never taken out.
    choices = models.JSONField(default=list, blank=True)
    # For which tickets: their type, the keys of their teams and brands; empty: for all.
    types = models.JSONField(default=list, blank=True)
    teams = models.JSONField(default=list, blank=True)
    brands = models.JSONField(default=list, blank=True)
    required = models.CharField(max_length=8, choices=Required.choices, default=Required.NEVER)
    # What stands in it to begin with, as it is kept on a ticket; None: nothing.
    default = models.JSONField(null=True, blank=True)
    # Colleagues find tickets by the words in it (field_values.words_in).
    is_searched = models.BooleanField(default=False)
    # Customers are asked for it in the portal, and see it beside their request.
    for_customers = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(default=True)
    objects = querysets.CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_language(self.names) or self.slug

    @property
    def help(self) -> str:
        """What to write, in the reader's language."""
        return in_language(self.helps)

    def fits(self, ticket: Any) -> bool:
        """Whether it is asked for on that ticket."""
        return bool(
            self.is_active
            and (not self.types or ticket.type in self.types)
            and (not self.teams or ticket.team_id in self.teams)
            and (not self.brands or ticket.brand_id in self.brands)
        )

    def choice_name(self, slug: str) -> str:
        """What a choice is called."""
        return next((in_language(c["names"]) or c["slug"] for c in self.choices if c["slug"] == slug), slug)


class FieldValue(models.Model):
    """A value of a custom field as it is looked for: by word, number or time, whichever its kind has; several choices
    are several rows. What is shown is in `Ticket.fields`; the services keep both together."""

    ticket = models.ForeignKey("Ticket", on_delete=models.CASCADE, related_name="field_values")
    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="values")
    word = models.CharField(max_length=200, null=True)
    number = models.FloatField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["field", "word", "ticket"], name="field_words", condition=Q(word__isnull=False)),
            models.Index(fields=["field", "number", "ticket"], name="field_numbers", condition=Q(number__isnull=False)),
            models.Index(fields=["field", "at", "ticket"], name="field_times", condition=Q(at__isnull=False)),
        ]
