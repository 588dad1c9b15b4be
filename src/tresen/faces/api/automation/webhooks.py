"""/webhooks: whom the desk calls. For who arranges that; a secret is never given out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.core.people.refusals import NameTaken
from tresen.faces.api.answers import answer, resource
from tresen.faces.api.automation import schemas
from tresen.faces.api.changing import Change, change_as_seen
from tresen.faces.api.once import once
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.problems import Problem, WrongField
from tresen.service.webhooks import services
from tresen.service.webhooks.models import Endpoint

router = Router(tags=["automation"])


@router.get("/webhooks", response=schemas.Webhooks, url_name="webhooks", operation_id="list_webhooks")
def list_webhooks(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The webhooks of this desk by name, for who arranges them."""
    require(principal_of(request), "webhook.manage")
    found = Endpoint.objects.visible_to(principal_of(request))
    rows, after = page(found, params, name="webhooks", sorts={"name": "name"}, default="name")
    return answer(schemas.Webhooks(items=list(map(_shown, rows)), next=after))


@router.post("/webhooks", response={201: schemas.Webhook}, url_name="webhook-create", operation_id="create_webhook")
def create_webhook(request: HttpRequest, body: schemas.WebhookCreate) -> HttpResponse:
    """A new webhook. Its secret is shown in the settings alone: make a new one there."""
    principal = principal_of(request)
    require(principal, "webhook.manage")
    wanted = _wanted(body)

    def act() -> HttpResponse:
        return _show(_act(lambda: services.create_endpoint(set=wanted, by=principal.actor)[0]), status=201)

    return once(request, act)


@router.get("/webhooks/{int:webhook_id}", response=schemas.Webhook, url_name="webhook", operation_id="get_webhook")
def get_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One webhook."""
    return _show(_one(request, webhook_id))


@router.patch(
    "/webhooks/{int:webhook_id}", response=schemas.Webhook, url_name="webhook-change", operation_id="change_webhook"
)
def change_webhook(request: HttpRequest, webhook_id: int, body: schemas.WebhookChange) -> HttpResponse:
    """Changes fields. With `If-Match` only if nobody changed it meanwhile."""
    principal, row = principal_of(request), _one(request, webhook_id)

    def prepare() -> Change:
        wanted = _wanted(body)
        return lambda *, expected: _show(
            _act(lambda: services.change_endpoint(row, set=wanted, by=principal.actor, expected=expected))
        )

    return change_as_seen(request, row, shown=_shown, values=services.endpoint_values, prepare=prepare)


def _one(request: HttpRequest, key: int) -> Endpoint:
    """Whoever may not arrange webhooks learns of none."""
    return get_object_or_404(Endpoint.objects.visible_to(principal_of(request)), pk=key)


def _wanted(body: schemas.WebhookChange) -> dict[str, Any]:
    wanted = body.given()
    if "active" in wanted:
        wanted["is_active"] = wanted.pop("active")
    return wanted


def _act(act: Callable[[], Endpoint]) -> Endpoint:
    try:
        return act()
    except NameTaken as fault:
        raise Problem("conflict", _("Another webhook has this name.")) from fault
    except services.WrongUrl as fault:
        raise WrongField("url", _("Only https addresses of the public internet are called.")) from fault
    except services.WrongEndpoint as fault:
        raise WrongField(fault.field, _("This value is not possible here.")) from fault


def _show(row: Endpoint, *, status: int = 200) -> HttpResponse:
    return resource(_shown(row), f"webhooks/{row.pk}", status=status)


def _shown(row: Endpoint) -> schemas.Webhook:
    return schemas.Webhook(
        id=row.pk, name=row.name, url=row.url, active=row.is_active, kinds=row.kinds,
        failing_since=row.failing_since, stopped_why=row.stopped_why or None,
    )  # fmt: skip
