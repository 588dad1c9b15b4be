"""How a team's tickets find somebody, and what an agent can take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tresen.core.people.models import LANGUAGES
from tresen.core.tickets.choices import Channel
from tresen.core.tickets.form_fields import category_choices
from tresen.core.tickets.models import Category
from tresen.service.routing.models import AgentRouting, Method

CAPPED = (Channel.PHONE, Channel.CHAT, Channel.MAIL)


def _switch(label: Any, hint: Any) -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}), help_text=hint
    )


class TeamRoutingForm(forms.Form):
    """A team's way."""

    method = forms.ChoiceField(
        label=gettext_lazy("Tickets are given"), choices=Method.choices, widget=forms.RadioSelect
    )
    is_sticky = _switch(
        gettext_lazy("The same person as last time"),
        gettext_lazy("Who had the requester’s last ticket gets this one, too, if he is here and has room."),
    )
    by_skill = _switch(
        gettext_lazy("Only who knows the category"),
        gettext_lazy("Where somebody in the team knows it; a category that nobody knows goes to anybody."),
    )
    by_language = _switch(
        gettext_lazy("Only who speaks the language"),
        gettext_lazy("Where somebody in the team speaks it; a language that nobody speaks goes to anybody."),
    )


class AgentRoutingForm(forms.Form):
    """What an agent can take."""

    cap = forms.IntegerField(
        label=gettext_lazy("Open tickets at most"), required=False, min_value=1, max_value=999,
        help_text=gettext_lazy("Those whose turn is ours. Empty: no limit. By hand one can always be given more."),
    )  # fmt: skip
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Knows"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A category stands for all below it."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Speaks"), required=False, choices=LANGUAGES, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Beside the language of the own account."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for channel in CAPPED:
            self.fields[f"cap_{channel}"] = forms.IntegerField(
                label=channel.label, required=False, min_value=1, max_value=999
            )
        skills = self.fields["skills"]
        assert isinstance(skills, forms.MultipleChoiceField)
        skills.choices = category_choices(Category.objects.active())

    @property
    def channel_fields(self) -> list[Any]:
        """The limits by channel."""
        return [self[f"cap_{channel}"] for channel in CAPPED]

    def wanted(self) -> dict[str, Any]:
        """As the service takes it."""
        data = self.cleaned_data
        caps = {str(channel): data[f"cap_{channel}"] for channel in CAPPED if data[f"cap_{channel}"]}
        skills = list(Category.objects.filter(pk__in=data["skills"]))
        return {"cap": data["cap"], "channel_caps": caps, "skills": skills, "languages": data["languages"]}


def initial_of(row: AgentRouting | None) -> dict[str, Any]:
    """What stands in the form of an agent."""
    if row is None:
        return {}
    caps = {f"cap_{channel}": row.channel_caps.get(channel) for channel in CAPPED}
    return {"cap": row.cap, "skills": [c.pk for c in row.skills.all()], "languages": row.languages, **caps}
