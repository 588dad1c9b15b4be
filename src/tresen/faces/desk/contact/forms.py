"""The form of a contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tresen.core.people.form_fields import ZoneField
from tresen.core.people.identities import is_mail_address, is_phone
from tresen.core.people.models import LANGUAGES, Contact, Organisation
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.people.services import mail_addresses

MOST_IDENTITIES = 20
LONGEST_IDENTITY = 254


def lines_of(text: str) -> list[str]:
    """One value a line, without empty ones and repetitions, in order."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def not_seen_words() -> str:
    """Why somebody may not let others see an organisation."""
    return gettext(
        "This organisation has tickets that you do not see. Only somebody who sees them all can let others see them, an"
        " administrator for instance."
    )


class ContactForm(forms.Form):
    """What can be changed of a contact. `organisation` is found by its name; with `mails_stay` the addresses are shown
    and what is sent for them is not looked at (then `initial` is needed)."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=160)
    mails = forms.CharField(
        label=_("Mail addresses"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line; we write to the first."),
    )  # fmt: skip
    phones = forms.CharField(
        label=_("Phone numbers"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One a line.")
    )
    organisation = forms.CharField(
        label=_("Organisation"), required=False, max_length=160,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )  # fmt: skip
    sees_organisation = forms.BooleanField(
        label=_("Sees the requests of the whole organisation"), required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=_(
            "In the portal, with everything that customers see, and may answer there. Only for whom the organisation"
            " has named. It ends with another organisation."
        ),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", "–"), *LANGUAGES])
    timezone = ZoneField(required=False)
    is_vip = forms.BooleanField(
        label=_("VIP"), required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=_("Colleagues see it on every ticket, and new tickets get a priority to match."),
    )  # fmt: skip
    notes = forms.CharField(
        label=_("Notes that stay"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Colleagues see them beside every ticket of this contact."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, principal: Principal, zone: str = "", mails_stay: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.principal = principal
        if mails_stay:
            self.fields["mails"].disabled = True
            self.fields["mails"].help_text = _(
                "This contact is on tickets that you do not see. Only somebody who sees them all can change the "
                "addresses, an administrator for instance."
            )
        zones = self.fields["timezone"]
        assert isinstance(zones, ZoneField)
        zones.also = zone

    def clean_mails(self) -> list[str]:
        """Every line is one plain address."""
        values = lines_of(self.cleaned_data["mails"])[:MOST_IDENTITIES]
        for value in values:
            if not is_mail_address(value) or len(value) > LONGEST_IDENTITY:
                raise ValidationError(_("“%(value)s” is not a mail address."), params={"value": value[:80]})
        return values

    def clean_phones(self) -> list[str]:
        """Every line holds a number."""
        values = lines_of(self.cleaned_data["phones"])[:MOST_IDENTITIES]
        for value in values:
            if not is_phone(value) or len(value) > LONGEST_IDENTITY:
                raise ValidationError(_("“%(value)s” is not a phone number."), params={"value": value[:80]})
        return values

    def clean_organisation(self) -> Organisation | None:
        """The organisation of that name; none for an empty field."""
        name = " ".join(self.cleaned_data["organisation"].split())
        if not name:
            return None
        found = Organisation.objects.visible_to(self.principal).filter(name__iexact=name).order_by("pk").first()
        if found is None:
            raise ValidationError(_("There is no organisation of this name."))
        return found

    def clean(self) -> dict[str, Any]:
        """Nobody opens an organisation whose tickets he does not see himself."""
        cleaned: dict[str, Any] = super().clean() or {}
        organisation, before = cleaned.get("organisation"), self.initial
        if not cleaned.get("sees_organisation") or "organisation" in self.errors:
            return cleaned
        if organisation is None:
            self.add_error("sees_organisation", _("There is no organisation whose requests these could be."))
        elif not (before["sees_organisation"] and before["organisation"] == str(organisation)) and not can(
            self.principal, "organisation.show_tickets", organisation
        ):
            self.add_error("sees_organisation", not_seen_words())
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """What the service is to set."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def initial_of(contact: Contact) -> dict[str, Any]:
    """What stands in the form of a contact; the same keys say what somebody else has changed meanwhile."""
    identities = sorted(contact.identities.all(), key=lambda i: (not i.is_main, i.pk))
    main = next((m for m in contact.memberships.select_related("organisation") if m.is_main), None)
    return {
        "name": contact.name, "language": contact.language, "timezone": contact.timezone, "notes": contact.notes,
        "is_vip": contact.is_vip,
        "mails": "\n".join(mail_addresses(contact)),
        "phones": "\n".join(i.value for i in identities if i.kind == "phone"),
        "organisation": str(main.organisation) if main else "", "version": contact.version,
        "sees_organisation": main is not None and main.sees_tickets,
    }  # fmt: skip
