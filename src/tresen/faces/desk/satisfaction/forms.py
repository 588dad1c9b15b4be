"""Of which time and what somebody wants to see figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.people.models import Agent, Brand, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.categories import keys_below
from tresen.core.tickets.form_fields import CategoryField
from tresen.core.tickets.level_models import Level
from tresen.core.tickets.models import Category
from tresen.service.surveys.results import Wanted
from tresen.service.surveys.scales import ScaleName

USUAL_DAYS = 90
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
ALL = gettext_lazy("all")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


class ResultsForm(forms.Form):
    """Chosen by GET, so that a page of results has an address."""

    first = _day(gettext_lazy("From"))
    last = _day(gettext_lazy("Until"))
    brand = forms.ModelChoiceField(Brand.objects.none(), label=gettext_lazy("Brand"), required=False, empty_label=ALL)
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"), required=False, empty_label=ALL)
    category = CategoryField()
    level = forms.ModelChoiceField(
        Level.objects.none(), label=pgettext_lazy("of the desk", "Level"), required=False, empty_label=ALL
    )
    agent = forms.ModelChoiceField(Agent.objects.none(), label=gettext_lazy("Agent"), required=False, empty_label=ALL)
    scale = forms.ChoiceField(label=gettext_lazy("What was asked"), required=False, choices=ScaleName.choices)

    def __init__(self, data: Any, *, principal: Principal) -> None:
        today = timezone.localdate()
        usual = {"first": str(today - timedelta(days=USUAL_DAYS)), "last": str(today)}
        super().__init__({**usual, **{name: value for name, value in data.items() if value}})
        every = principal.may("see_all")
        teams = Team.objects.visible_to(principal)
        teams = teams if every else teams.filter(pk__in=principal.teams_with("lead"))
        agents = Agent.objects.visible_to(principal)
        if not principal.may("set_people"):
            agents = agents.filter(teams__in=principal.teams_with("lead")).distinct()
        offered: dict[str, Any] = {
            "brand": Brand.objects.visible_to(principal).order_by("name"), "team": teams.order_by("name"),
            "level": Level.objects.visible_to(principal), "agent": agents.order_by("user__name"),
        }  # fmt: skip
        for name, rows in offered.items():
            cast(forms.ModelChoiceField, self.fields[name]).queryset = rows
        self.categories = Category.objects.visible_to(principal)
        category = cast(CategoryField, self.fields["category"])
        category.offer(self.categories)
        category.choices = [("", ALL), *list(cast(Any, category.choices))[1:]]
        if not agents.exists():
            del self.fields["agent"]

    def clean(self) -> dict[str, Any]:
        """The time runs forward."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", ValidationError(_("That is before the first day.")))
        return data

    def wanted(self) -> Wanted:
        """As the service takes it; the usual time where something is wrong."""
        data = self.cleaned_data
        today = timezone.localdate()
        sound = self.is_valid()
        key = {name: data[name].pk if data.get(name) else None for name in ("brand", "team", "agent")}
        level, category = data.get("level"), data.get("category")
        below = keys_below(dict(self.categories.values_list("pk", "parent"))) if category else {}
        return Wanted(
            first=data["first"] if sound else today - timedelta(days=USUAL_DAYS), last=data["last"] if sound else today,
            scale=data.get("scale") or "", level=level.number if level else None,
            categories=below[category.pk] if category else frozenset(), **key,
        )  # fmt: skip
