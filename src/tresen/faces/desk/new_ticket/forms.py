"""The form for a ticket that an agent takes down: a call, a visit, a letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.core.attendance.standing import named_with_standing
from tresen.core.people.identities import is_mail_address, is_phone
from tresen.core.people.models import Agent, Brand, Contact, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.choices import Channel, Impact, TicketType, Urgency
from tresen.core.tickets.first_team import team_of_new
from tresen.core.tickets.form_fields import CategoryField
from tresen.core.tickets.permissions import can_begin_with

BY_HAND = (Channel.PHONE, Channel.VISIT, Channel.MAIL, Channel.FAX, Channel.CHAT)


class NewTicketForm(forms.Form):
    """A contact that was found (`contact`) or is new (`name` with an address or number), and what it is about."""

    q = forms.CharField(required=False, max_length=100)
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), required=False, max_length=160)
    mail = forms.CharField(
        label=_("Mail address"), required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    phone = forms.CharField(
        label=_("Phone number"), required=False, max_length=60, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    channel = forms.ChoiceField(
        label=_("How did it come?"), choices=[(c.value, c.label) for c in BY_HAND], initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )  # fmt: skip
    subject = forms.CharField(label=_("Subject"), max_length=300)
    text = forms.CharField(
        label=_("What is it about?"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The contact can read this in the portal."),
    )  # fmt: skip
    type = forms.ChoiceField(
        label=pgettext_lazy("kind of ticket", "Type"), choices=TicketType.choices, initial=TicketType.INCIDENT,
        required=False,
    )  # fmt: skip
    category = CategoryField()
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False)
    assignee = forms.ModelChoiceField(label=_("Assignee"), queryset=Agent.objects.none(), required=False)
    impact = forms.TypedChoiceField(label=_("Affects"), choices=Impact.choices, coerce=int, initial=Impact.ONE)
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=Urgency.choices, coerce=int, initial=Urgency.MEDIUM)
    confirm = forms.BooleanField(label=_("Send the number to the contact by mail"), required=False)
    once = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.principal = principal
        self.chosen: Contact | None = None
        category = self.fields["category"]
        assert isinstance(category, CategoryField)
        category.offer(Category.objects.visible_to(principal).offered_at_once())
        teams, agents = self.fields["team"], self.fields["assignee"]
        assert isinstance(teams, forms.ModelChoiceField)
        assert isinstance(agents, forms.ModelChoiceField)
        teams.queryset = Team.objects.visible_to(principal).active().order_by("name")
        agents.queryset = Agent.objects.visible_to(principal).active().order_by("user__name")
        if principal.agent and not principal.may_anywhere("assign"):
            agents.queryset = agents.queryset.filter(pk=principal.agent.pk)
        teams.empty_label = _("as category and brand say")
        named = named_with_standing(agents.queryset)
        agents.choices = [("", "–"), *((agent.pk, name) for agent, name in named)]

    def clean_mail(self) -> str:
        """One plain address or none."""
        mail: str = self.cleaned_data["mail"].strip()
        if mail and not is_mail_address(mail):
            raise ValidationError(_("This is not a mail address."))
        return mail

    def clean_phone(self) -> str:
        """A number or none."""
        phone: str = self.cleaned_data["phone"].strip()
        if phone and not is_phone(phone):
            raise ValidationError(_("This is not a phone number."))
        return phone

    def clean(self) -> dict[str, Any]:
        """Somebody must be asking: a contact of ours or a new one."""
        cleaned: dict[str, Any] = super().clean() or {}
        key = self.data.get("contact", "")
        if key.isascii() and key.isdigit() and len(key) < 16:
            self.chosen = Contact.objects.visible_to(self.principal).filter(pk=int(key)).first()
        if cleaned.get("assignee") and not self._may_give(cleaned):
            self.add_error("assignee", _("You may not give tickets of this team to others."))
        if self.chosen is None and not cleaned.get("name"):
            if cleaned.get("mail"):
                return cleaned
            self.add_error("name", _("Who is asking? Choose a contact, or give at least a name."))
        return cleaned

    def _may_give(self, cleaned: dict[str, Any]) -> bool:
        team = cleaned.get("team") or team_of_new(Brand.objects.default(), cleaned.get("category"))
        return can_begin_with(self.principal, team=team, assignee=cleaned["assignee"])
