"""The words around our mail: sender, signature, footer, confirmation of receipt, in one language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.channels.mail.models import TextKind
from tresen.channels.mail.wording import LENGTHS, WrongText, check_text
from tresen.core.people.models import Team
from tresen.faces.setup.saving import MarkedForm


def _text(kind: TextKind, label: Any, rows: int, hint: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "spellcheck": "true"})
    return forms.CharField(label=label, max_length=LENGTHS[kind], required=False, widget=area, help_text=hint)


class TextsForm(MarkedForm):
    """The texts of one place: a brand, or one of its teams, in one language."""

    sender = forms.CharField(
        label=gettext_lazy("Sender’s name"), max_length=LENGTHS[TextKind.SENDER], required=False,
        help_text=gettext_lazy("Stands before the address of every reply. Automatic mail bears the mailbox’s name."),
    )  # fmt: skip
    signature = _text(
        TextKind.SIGNATURE, gettext_lazy("Signature"), 4,
        gettext_lazy("Below every reply. {{agent.signature}} is what each agent has written in “My account”."),
    )  # fmt: skip
    footer = _text(
        TextKind.FOOTER, gettext_lazy("Footer"), 5,
        gettext_lazy("The last lines, after a line with two dashes: what your company must say, number and link."),
    )  # fmt: skip
    ack = _text(
        TextKind.ACKNOWLEDGEMENT, gettext_lazy("Confirmation of receipt"), 10,
        gettext_lazy("The one mail that answers a new request by itself. Its subject is fixed."),
    )  # fmt: skip
    quotes_history = forms.BooleanField(
        label=gettext_lazy("Quote what was said before below a reply"), required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("In all languages. Each recipient gets only what he may see; notes never."),
    )  # fmt: skip

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if team:
            del self.fields["ack"], self.fields["quotes_history"]

    def clean(self) -> dict[str, Any]:
        """Names in braces must be ones we know, and a confirmation needs number and link."""
        cleaned: dict[str, Any] = super().clean() or {}
        for kind in TextKind.values:
            if kind not in self.fields or kind not in cleaned:
                continue
            try:
                check_text(kind, cleaned[kind])
            except WrongText as wrong:
                for text in wrong.unknown:
                    self.add_error(kind, _("There is no %(name)s. The names stand beside this form.") % {"name": text})
                if wrong.missing:
                    names = ", ".join(f"{{{{{name}}}}}" for name in wrong.missing)
                    self.add_error(kind, _("These must be in it: %(names)s") % {"names": names})
        return cleaned
