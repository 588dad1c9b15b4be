"""Colleagues: invited and changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.people.form_fields import LanguageField, ZoneField
from tresen.core.people.identities import is_mail_address
from tresen.core.people.models import Role, Team
from tresen.faces.setup.saving import MarkedForm

ROLES = [
    (Role.AGENT, gettext_lazy("Agent: works on the tickets of the own teams")),
    (
        Role.TEAM_LEAD,
        gettext_lazy("Team lead: like an agent, and works with the received mail of the teams’ mailboxes"),
    ),
    (Role.ADMIN, gettext_lazy("Administrator: sees every ticket and these settings")),
]


def plain_address(value: str) -> None:
    """Refuses what is not one plain mail address."""
    if not is_mail_address(value.strip()):
        raise ValidationError(_("This is not a mail address."))


class AgentForm(MarkedForm):
    """Name, address, role, teams."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.CharField(
        label=gettext_lazy("Mail address"), max_length=254, validators=[plain_address],
        help_text=gettext_lazy("For signing in. A new address makes open links useless."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=ROLES, widget=forms.RadioSelect, initial=Role.AGENT,
        help_text=gettext_lazy("With another role the colleague signs in again."),
    )  # fmt: skip
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=gettext_lazy("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["teams"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Team.objects.filter(is_active=True).order_by("name")


class InviteForm(AgentForm):
    """A colleague who is to come, with language and zone to begin with."""

    language = LanguageField()
    timezone = ZoneField()
    field_order = ("name", "email", "role", "teams", "language", "timezone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = gettext_lazy("The invitation goes there, and it is the name to sign in with.")
        self.fields["role"].help_text = ""
