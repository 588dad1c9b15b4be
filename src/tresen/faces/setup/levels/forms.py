"""A level: its names, who works there, what its experts want to know, what happens when its time is over."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import LANGUAGES, Language, Team
from tresen.core.tickets.level_models import Level
from tresen.faces.setup.saving import MarkedForm
from tresen.service.levels.services import MOST_QUESTIONS

CODES = Language.values
EMPTY_ROWS = 3
MOST_TEXT = 120


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
        self.level = level
        for code, name in LANGUAGES:
            self.fields[f"name_{code}"].label = name
        field = self.fields["teams"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Team.objects.active().order_by("name")
        if level is None or level.number == 1:
            del self.fields["is_active"]

    @property
    def has_questions(self) -> bool:
        """To the first level nothing is handed up."""
        return self.level is None or self.level.number != 1

    def questions(self) -> list[dict[str, str]]:
        """The rows of questions that were typed, without empty ones."""
        if not self.is_bound:
            return list(self.level.questions) if self.level else []
        data: Any = self.data
        columns = [data.getlist(f"question_{code}")[: MOST_QUESTIONS + EMPTY_ROWS] for code in CODES]
        rows = [
            {code: " ".join(text.replace("\0", "").split())[:MOST_TEXT] for code, text in zip(CODES, row, strict=True)}
            for row in zip_longest(*columns, fillvalue="")
        ]
        return [row for row in rows if any(row.values())]

    def question_rows(self) -> list[list[tuple[str, str]]]:
        """What the table of questions shows: those there are and some empty ones."""
        rows, empty = self.questions(), dict.fromkeys(CODES, "")
        rows += [empty] * min(EMPTY_ROWS, max(0, MOST_QUESTIONS - len(rows)))
        return [[(code, row.get(code, "")) for code in CODES] for row in rows]

    def clean(self) -> dict[str, Any]:
        """Not too many questions."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.has_questions and len(self.questions()) > MOST_QUESTIONS:
            self.add_error(None, _("At most %(n)s questions.") % {"n": MOST_QUESTIONS})
        return cleaned

    def level_values(self) -> dict[str, Any]:
        """As the service takes them."""
        wanted: dict[str, Any] = self.values("teams", "name_en", "name_de", "name_pl")
        wanted["names"] = {code: self.cleaned_data[f"name_{code}"].strip() for code in CODES}
        return {**wanted, "questions": self.questions()} if self.has_questions else wanted


def typed(values: dict[str, Any]) -> dict[str, Any]:
    """The row's values as the form shows them."""
    return {**values, **{f"name_{code}": values["names"].get(code, "") for code in CODES}}
