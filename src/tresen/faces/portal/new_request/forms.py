"""The form for a new request: who, what, how bad, files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tresen.core.people.identities import is_mail_address
from tresen.core.tickets.choices import Impact, Urgency
from tresen.core.tickets.field_forms import OwnFieldsForm
from tresen.core.tickets.field_models import CustomField
from tresen.faces.portal.guide.place import MOST_LETTERS
from tresen.faces.portal.surroundings import is_own_address
from tresen.faces.portal.uploads import GUEST, KNOWN, TOO_LARGE, FilesField, names_of

TEXT_LETTERS = 100_000
# What a person says in plain words, and what it means at the desk.
REACH = {
    "me": (Impact.ONE, Urgency.MEDIUM),
    "several": (Impact.SEVERAL, Urgency.MEDIUM),
    "everything": (Impact.ALL, Urgency.HIGH),
}


class RequestForm(OwnFieldsForm):
    """Name and address are asked of guests only; whoever is signed in is known. `fields`: those of the desk's own that
    customers are asked for."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.CharField(
        label=_("Your mail address"), max_length=254, help_text=_("We answer to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip
    subject = forms.CharField(
        label=_("What is it about?"), max_length=200, help_text=_("In a few words, like the heading of a letter."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What happened, or what do you need?"), max_length=TEXT_LETTERS,
        help_text=_("What did you do, what should have happened, what happened instead?"),
        widget=forms.Textarea(attrs={"rows": "8"}),
    )  # fmt: skip
    reach = forms.ChoiceField(
        label=_("Who is affected?"), initial="me", widget=forms.RadioSelect,
        choices=[
            ("me", _("Just me")), ("several", _("Several people")), ("everything", _("Everything stands still")),
        ],
    )  # fmt: skip
    # People do not see this field; a machine that fills in whatever it finds gives itself away.
    website = forms.CharField(required=False, max_length=200, label=_("Please leave this empty"))
    key = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    # Where somebody stood in a guide that did not help.
    guide = forms.CharField(required=False, max_length=MOST_LETTERS, widget=forms.HiddenInput)
    # The article from which somebody came, and those read within the hour (see knowledge/carrying.py).
    article = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    read = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    visible: ClassVar[tuple[str, ...]] = ("name", "email", "subject", "text", "reach", "files")

    def __init__(self, *args: Any, is_guest: bool, fields: Sequence[CustomField] = (), **named: Any) -> None:
        begun = {field.slug: field.default for field in fields if field.default is not None}
        super().__init__(*args, fields=fields, values=begun, is_new=True, **named)
        self.fields["files"] = FilesField(allowance=GUEST if is_guest else KNOWN)
        if not is_guest:
            del self.fields["name"], self.fields["email"], self.fields["website"]

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        """The fields to draw, in order."""
        *words, files = self.visible
        return [self[name] for name in (*words, *map("f_{}".format, self.custom), files) if name in self.fields]

    @property
    def files_chosen(self) -> str:
        """The names of the files that came with a form that is shown again; a browser cannot keep them itself."""
        given = self.files.getlist("files") if hasattr(self.files, "getlist") else []
        return names_of(given)

    @property
    def is_too_large(self) -> bool:
        """Whether files were the reason that the form was not taken."""
        return self.has_error("files", TOO_LARGE)

    def forget_guide(self) -> None:
        """Sent once more, it goes without what was answered in a guide."""
        data = cast(QueryDict, self.data).copy()
        data["guide"] = ""
        self.data = data

    def clean_email(self) -> str:
        """One plain address, and none of ours."""
        address = str(self.cleaned_data["email"]).strip()
        if not is_mail_address(address):
            raise ValidationError(gettext("This is not a whole mail address. It looks like name@example.org."))
        if is_own_address(address):
            raise ValidationError(gettext("This is our own address. Please give yours, so that we can answer you."))
        return address

    def clean_website(self) -> str:
        """Empty. Somebody whose browser filled it in by itself is asked to send once more, nothing is swallowed."""
        if self.cleaned_data["website"]:
            data = cast(QueryDict, self.data).copy()
            data["website"] = ""
            self.data = data
            raise ValidationError(gettext("This looked as if a machine had sent it. Please send it once more."))
        return ""
