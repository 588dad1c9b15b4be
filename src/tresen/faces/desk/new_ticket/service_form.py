"""The form of a service on the form for a new ticket: an agent asks for somebody who called."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _

from tresen.core.catalog.answer_forms import AskedFields
from tresen.core.catalog.asking import Wish, ask_for
from tresen.core.catalog.models import Service, ServiceForm
from tresen.core.catalog.services import form_numbered
from tresen.core.people.models import Brand, Contact
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.staged import number_in
from tresen.faces.desk.access import StaffRequest
from tresen.faces.desk.new_ticket.forms import NewTicketForm

FROM_SERVICE = ("subject", "type", "category", "impact", "urgency")


class ServiceTicketForm(NewTicketForm):
    """What the service asks instead of subject and sorting; files are added below as everywhere."""

    def __init__(self, *args: Any, kept: ServiceForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FROM_SERVICE:
            del self.fields[name]
        self.kept = kept
        # It is read by the version that was shown.
        self.fields["form"] = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
        self.initial.setdefault("form", kept.number)
        text = self.fields["text"]
        text.required, text.label = False, _("What else is to be said?")
        text.widget.attrs["rows"] = 3
        self.asked = AskedFields(self, kept.fields)

    def clean(self) -> dict[str, Any]:
        """With the answers."""
        cleaned = super().clean()
        self.asked.clean()
        return cleaned

    @property
    def wish(self) -> Wish:
        """What is asked for, in the agent's language."""
        language = (translation.get_language() or "en")[:2]
        more = self.cleaned_data["text"].replace("\r\n", "\n")
        return Wish(self.kept, self.asked.answers, language, more=more)


def services_for(request: StaffRequest) -> Any:
    """What an agent can ask for under the default brand, as the catalogue has it."""
    return Service.objects.offered_to(request.principal).for_brand(Brand.objects.default()).in_order()


def form_for(request: StaffRequest, *args: Any, **kwargs: Any) -> NewTicketForm:
    """The form of the service that was chosen, else the plain one."""
    data = request.POST if request.method == "POST" else request.GET
    slug = data.get("service", "")[:40]
    found: Service | None = services_for(request).filter(slug=slug).first() if slug else None
    if found is None:
        return NewTicketForm(*args, principal=request.principal, **kwargs)
    kept = form_numbered(found, number_in(request.POST.get("form", "")))
    kept.service = found
    return ServiceTicketForm(*args, kept=kept, principal=request.principal, **kwargs)


def ask(form: ServiceTicketForm, contact: Contact, **ticket: Any) -> Ticket:
    """The ticket of that wish; a team that was chosen goes before that of the service."""
    if ticket.get("team") is None:
        del ticket["team"]
    return ask_for(form.wish, requester=contact, brand=Brand.objects.default(), **ticket)
