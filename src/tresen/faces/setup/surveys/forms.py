"""What is asked after a ticket was solved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import LANGUAGES
from tresen.core.people.principals import SYSTEM
from tresen.faces.setup.saving import MarkedForm
from tresen.service.search.query import QueryError
from tresen.service.search.services import parse_query
from tresen.service.surveys.models import Survey
from tresen.service.surveys.scales import ScaleName
from tresen.service.surveys.services import survey_values
from tresen.service.surveys.wording import KINDS, LENGTHS, NAMES, WrongText, check_words, default_words

LABELS = {
    "question": gettext_lazy("Question"),
    "intro": gettext_lazy("Above it in the mail"),
    "thanks": gettext_lazy("Once somebody has rated"),
}


def _switch(label: Any, hint: Any = "") -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}), help_text=hint
    )


class SurveyForm(MarkedForm):
    """The survey of a brand, or of all without their own; its texts are named `text_de_question`."""

    is_active = _switch(gettext_lazy("Ask after a ticket was solved"))
    scale = forms.ChoiceField(
        label=gettext_lazy("What is asked"), choices=ScaleName.choices,
        help_text=gettext_lazy("Who was asked otherwise before stays counted by what he was asked."),
    )  # fmt: skip
    by_mail = _switch(gettext_lazy("By mail"), gettext_lazy("Only to addresses that are confirmed, and within the"
                      " limits of automatic mail."))  # fmt: skip
    in_portal = _switch(gettext_lazy("On the page of the solved request"))
    wait_hours = forms.IntegerField(
        label=gettext_lazy("Hours until the mail leaves"), min_value=0, max_value=720,
        help_text=gettext_lazy("Counted from the solution. A ticket that is open again by then is not asked about."),
    )  # fmt: skip
    in_office_hours = _switch(gettext_lazy("Wait for the brand’s office hours"))
    pause_days = forms.IntegerField(
        label=gettext_lazy("Days until the same person is asked again"), min_value=0, max_value=365,
        help_text=gettext_lazy("Whatever ticket it is about."),
    )  # fmt: skip
    change_days = forms.IntegerField(
        label=gettext_lazy("Days in which a rating can be given and changed"), min_value=1, max_value=90
    )
    query = forms.CharField(
        label=gettext_lazy("Only tickets that this line finds"), required=False, max_length=500,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        help_text=gettext_lazy("As in the search box: channel:mail -tag:internal. Empty: all."),
    )  # fmt: skip
    asks_vip = _switch(gettext_lazy("Ask VIPs, too"))
    reopens = _switch(gettext_lazy("A bad rating opens the ticket again"),
                      gettext_lazy("Assignee and team leads hear of a bad rating in any case."))  # fmt: skip

    def __init__(self, *args: Any, scale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, name in LANGUAGES:
            for kind in KINDS:
                widget = forms.TextInput() if kind == "question" else forms.Textarea(attrs={"rows": 2})
                widget.attrs["placeholder"] = default_words(kind, scale, language)
                widget.attrs["lang"] = language
                self.fields[f"text_{language}_{kind}"] = forms.CharField(
                    label=f"{LABELS[kind]} ({name})", required=False, max_length=LENGTHS[kind], widget=widget
                )

    def texts(self) -> list[tuple[str, list[Any]]]:
        """The fields of the texts, language by language."""
        return [(name, [self[f"text_{code}_{kind}"] for kind in KINDS]) for code, name in LANGUAGES]

    def clean_query(self) -> str:
        """A line that can be read."""
        line = " ".join(self.cleaned_data["query"].split())
        try:
            if line:
                parse_query(line, SYSTEM, typing=False)
        except QueryError as fault:
            raise forms.ValidationError(str(fault)) from fault
        return line

    def clean(self) -> dict[str, Any]:
        """Names in braces that there are, and a way to ask by."""
        data: dict[str, Any] = super().clean() or {}
        for name in [name for name in data if name.startswith("text_")]:
            try:
                check_words(data[name])
            except WrongText as wrong:
                known = ", ".join(f"{{{{{one}}}}}" for one in NAMES)
                told = {"name": wrong.unknown[0], "known": known}
                self.add_error(name, _("There is no %(name)s. You can use: %(known)s") % told)
        if data.get("is_active") and not (data.get("by_mail") or data.get("in_portal")):
            self.add_error("by_mail", _("Choose at least one way to ask."))
        return data

    def wanted(self) -> dict[str, Any]:
        """As the service takes it; texts that are empty are left out."""
        values = self.values()
        texts: dict[str, dict[str, str]] = {}
        for name in [name for name in values if name.startswith("text_")]:
            _text, language, kind = name.split("_")
            if text := values.pop(name).replace("\r\n", "\n").strip():
                texts.setdefault(language, {})[kind] = text
        return {**values, "texts": texts}


def initial_of(survey: Survey) -> dict[str, Any]:
    """What stands in the form."""
    values = survey_values(survey)
    texts = values.pop("texts")
    own = {f"text_{code}_{kind}": texts.get(code, {}).get(kind, "") for code, _name in LANGUAGES for kind in KINDS}
    return {**values, **own}
