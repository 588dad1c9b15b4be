"""Contacts: found while typing, seen with their tickets, changed."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.models import Contact, Organisation, OrganisationMembership
from tresen.core.people.permissions import can, require
from tresen.core.people.services import IdentityTaken, StaleContact, update_contact
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.contact.forms import ContactForm, initial_of
from tresen.kit import notices

FOUND = 8
PAGE = 25
SWITCHES = ("is_vip", "sees_organisation")
SUGGESTED_ORGANISATIONS = 200


def _find(request: StaffRequest, pk: int) -> Contact:
    memberships = OrganisationMembership.objects.select_related("organisation").order_by("-is_main", "pk")
    people = Contact.objects.visible_to(request.principal)
    found = people.prefetch_related("identities", Prefetch("memberships", memberships)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@staff_page
@require_safe
def find(request: StaffRequest) -> HttpResponseBase:
    """`/desk/contacts/find/?q=`: contacts by name, address or number, as buttons (`as=button`) or radio buttons."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:100]
    context = {"found": found_contacts(request, typed), "as_button": request.GET.get("as") == "button", "typed": typed}
    return render(request, "desk/contact/found.html", context)


def found_contacts(request: StaffRequest, typed: str) -> list[Contact]:
    """The first contacts that match two letters or more."""
    if len(typed) < 2:
        return []
    matching = Contact.objects.visible_to(request.principal).matching(typed)
    return list(matching.prefetch_related("identities", "organisations").order_by("name", "pk")[:FOUND])


@staff_page
@require_safe
def contact(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/contacts/<id>/`: who it is and the tickets an agent may see, newest first, by key."""
    found = _find(request, pk)
    before = request.GET.get("before", "")
    tickets = Ticket.objects.visible_to(request.principal).filter(requester=found).with_row().order_by("-pk")
    if before.isascii() and before.isdigit() and len(before) < 18:
        tickets = tickets.filter(pk__lt=int(before))
    rows = list(tickets[: PAGE + 1])
    address = reverse("desk:contact", args=[found.pk])
    older = f"{address}?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    context = {"contact": found, "tickets": rows[:PAGE], "older_url": older, "newer_url": address if before else ""}
    return render(request, "desk/contact/page.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/contacts/<id>/edit/`: the form. 409 shows both values when somebody else was faster."""
    found = _find(request, pk)
    require(request.principal, "contact.change", found)
    form = _form(request, found, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _edit_page(request, found, form)
    if not form.is_valid():
        return _edit_page(request, found, form, status=422)
    try:
        update_contact(
            found, set=form.wanted(), by=request.principal.actor, expected_version=form.cleaned_data["version"]
        )
    except IdentityTaken as taken:
        form.add_error("mails", _("An address belongs to %(name)s already.") % {"name": taken.contact.name})
        return _edit_page(request, found, form, status=422, taken=taken.contact)
    except StaleContact:
        return _stale(request, pk, form)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:contact", args=[pk]))


def _form(request: StaffRequest, found: Contact, data: QueryDict | None) -> ContactForm:
    mails_stay = not can(request.principal, "contact.change_addresses", found)
    return ContactForm(
        data, initial=initial_of(found), principal=request.principal, zone=found.timezone, mails_stay=mails_stay
    )


def _stale(request: StaffRequest, pk: int, form: ContactForm) -> HttpResponseBase:
    """Everything typed stays; beside it stands what the contact looks like now. Saving again means it."""
    found = _find(request, pk)
    now = initial_of(found)
    typed = {name: request.POST.get(name, "").replace("\r\n", "\n").strip() for name in form.fields}
    for switch in SWITCHES:
        now, typed[switch] = {**now, switch: _yes(now[switch])}, _yes(switch in request.POST)
    theirs = [
        {"label": form.fields[name].label, "value": now[name] or "–", "mine": typed[name] or "–"}
        for name in form.fields
        if name != "version" and not form.fields[name].disabled and str(now[name]) != typed[name]
    ]
    data = request.POST.copy()
    data["version"] = str(now["version"])
    return _edit_page(request, found, _form(request, found, data), status=409, theirs=theirs)


def _yes(is_so: bool) -> str:
    return _("yes") if is_so else _("no")


def _edit_page(
    request: StaffRequest, found: Contact, form: ContactForm, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    names = Organisation.objects.visible_to(request.principal).order_by("name").values_list("name", flat=True)
    context = {"contact": found, "form": form, "organisations": names[:SUGGESTED_ORGANISATIONS], **more}
    return render(request, "desk/contact/edit.html", context, status=status)
