"""/rules: what the desk does by itself. For who writes rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal, principal_of
from tresen.core.people.refusals import NameTaken
from tresen.faces.api.answers import answer, resource
from tresen.faces.api.automation import schemas
from tresen.faces.api.changing import Change, change_as_seen
from tresen.faces.api.lookups import brand_named, team_named
from tresen.faces.api.once import once
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.problems import Problem, WrongField
from tresen.service.rules import services
from tresen.service.rules.actions import WrongActions, known_actions
from tresen.service.rules.models import Rule
from tresen.service.search.query import QueryError

router = Router(tags=["automation"])


@router.get("/rules", response=schemas.Rules, url_name="rules", operation_id="list_rules")
def list_rules(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """The rules of this desk in the order in which they look, for who writes them."""
    require(principal_of(request), "rule.manage")
    found = Rule.objects.visible_to(principal_of(request))
    rows, after = page(found, params, name="rules", sorts={"position": "position"}, default="position")
    return answer(schemas.Rules(items=list(map(_shown, rows)), next=after))


@router.post("/rules", response={201: schemas.Rule}, url_name="rule-create", operation_id="create_rule")
def create_rule(request: HttpRequest, body: schemas.RuleCreate) -> HttpResponse:
    """A new rule, the last in order; it is off unless `active` says otherwise."""
    principal = principal_of(request)
    require(principal, "rule.manage")
    wanted = _wanted(principal, body)
    return once(request, lambda: _show(_act(lambda: services.create_rule(set=wanted, by=principal.actor)), status=201))


@router.get("/rules/{int:rule_id}", response=schemas.Rule, url_name="rule", operation_id="get_rule")
def get_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """One rule."""
    return _show(_one(request, rule_id))


@router.patch("/rules/{int:rule_id}", response=schemas.Rule, url_name="rule-change", operation_id="change_rule")
def change_rule(request: HttpRequest, rule_id: int, body: schemas.RuleChange) -> HttpResponse:
    """Changes fields; what it says then is a new version. With `If-Match` only if nobody changed it meanwhile."""
    principal, row = principal_of(request), _one(request, rule_id)

    def prepare() -> Change:
        wanted = _wanted(principal, body)
        return lambda *, expected: _show(
            _act(lambda: services.change_rule(row, set=wanted, by=principal.actor, expected=expected))
        )

    return change_as_seen(request, row, shown=_shown, values=services.rule_values, prepare=prepare)


def _one(request: HttpRequest, key: int) -> Rule:
    """Whoever may not write rules learns of none."""
    return get_object_or_404(Rule.objects.visible_to(principal_of(request)), pk=key)


def _wanted(principal: Principal, body: schemas.RuleChange) -> dict[str, Any]:
    """The fields as the service takes them. Raises WrongField."""
    wanted = body.given()
    if "active" in wanted:
        wanted["is_active"] = wanted.pop("active")
    if "since" in wanted:
        wanted["since"] = wanted["since"] or ""
    elif wanted.get("triggers"):
        wanted["since"] = ""
    if wanted.get("brand") is not None:
        wanted["brand"] = brand_named(principal, wanted["brand"], "brand")
    if wanted.get("team") is not None:
        wanted["team"] = team_named(principal, wanted["team"], "team")
    for at, action in enumerate(wanted.get("actions", ())):
        _check_names(at, action)
    return wanted


def _check_names(at: int, action: dict[str, Any]) -> None:
    """What an action does not ask for is refused by itself."""
    known = known_actions().get(str(action.get("do", "")))
    if known is None:
        raise WrongField(f"actions.{at}.do", _("This must be one of: %(values)s.") % {
            "values": ", ".join(known_actions())})  # fmt: skip
    for name in sorted(action.keys() - {"do", *(one.name for one in known.inputs)}):
        raise WrongField(f"actions.{at}.{name}", _("There is no field of this name."))


def _act(act: Callable[[], Rule]) -> Rule:
    impossible = _("This value is not possible here.")
    try:
        return act()
    except NameTaken as fault:
        raise Problem("conflict", _("Another rule has this name.")) from fault
    except services.WrongRule as fault:
        raise WrongField(fault.field, impossible) from fault
    except WrongActions as fault:
        raise WrongField(f"actions.{fault.at}.{fault.field or 'do'}", impossible) from fault
    except QueryError as fault:
        raise WrongField("condition", str(fault)) from fault
    except services.NoMe as fault:
        raise WrongField("condition", _("A rule is nobody: “me” and “mine” mean nothing here.")) from fault


def _show(row: Rule, *, status: int = 200) -> HttpResponse:
    return resource(_shown(row), f"rules/{row.pk}", status=status)


def _shown(row: Rule) -> schemas.Rule:
    return schemas.Rule(
        id=row.pk, name=row.name, active=row.is_active, position=row.position, triggers=row.triggers,
        since=row.since or None, minutes=row.minutes, condition=row.condition, brand=row.brand_id, team=row.team_id,
        actions=row.actions, version=row.version, stopped_why=row.stopped_why or None,
    )  # fmt: skip
