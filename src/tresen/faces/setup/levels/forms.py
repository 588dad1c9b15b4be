"""A level: its names, who works there, what its experts want to know, what happens when its time is over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import LANGUAGES, Team
from tresen.core.tickets.level_models import Level
from tresen.faces.setup.saving import MarkedForm
from tresen.service.levels.services import MOST_QUESTIONS


class LevelForm(MarkedForm):
    """One level; the first keeps the teams that no other has."""

    name_en = forms.CharField(max_length=40)
    name_de = forms.CharField(max_length=40, required=False)
    name_pl = forms.CharField(max_length=40, required=False)
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=gettext_lazy("Teams"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "A team works on one level. A ticket that comes to it stands on that level. Without a team the ticket"
            " stays with the team that has it."
        ),
    )  # fmt: skip
    questions = forms.CharField(
        label=gettext_lazy("What its experts want to know"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One question a line. They are asked when a ticket is handed up to this level."),
    )  # fmt: skip
    tells_leads = forms.BooleanField(
        label=gettext_lazy("Tell the leads before time is over"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("When the target of this level warns, the leads of the team that has the ticket hear."),
    )  # fmt: skip
    climbs = forms.BooleanField(
        label=gettext_lazy("Goes up by itself when time is over"), required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("When the target of this level has run out, the ticket goes to the level above."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy(
            "A level can be put to rest when no team works there, no rota is in use for it and no open ticket is on it."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, level: Level | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES:
            self.fields[f"name_{code}"].label = name
        field = self.fields["teams"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Team.objects.active().order_by("name")
        if level is None:
            del self.fields["is_active"]
        elif level.number == 1:
            del self.fields["is_active"], self.fields["questions"]

    def clean_questions(self) -> list[str]:
        """One a line."""
        lines = [" ".join(line.split())[:120] for line in self.cleaned_data["questions"].splitlines()]
        found = [line for line in lines if line]
        if len(found) > MOST_QUESTIONS:
            raise forms.ValidationError(_("At most %(n)s questions.") % {"n": MOST_QUESTIONS})
        return found

    def level_values(self) -> dict[str, Any]:
        """As the service takes them."""
        wanted: dict[str, Any] = self.values("teams", "name_en", "name_de", "name_pl")
        wanted["names"] = {code: self.cleaned_data[f"name_{code}"].strip() for code, _label in LANGUAGES}
        return wanted


def typed(values: dict[str, Any]) -> dict[str, Any]:
    """The row's values as the form shows them."""
    names = {f"name_{code}": values["names"].get(code, "") for code, _label in LANGUAGES}
    return {**values, **names, "questions": "\n".join(values["questions"])}
