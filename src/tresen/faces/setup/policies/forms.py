"""Policies: for whom, what is promised by when, and when clocks rest."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.calendars.models import Calendar
from tresen.core.catalog.models import Service
from tresen.core.people.models import Brand, Organisation
from tresen.core.tickets.choices import Ball, Priority, TicketType
from tresen.faces.setup.saving import MarkedForm
from tresen.service.sla.metrics import targets
from tresen.service.sla.services import MOST_MINUTES

_PARTS = re.compile(r"(?:(\d{1,5})\s*(?:h|std\.?|godz\.?|:))?\s*(?:(\d{1,6})\s*(?:m|min\.?)?)?", re.IGNORECASE)
BOXES = forms.CheckboxSelectMultiple


class MinutesField(forms.CharField):
    """A span of open time as people write it: `30 min`, `4 h`, `1:30`, `90`."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "minutes", "autocomplete": "off"}
        super().__init__(required=False, max_length=20, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> int | None:
        """Minutes; None for nothing. Raises ValidationError in words."""
        typed = str(super().clean(value)).strip()
        if not typed:
            return None
        match = _PARTS.fullmatch(typed)
        minutes = int(match[1] or 0) * 60 + int(match[2] or 0) if match else 0
        if not 0 < minutes <= MOST_MINUTES:
            raise ValidationError(_("“%(text)s” is not a time. Write it like 30 min, 4 h or 1:30.") % {"text": typed})
        return minutes


def show_minutes(minutes: int | None) -> str:
    """As it is typed: `4 h 30 min`."""
    hours, rest = divmod(minutes or 0, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


class PolicyForm(MarkedForm):
    """Everything of a policy. Targets are fields `t-METRIC-PRIORITY`."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    calendar = forms.ModelChoiceField(
        Calendar.objects.none(), label=gettext_lazy("Calendar"), empty_label=None,
        help_text=gettext_lazy("Only its open time counts."),
    )  # fmt: skip
    organisations = forms.CharField(
        label=gettext_lazy("Organisations"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line, by name. Nobody named means everybody."),
    )  # fmt: skip
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(), label=gettext_lazy("Brands"), required=False, widget=BOXES
    )
    priorities = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Priorities"), required=False, choices=Priority.choices, coerce=int, widget=BOXES
    )
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Types"), required=False, choices=TicketType.choices, widget=BOXES
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(), label=gettext_lazy("Services of the catalogue"), required=False, widget=BOXES,
        help_text=gettext_lazy("Only for requests of these; none chosen: for all tickets."),
    )  # fmt: skip
    pauses_for = forms.MultipleChoiceField(
        label=gettext_lazy("Clocks rest while it is"), required=False, widget=BOXES,
        choices=[(ball.value, ball.label) for ball in (Ball.CUSTOMER, Ball.THIRD_PARTY, Ball.DATE)],
    )  # fmt: skip
    warn_percent = forms.IntegerField(
        label=gettext_lazy("Warn after … % of the time"), min_value=1, max_value=99, initial=75,
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("Switched on"), required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("Try it on the last 90 days before. Open tickets get their clocks at once."),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: tuple[tuple[str, Any], ...] = (
            ("calendar", Calendar.objects.filter(is_active=True)), ("brands", Brand.objects.all()),
            ("services", Service.objects.filter(is_active=True)),
        )  # fmt: skip
        for name, rows in offered:
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows.visible_to(principal)
        self.organisations_there = Organisation.objects.visible_to(principal)
        self.targets = targets()
        for target, shown in self.targets:
            for priority in Priority:
                label = f"{shown}: {priority.label}"
                self.fields[f"t-{target}-{priority.value}"] = MinutesField(label=label)

    @property
    def target_rows(self) -> list[tuple[Any, list[BoundField]]]:
        """The table of targets: a row for each, the most urgent priority first."""
        urgent_first = sorted(Priority.values, reverse=True)
        return [(shown, [self[f"t-{target}-{p}"] for p in urgent_first]) for target, shown in self.targets]

    def clean_organisations(self) -> list[int]:
        """The keys of those that are named. Raises ValidationError with the names nobody has."""
        wanted = {line.strip().casefold(): line.strip() for line in self.cleaned_data["organisations"].splitlines()}
        wanted.pop("", None)
        there = (
            {name.casefold(): key for key, name in self.organisations_there.values_list("pk", "name")} if wanted else {}
        )
        if unknown := [shown for folded, shown in wanted.items() if folded not in there]:
            raise ValidationError(_("There is no organisation called %(names)s.") % {"names": ", ".join(unknown)})
        return sorted(there[folded] for folded in wanted)

    def policy_values(self) -> dict[str, Any]:
        """All values for the service."""
        data = self.cleaned_data
        wanted: dict[str, dict[str, int]] = {}
        for target, _shown in self.targets:
            by = {str(p): n for p in Priority.values if (n := data[f"t-{target}-{p}"])}
            if by:
                wanted[target] = by
        conditions = {
            "organisations": data["organisations"], "brands": sorted(brand.pk for brand in data["brands"]),
            "priorities": sorted(data["priorities"]), "types": sorted(data["types"]),
            "services": sorted(service.pk for service in data["services"]),
        }  # fmt: skip
        return {
            **{name: data[name] for name in ("name", "calendar", "warn_percent", "is_active")},
            "pauses_for": sorted(data["pauses_for"]), "targets": wanted,
            "conditions": {name: named for name, named in conditions.items() if named},
        }  # fmt: skip


def typed(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a policy as the form shows them."""
    conditions, promised = values["conditions"], values["targets"]
    names = Organisation.objects.filter(pk__in=conditions.get("organisations", [])).values_list("name", flat=True)
    return {
        **{name: values[name] for name in ("name", "calendar", "warn_percent", "is_active", "pauses_for")},
        **{name: conditions.get(name, []) for name in ("brands", "priorities", "types", "services")},
        "organisations": "\n".join(sorted(names)),
        **{f"t-{metric}-{p}": show_minutes(n) for metric, by in promised.items() for p, n in by.items()},
    }  # fmt: skip
