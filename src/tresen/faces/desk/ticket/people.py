"""Who is on a ticket: adding and removing people in copy."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tresen.core.people.models import Contact
from tresen.core.people.permissions import require
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.models import Participant
from tresen.core.tickets.rows import TooManyParticipants
from tresen.core.tickets.services import add_participant, remove_participant
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.fields import Refusal
from tresen.faces.desk.ticket.reading import find_ticket


@staff_page
@require_POST
def person_add(request: StaffRequest, number: str) -> HttpResponseBase:
    """Puts a contact in copy: one that was found (`contact`), or a mail address (`q`)."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.change", found)
    key, typed = request.POST.get("contact", ""), request.POST.get("q", "").replace("\0", "").strip()
    people = Contact.objects.visible_to(request.principal)
    try:
        if key.isascii() and key.isdigit() and len(key) < 16:
            contact = people.filter(pk=int(key)).first()
        else:
            contact = find_or_create_contact(mail=typed, by=request.principal.actor)
        if contact is None:
            raise ValueError("no such contact")
        add_participant(found, by=request.principal.actor, contact=contact)
    except (ValueError, TooManyParticipants) as fault:
        many = isinstance(fault, TooManyParticipants)
        text = _("Choose a person, or write a whole mail address.")
        if many:
            text = _("A ticket has at most 48 people from outside.")
        refusal = Refusal("person", _("In copy"), text, typed[:254])
        return answer(request, number, answers.HEAD, answers.CONTEXT, refusal=refusal, status=422)
    parts = (answers.CONTEXT, answers.RECIPIENTS, answers.TIMELINE)  # a message offers nobody who is there by now
    return answer(request, number, *parts, said=_("%(name)s is in copy now.") % {"name": contact.name})


@staff_page
@require_POST
def person_remove(request: StaffRequest, number: str, participant: int) -> HttpResponseBase:
    """Takes somebody off the ticket; the requester stays."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.change", found)
    row = Participant.objects.select_related("ticket", "contact", "agent__user").filter(ticket=found, pk=participant)
    leaving = row.exclude(role="requester").first()
    said = ""
    if leaving:
        said = _("%(name)s has been removed.") % {"name": leaving.contact or leaving.agent}
        remove_participant(leaving, by=request.principal.actor)
    return answer(request, number, answers.CONTEXT, answers.RECIPIENTS, answers.TAIL, said=said)
