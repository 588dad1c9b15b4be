"""The SMS gateway: its address, what is sent there, its secret, and the numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Agent
from tresen.faces.setup.outside import OutsideField
from tresen.faces.setup.saving import MarkedForm
from tresen.service.oncall.gateway import MOST_TEMPLATE, WrongSecret, WrongTemplate, check_header, check_template
from tresen.service.oncall.models import BodyForm

WRONG_TEMPLATE = {
    "empty": gettext_lazy("Write what is sent."),
    "json": gettext_lazy("This is no JSON: look at line %(what)s. Names stand in quotation marks, like all text."),
    "line": gettext_lazy("One field a line, as name=text. This line has no name: %(what)s"),
    "unsent": gettext_lazy(
        "JSON cannot carry this: more than %(what)s brackets inside each other, or a number or sign that"
        " it does not know."
    ),
    "names": gettext_lazy("There is nothing of that name: %(what)s"),
    "silent": gettext_lazy("It has neither {{text}} nor {{link}}: whoever is called would not learn why."),
}
WRONG_SECRET = {
    "header": ("header", gettext_lazy("A header’s name, such as Authorization or X-Api-Key.")),
    "secret": ("secret", gettext_lazy("One line of plain letters, digits and signs.")),
    "needed": ("secret", gettext_lazy("Enter the secret: it stays only with the server for which it was entered.")),
}


class GatewayForm(MarkedForm):
    """Where calls go besides mail and browser, how, and the numbers."""

    url = OutsideField(
        label=gettext_lazy("Address"), required=False, max_length=500,
        help_text=gettext_lazy("Where your SMS provider takes messages, with https. Empty: no gateway, and the secret"
                               " is forgotten."),
    )  # fmt: skip
    form = forms.ChoiceField(
        label=gettext_lazy("It takes"), choices=BodyForm.choices, widget=forms.RadioSelect, initial=BodyForm.JSON
    )
    template = forms.CharField(
        label=gettext_lazy("What is sent"), required=False, max_length=MOST_TEMPLATE, strip=True,
        widget=forms.Textarea(attrs={"rows": 5, "class": "input code", "spellcheck": "false"}),
        help_text=gettext_lazy("As your provider’s manual says; what stands in double braces is filled in. Form fields"
                               " stand one a line, as name=text. Empty: the usual."),
    )  # fmt: skip
    header = forms.CharField(
        label=gettext_lazy("Header with the secret"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "Authorization", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Empty: nothing secret is sent."),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("Secret"), required=False, max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "placeholder": "Bearer …"}),
        help_text=gettext_lazy("All that the header says, with Bearer or Basic before it where your provider wants it."
                               " Kept encrypted, never shown. Empty: as before."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for agent in people:
            label = _("Telephone of %(name)s") % {"name": agent.user.name}
            self.fields[f"n-{agent.pk}"] = forms.RegexField(
                r"^\+?[0-9 ()/-]{4,30}$", label=label, required=False, max_length=32,
                widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
                error_messages={"invalid": _("A number like +49 40 123 456.")},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A template that can be filled in, and a header that can be sent."""
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            if cleaned.get("template") and cleaned.get("form"):
                check_template(cleaned["form"], cleaned["template"])
        except WrongTemplate as fault:
            self.add_error("template", str(WRONG_TEMPLATE[fault.why]) % {"what": fault.what})
        try:
            check_header(cleaned.get("header", ""), cleaned.get("secret"))
        except WrongSecret as fault:
            self.explain(fault)
        return cleaned

    def explain(self, fault: WrongSecret) -> None:
        """Puts what is wrong with the secret beside the field."""
        field, text = WRONG_SECRET[fault.why]
        self.add_error(field, str(text))

    def numbers(self) -> dict[str, str]:
        """By the key of the agent, of those that were on the page."""
        shown = [agent for agent in self.people if f"n-{agent.pk}" in self.data]
        return {str(agent.pk): self.cleaned_data[f"n-{agent.pk}"] for agent in shown}
