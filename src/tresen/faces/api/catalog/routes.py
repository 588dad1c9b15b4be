"""/services: what can be asked for, and asking for it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.catalog import models
from tresen.core.catalog.answer_forms import in_words
from tresen.core.catalog.answering import evaluate
from tresen.core.catalog.asking import Wish, ask_for
from tresen.core.catalog.fields import Kind
from tresen.core.catalog.services import newest_form
from tresen.core.people.models import Brand, Contact
from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.choices import Channel
from tresen.core.tickets.numbers import take_number
from tresen.faces.api.answers import answer, resource
from tresen.faces.api.catalog import schemas
from tresen.faces.api.lookups import brand_named, check_requester, requester_named, uploads, wrong_field
from tresen.faces.api.once import once
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.problems import Problem, body_error
from tresen.faces.api.tickets.finding import fresh, show
from tresen.faces.api.tickets.routes import is_open_to_strangers
from tresen.faces.api.tickets.schemas import Ticket

router = Router(tags=["services"])
SORTS = {"slug": "slug", "id": "pk"}


@router.get("/services", response=schemas.Services, url_name="services", operation_id="list_services")
def list_services(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """Services, also those that are not in use, with their newest forms."""
    rows = models.Service.objects.visible_to(principal_of(request)).select_related("category")
    found, after = page(
        rows.prefetch_related("brands", "forms"), params, name="services", sorts=SORTS, default="slug"
    )  # fmt: skip
    return answer(schemas.Services(items=[_service(row) for row in found], next=after))


@router.get("/services/{slug}", response=schemas.Service, url_name="service", operation_id="get_service")
def get_service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service."""
    rows = models.Service.objects.visible_to(principal_of(request)).select_related("category")
    found = get_object_or_404(rows, slug=slug)
    return resource(_service(found), f"services/{found.slug}")


@router.post(
    "/services/{slug}/requests", response={201: Ticket}, url_name="service-request", operation_id="request_service"
)
def request_service(request: HttpRequest, slug: str, body: schemas.ServiceRequest) -> HttpResponse:
    """A new ticket with what was answered beside it and as its first message, by the newest form of the service."""
    principal = principal_of(request)
    require(principal, "ticket.create")
    given = body.given()
    brand = brand_named(principal, body.brand, "brand") if "brand" in given else Brand.objects.default()
    offered = models.Service.objects.visible_to(principal).offered_to(principal).for_brand(brand)
    form = newest_form(get_object_or_404(offered, slug=slug))
    wish = _wish(form, body, given.get("language") or brand.language)
    check_requester(principal, body.requester)
    number = take_number(brand)

    def act() -> HttpResponse:
        channel = given.get("channel") or Channel.API
        with transaction.atomic():
            requester: Contact = requester_named(principal, body.requester)
            files = uploads(principal, given.get("attachments", []))
            try:
                ticket = ask_for(
                    wish, by=principal.actor, requester=requester, brand=brand, channel=channel, files=files,
                    number=number, is_unconfirmed=is_open_to_strangers(channel, requester),
                )  # fmt: skip
            except WrongValue as fault:
                raise wrong_field(fault) from fault
        return show(fresh(ticket), status=201)

    return once(request, act)


def _wish(form: models.ServiceForm, body: schemas.ServiceRequest, language: str) -> Wish:
    """What is asked for. Raises Problem that names each answer that cannot be."""
    fields = [field for field in form.fields if field["kind"] != Kind.FILE]
    found = evaluate(fields, body.answers)
    if found.faults:
        errors = [body_error(f"answers.{key}", in_words(fault)) for key, fault in found.faults.items()]
        raise Problem("wrong-input", _("Some answers are not possible."), errors=errors)
    with translation.override(language):
        return Wish(form, found.answers, language, more=body.given().get("text", ""))


def _service(row: models.Service) -> schemas.Service:
    form: models.ServiceForm = row.forms.all()[0]
    plain: dict[str, Any] = {name: getattr(row, name) for name in ("id", "slug", "names", "summaries", "descriptions",
                                                                   "kind", "audience", "currency")}  # fmt: skip
    return schemas.Service(
        **plain, category=row.category.names, brands=sorted(brand.pk for brand in row.brands.all()),
        price=str(row.price) if row.price is not None else None, hours=str(row.hours) if row.hours else None,
        active=row.is_active, form=form.number, fields=form.fields,
    )  # fmt: skip
