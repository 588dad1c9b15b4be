"""A rule as it is typed: when, for which tickets, what it does. The actions ask by their own inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Brand, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.automation import Action, Input
from tresen.core.tickets.staged import number_in
from tresen.faces.setup.saving import MarkedForm
from tresen.service.rules.actions import MOST_ACTIONS, WrongActions, clean_actions, known_actions
from tresen.service.rules.services import MOST_MINUTES, NoMe, check_condition
from tresen.service.rules.triggers import MOMENTS, TRIGGERS
from tresen.service.search.query import QueryError

EVENTS, TIME = "events", "time"
UNITS = {"d": 1440, "h": 60, "m": 1}


class RuleForm(MarkedForm):
    """Everything of a rule but its actions."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    when = forms.ChoiceField(
        label=gettext_lazy("It looks"), initial=EVENTS, widget=forms.RadioSelect,
        choices=[(EVENTS, gettext_lazy("when something happens")), (TIME, gettext_lazy("after a time"))],
    )  # fmt: skip
    triggers = forms.MultipleChoiceField(
        label=gettext_lazy("What happens"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(one.slug, one.label) for one in TRIGGERS.values()],
    )  # fmt: skip
    amount = forms.IntegerField(label=gettext_lazy("How long"), required=False, min_value=1, max_value=MOST_MINUTES)
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), required=False, initial="h",
        choices=[("m", gettext_lazy("minutes")), ("h", gettext_lazy("hours")), ("d", gettext_lazy("days"))],
    )  # fmt: skip
    since = forms.ChoiceField(
        label=gettext_lazy("Counted"), required=False, choices=[(one.slug, one.label) for one in MOMENTS.values()],
    )  # fmt: skip
    condition = forms.CharField(label=gettext_lazy("Condition"), required=False, max_length=500)
    brand = forms.ModelChoiceField(
        Brand.objects.none(), label=gettext_lazy("Brand"), required=False, empty_label=gettext_lazy("any")
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("any")
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("Switched on"), required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("Try it in the laboratory before."),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.principal = principal
        for name, rows in (("brand", Brand.objects.order_by("name")), ("team", Team.objects.order_by("name"))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows.visible_to(principal)

    @property
    def happenings(self) -> list[BoundWidget]:
        """What can happen, but for promises."""
        return [one for one in self["triggers"] if not TRIGGERS[one.data["value"]].is_promise]

    @property
    def promises(self) -> list[BoundWidget]:
        """Promised times: any of ours, or the one that is named."""
        return [one for one in self["triggers"] if TRIGGERS[one.data["value"]].is_promise]

    def clean_condition(self) -> str:
        """A line that can be asked. Raises ValidationError in words."""
        line = str(self.cleaned_data["condition"])
        try:
            check_condition(line)
        except QueryError as fault:
            raise forms.ValidationError(str(fault)) from fault
        except NoMe as fault:
            raise forms.ValidationError(_("A rule is nobody: write a name instead of “me” or “mine”.")) from fault
        return line

    def clean(self) -> dict[str, Any]:
        """It has something to look at."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("when") == TIME:
            minutes = (cleaned.get("amount") or 0) * UNITS[cleaned.get("unit") or "m"]
            if "amount" not in self.errors and not 0 < minutes <= MOST_MINUTES:
                self.add_error("amount", _("Say how long, up to a year."))
            cleaned["minutes"] = minutes
            if not cleaned.get("since"):
                self.add_error("since", _("Choose at least one."))
        elif not cleaned.get("triggers"):
            self.add_error("triggers", _("Choose at least one."))
        return cleaned

    def rule_values(self) -> dict[str, Any]:
        """All of it for the service."""
        data = self.cleaned_data
        by_time = data["when"] == TIME
        found = {name: data[name] for name in ("name", "condition", "brand", "team", "is_active")}
        return found | {
            "triggers": [] if by_time else data["triggers"], "since": data["since"] if by_time else "",
            "minutes": data["minutes"] if by_time else None,
        }  # fmt: skip


def in_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's values as the form's fields say them."""
    found = {name: values[name] for name in ("name", "triggers", "since", "condition", "brand", "team", "is_active")}
    minutes = values["minutes"]
    found["when"] = TIME if values["since"] else EVENTS
    if minutes:
        unit = next(unit for unit, length in UNITS.items() if minutes % length == 0)
        found |= {"unit": unit, "amount": minutes // UNITS[unit]}
    return found


def as_typed(data: QueryDict) -> dict[str, Any]:
    """What stands in a form that is not saved yet, to be drawn once more."""
    found: dict[str, Any] = {name: data.get(name, "") for name in RuleForm.base_fields}
    return found | {"triggers": data.getlist("triggers"), "is_active": "is_active" in data}


class ActionForm(forms.Form):
    """One action: its inputs, with what was typed or kept."""

    def __init__(self, action: Action, at: int, values: Mapping[str, Any], principal: Principal) -> None:
        initial = {name: ", ".join(v) if isinstance(v, list) else v for name, v in values.items()}
        super().__init__(initial=initial, prefix=f"a-{at}")
        self.action, self.at, self.wrong = action, at, ""
        for one in action.inputs:
            self.fields[one.name] = _field(one, principal, str(initial.get(one.name, "")))

    @property
    def rows(self) -> list[tuple[Any, bool]]:
        """The fields, each with whether it is wrong."""
        return [(self[one.name], self.wrong == one.name) for one in self.action.inputs]


def _field(one: Input, principal: Principal, value: str) -> forms.Field:
    if one.kind == "choice" and one.choices is not None:
        choices = [(str(key), label) for key, label in one.choices(principal)]
        if value and value not in dict(choices):
            choices.append((value, _("gone")))
        first = [] if value else [("", _("choose …"))]
        return forms.ChoiceField(label=one.label, choices=first + choices, help_text=one.hint)
    attrs: dict[str, Any] = {"autocomplete": "off"}
    widget: forms.Widget = forms.TextInput(attrs=attrs)
    if one.kind == "long":
        widget = forms.Textarea(attrs={"rows": 4})
    elif one.kind == "number":
        widget = forms.TextInput(attrs={**attrs, "inputmode": "numeric"})
    elif one.kind == "tags":
        widget = forms.TextInput(attrs={**attrs, "list": "tags"})
    return forms.CharField(label=one.label, max_length=one.most, help_text=one.hint, widget=widget)


class ActionList:
    """The actions of a rule while they are put together."""

    def __init__(self, kept: Sequence[Mapping[str, Any]], principal: Principal) -> None:
        self.kept, self.principal = [dict(one) for one in kept], principal
        self.wrong = ""
        self._wrong_at: tuple[int, str] | None = None

    @classmethod
    def typed(cls, data: QueryDict, principal: Principal) -> ActionList:
        """As they stand in a form, in its order."""
        known, found = known_actions(), []
        for at in range(min(number_in(data.get("actions", "")) or 0, MOST_ACTIONS)):
            action = known.get(data.get(f"a-{at}-do", ""))
            if action is not None:
                values = {one.name: data.get(f"a-{at}-{one.name}", "") for one in action.inputs}
                found.append({"do": action.kind, **values})
        return cls(found, principal)

    def arrange(self, data: QueryDict) -> bool:
        """Adds, removes or moves one as a button said; whether one did."""
        for verb in ("remove", "up", "down"):
            at = number_in(data.get(verb, ""))
            if at is not None and at < len(self.kept):
                row = self.kept.pop(at)
                if verb != "remove":
                    self.kept.insert(max(0, at + (-1 if verb == "up" else 1)), row)
                return True
        if "add" in data and data.get("new") in known_actions() and len(self.kept) < MOST_ACTIONS:
            self.kept.append({"do": data["new"]})
            return True
        return "add" in data

    def clean(self) -> list[dict[str, Any]] | None:
        """As they are kept; None when something is wrong, and `rows` say what."""
        try:
            return clean_actions(self.kept)
        except WrongActions as fault:
            self._wrong_at = (fault.at, fault.field)
            if not self.kept:
                self.wrong = _("Add what the rule is to do.")
        return None

    @property
    def rows(self) -> list[ActionForm]:
        """Each to be drawn."""
        known, found = known_actions(), []
        for at, values in enumerate(self.kept):
            if values["do"] not in known:
                continue
            row = ActionForm(known[values["do"]], at, values, self.principal)
            if self._wrong_at and self._wrong_at[0] == at:
                row.wrong = self._wrong_at[1]
            found.append(row)
        return found

    @property
    def offered(self) -> list[tuple[str, Any]]:
        """What can be added."""
        return [(action.kind, action.label) for action in known_actions().values()]
