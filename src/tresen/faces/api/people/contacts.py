"""/contacts: the people who ask for help."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.people import models, services
from tresen.core.people.identities import fold, is_mail_address, is_phone
from tresen.core.people.permissions import can, require
from tresen.core.people.principals import Principal, principal_of
from tresen.core.people.zones import is_zone
from tresen.faces.api.answers import answer, expected_version, if_match_version, resource, version_etag
from tresen.faces.api.lookups import organisation_named
from tresen.faces.api.once import once
from tresen.faces.api.paging import SearchedListQuery, page
from tresen.faces.api.people import output, schemas
from tresen.faces.api.problems import Problem, WrongField, stale_now

router = Router(tags=["people"])
SORTS = {"name": "name", "created_at": "pk"}


@router.get("/contacts", response=schemas.Contacts, url_name="contacts", operation_id="list_contacts")
def list_contacts(request: HttpRequest, params: Query[SearchedListQuery]) -> HttpResponse:
    """Contacts, newest first. `query`: a part of the name, an address or a number."""
    contacts = models.Contact.objects.visible_to(principal_of(request))
    if wanted := params.query.strip():
        contacts = contacts.matching(wanted[:200])
    rows, after = page(_with_everything(contacts), params, name="contacts", sorts=SORTS, default="-created_at")
    return answer(schemas.Contacts(items=list(map(output.contact, rows)), next=after))


@router.post("/contacts", response={201: schemas.Contact}, url_name="contact-create", operation_id="create_contact")
def create_contact(request: HttpRequest, body: schemas.ContactCreate) -> HttpResponse:
    """A new contact. An address that is somebody else's is a conflict (409)."""
    principal = principal_of(request)
    require(principal, "contact.create")
    given = body.given()
    for short, full in (("email", "emails"), ("phone", "phones")):
        if short in given:
            given[full] = [given.pop(short), *given.get(full, [])]
    mails, phones = _mails(given.get("emails", [])), _phones(given.get("phones", []))
    organisation = organisation_named(principal, given.get("organisation"), "organisation")

    def act() -> HttpResponse:
        try:
            made = services.create_contact(
                name=body.name.strip(), mails=mails, phones=phones, language=given.get("language", ""),
                notes=given.get("notes", ""), organisation=organisation, by=principal.actor,
            )  # fmt: skip
        except services.IdentityTaken as fault:
            raise _taken(fault) from fault
        return _show(_one(request, made.pk), status=201)

    return once(request, act)


@router.get("/contacts/{int:contact_id}", response=schemas.Contact, url_name="contact", operation_id="get_contact")
def get_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """One contact."""
    return _show(_one(request, contact_id))


@router.patch(
    "/contacts/{int:contact_id}", response=schemas.Contact, url_name="contact-change", operation_id="change_contact"
)
def change_contact(request: HttpRequest, contact_id: int, body: schemas.ContactChange) -> HttpResponse:
    """Changes fields. With `If-Match` only if nobody changed the contact meanwhile."""
    principal = principal_of(request)
    contact = _one(request, contact_id)
    require(principal, "contact.change", contact)
    if not if_match_version(request, contact.version):
        raise _stale(contact)
    wanted: dict[str, Any] = body.given()
    if "emails" in wanted:
        wanted["mails"] = _mails(wanted.pop("emails"))
        if wanted["mails"] != services.mail_addresses(contact):
            _require_addresses(principal, contact)
    if "phones" in wanted:
        wanted["phones"] = _phones(wanted["phones"])
    if "organisation" in wanted:
        wanted["organisation"] = organisation_named(principal, wanted["organisation"], "organisation")
    if wanted.get("sees_organisation"):
        _require_sight(principal, contact, wanted)
    if "vip" in wanted:
        wanted["is_vip"] = wanted.pop("vip")
    if wanted.get("timezone") and not is_zone(wanted["timezone"]):
        raise WrongField("timezone", _("There is no such time zone."))

    def act() -> HttpResponse:
        try:
            services.update_contact(
                contact, set=wanted, by=principal.actor, expected_version=expected_version(request, contact.version)
            )
        except services.StaleContact as fault:
            raise _stale(_one(request, contact_id)) from fault
        except services.IdentityTaken as fault:
            raise _taken(fault) from fault
        return _show(_one(request, contact_id))

    return once(request, act)


def _with_everything(contacts: QuerySet[models.Contact]) -> QuerySet[models.Contact]:
    return contacts.prefetch_related("identities", "memberships__organisation")


def _one(request: HttpRequest, key: int) -> models.Contact:
    return get_object_or_404(_with_everything(models.Contact.objects.visible_to(principal_of(request))), pk=key)


def _show(contact: models.Contact, *, status: int = 200) -> HttpResponse:
    shown = output.contact(contact)
    return resource(shown, f"contacts/{contact.pk}", etag=version_etag(contact.version, shown), status=status)


def _stale(contact: models.Contact) -> Problem:
    detail = _("The contact is no longer as your If-Match says. Here is how it is now.")
    shown = output.contact(contact)
    return stale_now(detail, shown, version_etag(contact.version, shown))


def _taken(fault: services.IdentityTaken) -> Problem:
    detail = _("This address already belongs to another contact.")
    return Problem("conflict", detail, contact={"id": fault.contact.pk, "name": fault.contact.name})


def _require_addresses(principal: Principal, contact: models.Contact) -> None:
    if not can(principal, "contact.change_addresses", contact):
        raise Problem("forbidden", _(
            "This contact is on tickets that you do not see. Only somebody who sees them all can change the addresses, "
            "an administrator for instance."
        ))  # fmt: skip


def _require_sight(principal: Principal, contact: models.Contact, wanted: dict[str, Any]) -> None:
    main = next((row for row in contact.memberships.all() if row.is_main), None)
    organisation = wanted.get("organisation", main.organisation if main else None)
    if organisation is None:
        raise WrongField("sees_organisation", _("There is no organisation whose requests these could be."))
    stays = main is not None and main.sees_tickets and main.organisation == organisation
    if not stays and not can(principal, "organisation.show_tickets", organisation):
        raise Problem("forbidden", _(
            "This organisation has tickets that you do not see. Only somebody who sees them all can let others see"
            " them, an administrator for instance."
        ))  # fmt: skip


def _mails(values: list[str]) -> list[str]:
    for position, value in enumerate(values):
        if not is_mail_address(value.strip()):
            raise WrongField(f"emails.{position}", _("This is not a mail address."))
    return _without_twins("mail", values)


def _phones(values: list[str]) -> list[str]:
    for position, value in enumerate(values):
        if not is_phone(value):
            raise WrongField(f"phones.{position}", _("This is not a phone number."))
    return _without_twins("phone", values)


def _without_twins(kind: str, values: list[str]) -> list[str]:
    return list({fold(kind, value): value.strip() for value in reversed(values)}.values())[::-1]
