"""What is to be changed on many tickets. A field that is left alone stays as it is on each of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.core.attendance.standing import named_with_standing
from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.choices import Priority, TicketType
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.field_forms import WantedFields
from tresen.core.tickets.form_fields import category_choices
from tresen.core.tickets.models import Status, Tag
from tresen.core.tickets.tagging import tags_named
from tresen.faces.desk.ticket.fields import show_value
from tresen.service.bulk.wishes import Wish

NOBODY = "none"
LEAVE = ("", _("Leave as it is"))


class BulkForm(forms.Form):
    """The wish. `told()` says it in words."""

    status = forms.ChoiceField(label=_("Status"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    type = forms.ChoiceField(label=pgettext_lazy("kind of ticket", "Type"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    assignee = forms.ChoiceField(label=_("Assignee"), required=False)
    add_tags = forms.CharField(
        label=_("Add tags"), required=False, max_length=400, help_text=_("Several with commas; new ones are made."),
        widget=forms.TextInput(attrs={"list": "bulk-tags", "autocomplete": "off"}),
    )  # fmt: skip
    remove_tags = forms.CharField(
        label=_("Remove tags"), required=False, max_length=400, help_text=_("Several with commas."),
        widget=forms.TextInput(attrs={"list": "bulk-tags", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.principal = principal
        self.statuses = {status.slug: status for status in Status.objects.visible_to(principal).active()}
        teams = Team.objects.visible_to(principal).active().order_by("name")
        self.teams: dict[str, Team | None] = {NOBODY: None, **{str(team.pk): team for team in teams}}
        agents = Agent.objects.visible_to(principal).active().order_by("user__name")
        me = principal.agent
        self.agents: dict[str, Agent | None] = {NOBODY: None}
        self.agents |= {str(a.pk): a for a in sorted(agents, key=lambda a: a != me)}
        self._choose("status", [(slug, status.name) for slug, status in self.statuses.items()])
        self._choose("priority", [(str(value), label) for value, label in Priority.choices[::-1]])
        self._choose("type", TicketType.choices)
        categories = Category.objects.visible_to(principal).active()
        self.categories: dict[str, Category | None] = {NOBODY: None, **{str(c.pk): c for c in categories}}
        self._choose("category", [(NOBODY, _("No category")), *category_choices(categories)])
        self._choose("team", [(key, team.name if team else _("No team")) for key, team in self.teams.items()])
        named = named_with_standing(agent for agent in self.agents.values() if agent)
        self._choose("assignee", [(NOBODY, _("Nobody")), *((str(agent.pk), name) for agent, name in named)])
        self.own = WantedFields(self, fields_for(principal).active(), leave=LEAVE[1])

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """Those that every desk has."""
        return [self[name] for name in self.base_fields]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [LEAVE, *choices]

    def clean(self) -> dict[str, Any]:
        """Something has to be wanted."""
        data = super().clean() or {}
        plain = self.base_fields
        wanted = [_names(data.get(name, "")) if name.endswith("_tags") else data.get(name) for name in plain]
        self.own.clean()
        if not self.errors and not any(wanted) and not self.own.wanted:
            raise forms.ValidationError(_("Choose at least one field to change."))
        return data

    def wish(self, *, make_tags: bool) -> Wish:
        """What is wanted; new tags are made only when it is meant."""
        data = self.cleaned_data
        fields: dict[str, Any] = {}
        if data["status"]:
            fields["status"] = self.statuses[data["status"]]
        if data["priority"]:
            fields["priority"] = int(data["priority"])
        if data["type"]:
            fields["type"] = data["type"]
        if data["category"]:
            fields["category"] = self.categories[data["category"]]
        if data["team"]:
            fields["team"] = self.teams[data["team"]]
        if data["assignee"]:
            fields["assignee"] = self.agents[data["assignee"]]
        if self.own.wanted:
            fields["fields"] = self.own.wanted
        added, removed = _names(data["add_tags"]), _names(data["remove_tags"])
        known = {tag.name.casefold(): tag for tag in Tag.objects.visible_to(self.principal)} if added + removed else {}
        if make_tags:
            tags = tuple(tags_named(added, by=self.principal.actor))
        else:
            tags = tuple(known[name.casefold()] for name in added if name.casefold() in known)
        gone = tuple(known[name.casefold()] for name in removed if name.casefold() in known)
        return Wish(fields, tags, gone, has_new_tags=not make_tags and len(tags) < len(added))

    def told(self) -> list[tuple[str, str]]:
        """What is wanted, in words: the field and its new value."""
        data, said = self.cleaned_data, []
        values: dict[str, Any] = {
            "status": self.statuses.get(data["status"]), "team": self.teams.get(data["team"]),
            "assignee": self.agents.get(data["assignee"]), "priority": data["priority"] and int(data["priority"]),
            "type": data["type"], "category": self.categories.get(data["category"]),
        }  # fmt: skip
        for name in self.base_fields:
            if data.get(name):
                shown = show_value(name, values[name]) if name in values else data[name]
                said.append((str(self.fields[name].label), shown))
        return [*said, *self.own.told()]


def _names(typed: str) -> list[str]:
    shown = (" ".join(name.split())[:40] for name in typed.replace("\0", "").split(",")[:20])
    return list({name.casefold(): name for name in shown if name}.values())
