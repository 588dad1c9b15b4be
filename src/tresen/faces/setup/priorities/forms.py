"""A brand's table of priorities, and organisations whose people are VIPs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Organisation
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import Impact, Priority, Urgency
from tresen.core.tickets.priorities import PriorityTable, VipRule
from tresen.faces.setup.saving import MarkedForm


def cell_name(impact: int, urgency: int) -> str:
    """The field of a cell."""
    return f"cell_{impact}_{urgency}"


class TableForm(MarkedForm):
    """A priority for each impact and urgency, and what a VIP makes of it."""

    vip = forms.ChoiceField(
        label=gettext_lazy("If a VIP asks, the priority is"), choices=VipRule.choices,
        help_text=gettext_lazy("Whether it did so stands in the ticket’s menu of priorities."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for impact in Impact:
            for urgency in Urgency:
                name = f"{impact.label}, {urgency.label}"
                self.fields[cell_name(impact, urgency)] = forms.TypedChoiceField(
                    label=name, choices=Priority.choices, coerce=int,
                    widget=forms.Select(attrs={"aria-label": name, "class": "select"}),
                )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Any, list[tuple[Any, Any]]]]:
        """An impact, and its fields each with its urgency."""
        return [(i.label, [(self[cell_name(i, u)], u.label) for u in Urgency]) for i in Impact]

    def table(self) -> PriorityTable:
        """What was chosen."""
        data = self.cleaned_data
        cells = tuple(tuple(data[cell_name(impact, urgency)] for urgency in Urgency) for impact in Impact)
        return PriorityTable(cells, data["vip"])


def in_form(table: PriorityTable) -> dict[str, Any]:
    """A table as the form's fields say it."""
    cells = {cell_name(i, u): table.of(i, u).value for i in Impact for u in Urgency}
    return {**cells, "vip": str(table.vip)}


class VipForm(forms.Form):
    """An organisation, by its name."""

    organisation = forms.CharField(
        label=gettext_lazy("Organisation"), max_length=160,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.principal = principal

    def clean_organisation(self) -> Organisation:
        """The organisation of that name."""
        name = " ".join(self.cleaned_data["organisation"].split())
        found = Organisation.objects.visible_to(self.principal).filter(name__iexact=name).order_by("pk").first()
        if found is None:
            raise ValidationError(_("There is no organisation of this name."))
        return found
