"""/rules, /webhooks: what the desk does by itself, and whom it calls. For who arranges it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.faces.api.answers import answer
from tresen.faces.api.automation import schemas
from tresen.faces.api.paging import ListQuery, page
from tresen.service.rules import models as rules
from tresen.service.webhooks import models as webhooks

router = Router(tags=["automation"])


@router.get("/rules", response=schemas.Rules, url_name="rules", operation_id="list_rules")
def list_rules(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The rules of this desk in the order in which they look, for who writes them."""
    require(principal_of(request), "rule.manage")
    found = rules.Rule.objects.visible_to(principal_of(request))
    rows, after = page(found, params, name="rules", sorts={"position": "position"}, default="position")
    return answer(schemas.Rules(items=list(map(_rule, rows)), next=after))


@router.get("/webhooks", response=schemas.Webhooks, url_name="webhooks", operation_id="list_webhooks")
def list_webhooks(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The webhooks of this desk by name, for who arranges them."""
    require(principal_of(request), "webhook.manage")
    found = webhooks.Endpoint.objects.visible_to(principal_of(request))
    rows, after = page(found, params, name="webhooks", sorts={"name": "name"}, default="name")
    return answer(schemas.Webhooks(items=list(map(_webhook, rows)), next=after))


def _rule(row: rules.Rule) -> schemas.Rule:
    return schemas.Rule(
        id=row.pk, name=row.name, is_active=row.is_active, position=row.position, triggers=row.triggers,
        since=row.since or None, minutes=row.minutes, condition=row.condition, brand=row.brand_id, team=row.team_id,
        actions=row.actions, version=row.version, stopped_why=row.stopped_why or None,
    )  # fmt: skip


def _webhook(row: webhooks.Endpoint) -> schemas.Webhook:
    return schemas.Webhook(
        id=row.pk, name=row.name, url=row.url, is_active=row.is_active, kinds=row.kinds,
        failing_since=row.failing_since, stopped_why=row.stopped_why or None,
    )  # fmt: skip
