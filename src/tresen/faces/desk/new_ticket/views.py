"""A ticket taken down by hand: call, visit, letter. At once numbered."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.people.models import Agent, Brand, Contact
from tresen.core.people.permissions import require
from tresen.core.people.services import create_contact, find_or_create_contact
from tresen.core.tickets.choices import TicketType, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Attachment, Ticket
from tresen.core.tickets.numbers import take_number
from tresen.core.tickets.services import create_ticket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.announcements.known import MOST, tie_chosen, troubles_for
from tresen.faces.desk.contact.views import found_contacts
from tresen.faces.desk.new_ticket.forms import NewTicketForm
from tresen.faces.desk.new_ticket.own_fields import OwnFields
from tresen.faces.desk.new_ticket.service_form import ServiceTicketForm, ask, form_for, services_for
from tresen.faces.desk.ticket.uploads import kept_uploads, take_files
from tresen.faces.desk.ticket.writing import ONCE_SECONDS
from tresen.kit import notices
from tresen.spine.limits.services import hit, keep_made, what_was_made


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_ticket(request: StaffRequest) -> HttpResponseBase:
    """`/desk/new/`: the form; with `find` it only looks for the contact, with `ask` for own fields, and keeps all that
    was typed."""
    require(request.principal, "ticket.create")
    agent = request.principal.agent
    if request.method != "POST" or agent is None:
        form = form_for(request, initial={"once": uuid.uuid4().hex})
        return _page(request, form, OwnFields(request, again=True), chosen=_contact_of(request, request.GET))
    if "ask" in request.POST and request.htmx:
        return render(request, "desk/new_ticket/own_fields.html", {"own": OwnFields(request, again=True)})
    uploads = kept_uploads(request.principal, request.POST.getlist("upload"))
    problems = take_files(request.FILES, agent=agent, into=uploads)
    chosen = _contact_of(request, request.POST)
    if "find" in request.POST or "ask" in request.POST:
        typed = form_for(request, initial=_as_typed(request))
        return _page(request, typed, OwnFields(request, again=True), chosen=chosen, uploads=uploads)
    form, own = form_for(request, request.POST), OwnFields(request, again=False)
    is_whole = own.is_valid() and form.is_valid()
    if not is_whole or problems:
        words = [text for text, _status in problems]
        status = max([422, *(status for _text, status in problems)]) if not is_whole else 413
        return _page(request, form, own, chosen=chosen, uploads=uploads, problems=words, status=status)
    return _made(request, agent, form, own, uploads)


def _made(
    request: StaffRequest, agent: Agent, form: NewTicketForm, own: OwnFields, uploads: list[Attachment]
) -> HttpResponseBase:
    number = take_number(Brand.objects.default())
    this_form = f"{agent.pk}:{form.cleaned_data['once']}"
    with transaction.atomic():
        ticket: Ticket | None
        if hit("desk:new", this_form, limit=1, seconds=ONCE_SECONDS):
            ticket = _create(request, form, own, uploads, number)
            keep_made("desk:new", this_form, ticket.pk)
            tie_chosen(ticket, request.POST.getlist("known"), principal=request.principal, by=request.principal.actor)
        else:
            made = what_was_made("desk:new", this_form)
            ticket = Ticket.objects.visible_to(request.principal).filter(pk=made or 0).first()
    if ticket is None:
        return HttpResponseRedirect("/desk/")
    notices.tell(request, _("The number is %(number)s.") % {"number": ticket.shown_number})
    return HttpResponseRedirect(reverse("desk:ticket", args=[ticket.number]))


def _create(
    request: StaffRequest, form: NewTicketForm, own: OwnFields, uploads: list[Attachment], number: str
) -> Ticket:
    wanted, by = form.cleaned_data, request.principal.actor
    contact = form.chosen
    if contact is None and wanted["mail"]:
        contact = find_or_create_contact(mail=wanted["mail"], phone=wanted["phone"], name=wanted["name"], by=by)
    elif contact is None:
        contact = create_contact(name=wanted["name"], phones=[wanted["phone"]] if wanted["phone"] else [], by=by)
    more = {"category": wanted["category"]} if wanted.get("category") else {}
    more |= {"fields": own.wanted} if own.wanted else {}
    made: dict[str, Any] = {
        "by": by, "channel": wanted["channel"], "team": wanted["team"], "assignee": wanted["assignee"],
        "trust": Trust.CLAIMED, "files": uploads, "quiet": not wanted["confirm"], "number": number, "set": more,
        "asks": own.custom.values(),
    }  # fmt: skip
    if isinstance(form, ServiceTicketForm):
        return ask(form, contact, **made)
    return create_ticket(
        requester=contact, subject=wanted["subject"], content=Content(text=wanted["text"].replace("\r\n", "\n")),
        impact=wanted["impact"], urgency=wanted["urgency"], type=wanted["type"] or TicketType.INCIDENT, **made,
    )  # fmt: skip


def _as_typed(request: StaffRequest) -> dict[str, Any]:
    """What was sent, as a form that is shown again begins with: several choices stay several."""
    sent = request.POST
    return {name: sent.getlist(name) if len(sent.getlist(name)) > 1 else sent[name] for name in sent}


def _contact_of(request: StaffRequest, data: QueryDict) -> Contact | None:
    key = data.get("contact", "")
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        return None
    people = Contact.objects.visible_to(request.principal).prefetch_related("identities", "organisations")
    return people.filter(pk=int(key)).first()


def _page(
    request: StaffRequest, form: NewTicketForm, own: OwnFields, *, chosen: Contact | None,
    uploads: list[Attachment] | None = None, problems: list[str] | None = None, status: int = 200,
) -> HttpResponseBase:  # fmt: skip
    typed = request.POST.get("q", "").replace("\0", "").strip()[:100]
    found = found_contacts(request, typed)
    if chosen and chosen not in found:
        found.insert(0, chosen)
    context = {
        "form": form, "own": own, "found": found, "typed": typed, "chosen": chosen.pk if chosen else None,
        "uploads": uploads or [], "problems": problems or [], "known": troubles_for(request.principal)[:MOST],
        "ticked": request.POST.getlist("known"),
        "service": form.kept.service if isinstance(form, ServiceTicketForm) else None,
        "services": [] if isinstance(form, ServiceTicketForm) else services_for(request),
    }  # fmt: skip
    return render(request, "desk/new_ticket/page.html", context, status=status)
