"""The forms of views: what a view holds, for whom, and how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.field_models import CustomField
from tresen.faces.desk.lists.own_columns import order_name, own_sorts
from tresen.faces.desk.lists.table import View
from tresen.service.views.choices import (
    DEFAULT_COLUMNS,
    ICONS,
    MOST_OWN_COLUMNS,
    OWN,
    Audience,
    Column,
    Grouping,
    Sort,
    own_slug,
)
from tresen.service.views.models import SavedView
from tresen.service.views.permissions import may_share

_TEAM = "team-"


class LookForm(forms.Form):
    """How a view is sorted, grouped, and which columns it has, some of them fields of the desk's own."""

    sort = forms.ChoiceField(label=gettext_lazy("Order"), choices=Sort.choices)
    grouping = forms.ChoiceField(label=gettext_lazy("Headings"), choices=Grouping.choices, required=False)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"), choices=Column.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Priority and subject are always there. Type, category, tags, creation and fields of your own need a wide"
            " list."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, own: Sequence[CustomField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sort, columns = self.fields["sort"], self.fields["columns"]
        assert isinstance(sort, forms.ChoiceField)
        assert isinstance(columns, forms.MultipleChoiceField)
        orders = [(name, order_name(f, back=name[0] == "-")) for f in own for name in own_sorts(f)]
        sort.choices = [*Sort.choices, *orders]
        columns.choices = [*Column.choices, *((OWN + field.slug, field.name) for field in own)]

    def clean_columns(self) -> list[str]:
        """Not too many fields of the desk's own."""
        columns: list[str] = self.cleaned_data["columns"]
        if sum(bool(own_slug(name)) for name in columns) > MOST_OWN_COLUMNS:
            raise ValidationError(_("At most %(n)s fields of your own.") % {"n": MOST_OWN_COLUMNS})
        return columns


def own_choices(principal: Principal, columns: Iterable[str], sort: str) -> list[CustomField]:
    """The fields to choose from: those in use, and those that the view has."""
    kept = {own_slug(name) for name in (*columns, sort)}
    return [field for field in fields_for(principal) if field.is_active or field.slug in kept]


class ViewForm(LookForm):
    """A saved view. `audience` is one value: `private`, `team-7` or `all`, as far as this person may choose it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    query = forms.CharField(
        label=gettext_lazy("Search line"), max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("As in the search box, for example: status:open assignee:none. “me” is whoever looks."),
    )  # fmt: skip
    audience = forms.ChoiceField(label=gettext_lazy("For"))
    icon = forms.ChoiceField(label=gettext_lazy("Mark"), choices=ICONS)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("name", "query", "audience", "icon", "sort", "grouping", "columns")

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {f"{_TEAM}{team.pk}": team for team in Team.objects.visible_to(principal).active()}
        own = [(key, team.name) for key, team in self.teams.items() if may_share(principal, Audience.TEAM, team.pk)]
        choices: list[tuple[str, Any]] = [(Audience.PRIVATE.value, Audience.PRIVATE.label)]
        choices += [(key, _("Team %(name)s") % {"name": name}) for key, name in own]
        if may_share(principal, Audience.ALL, None):
            choices.append((Audience.ALL.value, Audience.ALL.label))
        audience = self.fields["audience"]
        assert isinstance(audience, forms.ChoiceField)
        audience.choices = choices

    def wanted(self) -> dict[str, Any]:
        """What the service is to set."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if (team := self.teams.get(data["audience"])) is not None:
            data["audience"] = Audience.TEAM.value
        return {**data, "team": team}


def initial_of(view: SavedView) -> dict[str, Any]:
    """What stands in the form of a saved view."""
    audience = f"{_TEAM}{view.team_id}" if view.team_id else view.audience
    return {
        "name": view.name, "query": view.query, "audience": audience, "icon": view.icon, "sort": view.sort,
        "grouping": view.grouping, "columns": view.columns or DEFAULT_COLUMNS, "version": view.version,
    }  # fmt: skip


def look_of(view: View) -> dict[str, Any]:
    """What stands in the form of a built-in view."""
    return {
        "sort": view.sort, "grouping": view.group.slug if view.group else Grouping.NONE.value, "columns": view.columns
    }  # fmt: skip
