"""Teams: what they are called and who belongs to them."""

from __future__ import annotations

import json
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Agent, ClosedAnswers, Role, Team
from tresen.core.people.teams import MOST_DAYS
from tresen.faces.setup.roles.choices import roles_there

ROLE_OF = "role_of_"
MOST_SHOWN = 100_000
COMPARED = ("name", "description", "is_active", "closed_answers", "closed_days")


class TeamForm(forms.Form):
    """Name, purpose, members. `was` keeps what the page showed, so that nobody is overwritten in silence. `but`: the
    agent who looks at it, whose role is not his to change."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(
        label=gettext_lazy("What it does"), max_length=200, required=False,
        help_text=gettext_lazy("One line, so that colleagues know what to hand over to whom."),
    )  # fmt: skip
    agents = forms.ModelMultipleChoiceField(
        Agent.objects.none(), label=gettext_lazy("Members"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Members see the tickets of the team and can be given them."),
    )  # fmt: skip
    closed_answers = forms.ChoiceField(
        label=gettext_lazy("A customer’s answer to a closed ticket"), choices=ClosedAnswers.choices,
        initial=ClosedAnswers.LIMIT, required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    closed_days = forms.IntegerField(
        label=gettext_lazy("Days after closing"), min_value=1, max_value=MOST_DAYS, initial=14, required=False,
        help_text=gettext_lazy("For the choice with a limit."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("A team that is not in use keeps its tickets but gets no new ones."),
    )  # fmt: skip
    was = forms.CharField(required=False, max_length=MOST_SHOWN, widget=forms.HiddenInput)

    def __init__(self, *args: Any, team: Team | None = None, but: int | None = None, **kwargs: Any) -> None:
        if team is not None:
            shown = {field: getattr(team, field) for field in COMPARED}
            members = {str(row.agent_id): row.role_id or "" for row in team.memberships.order_by("agent")}
            was = json.dumps({**shown, "members": members})
            kwargs.setdefault("initial", {**shown, "agents": team.agents.all(), "was": was})
        super().__init__(*args, **kwargs)
        self.team = team or Team()
        field = self.fields["agents"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Agent.objects.active().select_related("user").order_by("user__name")
        roles = list(Role.objects.order_by("pk")) if team else []
        for row in team.memberships.select_related("agent__user") if team else ():
            if row.agent.role_id != Role.ADMIN and row.agent_id != but:
                label = _("Role of %(name)s here") % {"name": row.agent.user.name}
                self.fields[f"{ROLE_OF}{row.agent_id}"] = forms.ChoiceField(
                    label=label, choices=roles_there(roles), required=False, initial=row.role_id or ""
                )
        if team is None:
            del self.fields["is_active"]

    def roles(self) -> dict[int, str]:
        """Who is to have another role here than the page showed, by keys."""
        shown, typed = self._shown_members() or {}, dict[int, str]()
        for name, value in self.cleaned_data.items():
            key = name.removeprefix(ROLE_OF)
            if name in self.data and name != key and shown.get(key) != value:
                typed[int(key)] = value
        return typed

    def shown_members(self) -> list[int] | None:
        """The keys of those who were in the team when the page was opened; None where the page does not say it."""
        members = self._shown_members()
        return None if members is None else [int(key) for key in members if key.isdigit()]

    def clean(self) -> dict[str, Any]:
        """What is not said of answers to closed tickets stays as it is."""
        cleaned: dict[str, Any] = super().clean() or {}
        for field in ("closed_answers", "closed_days"):
            cleaned[field] = cleaned.get(field) or getattr(self.team, field)
        return cleaned

    def expected(self) -> dict[str, Any]:
        """What the page showed of the team."""
        return {field: value for field, value in self._shown().items() if field in COMPARED}

    def _shown_members(self) -> dict[str, str] | None:
        members = self._shown().get("members")
        return members if isinstance(members, dict) else None

    def _shown(self) -> dict[str, Any]:
        try:
            told = json.loads(self.cleaned_data.get("was") or "{}")
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def show_conflict(self, now: Team) -> None:
        """Says what the team is now; what was typed stays, and saving once more means it."""
        for field in COMPARED:
            if getattr(now, field) != self.cleaned_data.get(field):
                value = getattr(now, field)
                value = dict(ClosedAnswers.choices).get(value, value) if field == "closed_answers" else value
                told = _("Somebody else has set this to “%(value)s” meanwhile.")
                self.add_error(field, told % {"value": {True: _("on"), False: _("off")}.get(value, value)})
        self.add_error(None, _("Somebody else has saved this page while you were on it. Your entries are still here."
                               " Compare, then save again to let yours count."))  # fmt: skip
        data = cast(QueryDict, self.data).copy()
        data["was"] = json.dumps(self._shown() | {field: getattr(now, field) for field in COMPARED})
        self.data = data
