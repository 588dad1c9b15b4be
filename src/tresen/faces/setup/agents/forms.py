"""Colleagues: invited and changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.people.form_fields import LanguageField, ZoneField
from tresen.core.people.identities import is_mail_address
from tresen.core.people.models import Agent, Role, Team
from tresen.faces.setup.roles.choices import role_choices, roles_there
from tresen.faces.setup.saving import MarkedForm

ROLE_IN = "role_in_"


def plain_address(value: str) -> None:
    """Refuses what is not one plain mail address."""
    if not is_mail_address(value.strip()):
        raise ValidationError(_("This is not a mail address."))


class AgentForm(MarkedForm):
    """Name, address, role, teams; and for each team he is in the role there. `is_own`: his roles are not his to
    change."""

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
        label=gettext_lazy("Role"), widget=forms.RadioSelect, initial=Role.AGENT,
        help_text=gettext_lazy("With another role the colleague signs in again."),
    )  # fmt: skip
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=gettext_lazy("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, agent: Agent | None = None, is_own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, roles = self.fields["teams"], list(Role.objects.order_by("pk"))
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Team.objects.filter(is_active=True).order_by("name")
        if is_own:
            del self.fields["role"]
        else:
            self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]
        is_admin = agent is not None and agent.role_id == Role.ADMIN
        rows = [] if agent is None or is_own or is_admin else agent.memberships.select_related("team")
        for row in sorted(rows, key=lambda row: row.team.name):
            label = _("Role in %(team)s") % {"team": row.team.name}
            self.fields[f"{ROLE_IN}{row.team_id}"] = forms.ChoiceField(
                label=label, choices=roles_there(roles), required=False
            )

    def wanted(self) -> dict[str, Any]:
        """As the service takes it."""
        values = self.values()
        there = {int(name.removeprefix(ROLE_IN)): values.pop(name) for name in [*values] if name.startswith(ROLE_IN)}
        return {**values, "team_roles": there} if there else values


class InviteForm(AgentForm):
    """A colleague who is to come, with language and zone to begin with."""

    language = LanguageField()
    timezone = ZoneField()
    field_order = ("name", "email", "role", "teams", "language", "timezone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = gettext_lazy("The invitation goes there, and it is the name to sign in with.")
        self.fields["role"].help_text = ""
