"""/saved-replies and /macros: the texts and steps that agents use again and again, those the caller may use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel

from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal, principal_of
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.field_values import KEY
from tresen.core.tickets.staged import ME
from tresen.faces.api.answers import answer, resource
from tresen.faces.api.changing import Change, change_as_seen
from tresen.faces.api.lookups import agent_named, category_named, status_named, team_named
from tresen.faces.api.once import once
from tresen.faces.api.paging import SearchedListQuery, page
from tresen.faces.api.problems import WrongField
from tresen.faces.api.texts import output, schemas
from tresen.faces.api.texts.output import WORDS
from tresen.service.texts import models, services
from tresen.service.texts.filling import WrongText

router = Router(tags=["texts"])
SORTS = {"name": "name", "id": "pk"}
Row = Any


@router.get("/saved-replies", response=schemas.SavedReplies, url_name="saved-replies",
            operation_id="list_saved_replies")  # fmt: skip
def list_saved_replies(request: HttpRequest, params: Query[SearchedListQuery]) -> HttpResponse:
    """Saved replies by name, also those put away. `query`: a part of the name."""
    rows, after = _page(request, params, models.SavedReply, "saved-replies")
    return answer(schemas.SavedReplies(items=list(map(output.saved_reply, rows)), next=after))


@router.post("/saved-replies", response={201: schemas.SavedReply}, url_name="saved-reply-create",
             operation_id="create_saved_reply")  # fmt: skip
def create_saved_reply(request: HttpRequest, body: schemas.SavedReplyCreate) -> HttpResponse:
    """A new saved reply. For others than oneself: team leads and administrators."""
    return _create(request, body, services.create_saved_reply)


@router.get("/saved-replies/{int:text_id}", response=schemas.SavedReply, url_name="saved-reply",
            operation_id="get_saved_reply")  # fmt: skip
def get_saved_reply(request: HttpRequest, text_id: int) -> HttpResponse:
    """One saved reply."""
    return _show(_one(request, models.SavedReply, text_id))


@router.patch("/saved-replies/{int:text_id}", response=schemas.SavedReply, url_name="saved-reply-change",
              operation_id="change_saved_reply")  # fmt: skip
def change_saved_reply(request: HttpRequest, text_id: int, body: schemas.SavedReplyChange) -> HttpResponse:
    """Changes fields. With `If-Match` only if nobody changed it meanwhile."""
    return _change(request, _one(request, models.SavedReply, text_id), body, services.change_saved_reply)


@router.get("/macros", response=schemas.Macros, url_name="macros", operation_id="list_macros")
def list_macros(request: HttpRequest, params: Query[SearchedListQuery]) -> HttpResponse:
    """Macros by name, also those put away. `query`: a part of the name."""
    rows, after = _page(request, params, models.Macro, "macros")
    return answer(schemas.Macros(items=list(map(output.macro, rows)), next=after))


@router.post("/macros", response={201: schemas.Macro}, url_name="macro-create", operation_id="create_macro")
def create_macro(request: HttpRequest, body: schemas.MacroCreate) -> HttpResponse:
    """A new macro: a text, changes, or both."""
    return _create(request, body, services.create_macro)


@router.get("/macros/{int:macro_id}", response=schemas.Macro, url_name="macro", operation_id="get_macro")
def get_macro(request: HttpRequest, macro_id: int) -> HttpResponse:
    """One macro."""
    return _show(_one(request, models.Macro, macro_id))


@router.patch("/macros/{int:macro_id}", response=schemas.Macro, url_name="macro-change", operation_id="change_macro")
def change_macro(request: HttpRequest, macro_id: int, body: schemas.MacroChange) -> HttpResponse:
    """Changes fields. With `If-Match` only if nobody changed it meanwhile."""
    return _change(request, _one(request, models.Macro, macro_id), body, services.change_macro)


def _page(request: HttpRequest, params: Any, model: Any, name: str) -> tuple[list[Row], str | None]:
    found = model.objects.visible_to(principal_of(request)).select_related("team")
    if wanted := params.query.strip():
        found = found.filter(name__icontains=wanted[:80])
    return page(found, params, name=name, sorts=SORTS, default="name")


def _one(request: HttpRequest, model: Any, key: int) -> Row:
    return get_object_or_404(model.objects.visible_to(principal_of(request)).select_related("team", "owner"), pk=key)


def _create(request: HttpRequest, body: schemas.KeptChange, service: Callable[..., Row]) -> HttpResponse:
    principal = principal_of(request)
    require(principal, "text.keep")
    wanted = _wanted(principal, body, None)
    return once(request, lambda: _show(_act(lambda: service(set=wanted, by=principal.actor)), status=201))


def _change(request: HttpRequest, row: Row, body: schemas.KeptChange, service: Callable[..., Row]) -> HttpResponse:
    principal = principal_of(request)
    require(principal, "text.change", row)

    def prepare() -> Change:
        wanted = _wanted(principal, body, row)
        return lambda *, expected: _show(_act(lambda: service(row, set=wanted, by=principal.actor, expected=expected)))

    return change_as_seen(request, row, shown=_shown, values=services.present_values, prepare=prepare)


def _wanted(principal: Principal, body: schemas.KeptChange, row: Row | None) -> dict[str, Any]:
    """The fields as the service takes them. Raises WrongField; PermissionDenied for a circle that is not the
    caller's."""
    given = body.given()
    wanted = {name: value for name, value in given.items() if name in {"name", "folder", "shortcut", "texts", "kind"}}
    if "active" in given:
        wanted["is_active"] = given["active"]
    if "changes" in given:
        wanted["changes"] = _changes(principal, given["changes"])
    if row is None or "audience" in given or "team" in given:
        wanted |= _circle(principal, given, row)
    return wanted


def _circle(principal: Principal, given: dict[str, Any], row: Row | None) -> dict[str, Any]:
    present = ("me" if row.owner_id else "team" if row.team_id else "all") if row is not None else "me"
    audience = given.get("audience", "team" if given.get("team") is not None else present)
    if audience == "me":
        return {"owner": principal.agent, "team": None}
    named = given.get("team", row.team_id if row is not None else None)
    team = team_named(principal, named, "team") if audience == "team" else None
    if audience == "team" and team is None:
        raise WrongField("team", _("Say which team."))
    require(principal, "text.share", team)
    return {"owner": None, "team": team}


def _changes(principal: Principal, changes: schemas.MacroChangesInput) -> dict[str, Any]:
    found = changes.given()
    for name, words in WORDS.items():
        if name in found:
            found[name] = list(words).index(found[name]) + 1
    if "status" in found:
        found["status"] = status_named(principal, found["status"], "changes.status").slug
    if found.get("category") is not None:
        category = category_named(principal, found["category"], "changes.category")
        found["category"] = category.pk if category else None
    if found.get("team") is not None:
        team = team_named(principal, found["team"], "changes.team")
        found["team"] = team.pk if team else None
    if found.get("assignee") not in (None, ME):
        agent = agent_named(principal, found["assignee"], "changes.assignee")
        found["assignee"] = agent.pk if agent else None
    own = {KEY + slug: value for slug, value in found.pop("fields", {}).items()}
    return found | own


def _act(act: Callable[[], Row]) -> Row:
    try:
        return act()
    except WrongText as fault:
        detail = _("There is no %(name)s.") % {"name": ", ".join(fault.unknown)} if fault.unknown else _("Too long.")
        raise WrongField(f"texts.{fault.language}", detail) from fault
    except WrongValue as fault:
        raise WrongField(f"changes.{fault.field}", _("This value is not possible here.")) from fault
    except services.NothingToDo as fault:
        raise WrongField("texts", _("Without a text it does nothing.")) from fault


def _shown(row: Row) -> BaseModel:
    return output.macro(row) if isinstance(row, models.Macro) else output.saved_reply(row)


def _show(row: Row, *, status: int = 200) -> HttpResponse:
    kind = "macros" if isinstance(row, models.Macro) else "saved-replies"
    return resource(_shown(row), f"{kind}/{row.pk}", status=status)
