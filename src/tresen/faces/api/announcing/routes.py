"""/announcements: planned work, disturbances, news and training offers, and what is new about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.announcements import services
from tresen.core.announcements.models import Announcement
from tresen.core.announcements.services import NotPossible, StaleAnnouncement, WrongAnnouncement
from tresen.core.catalog.models import Service
from tresen.core.people.models import Brand, Organisation
from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal, principal_of
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_number
from tresen.faces.api.announcing import output, schemas
from tresen.faces.api.answers import answer, expected_version, if_match_version, resource, version_etag
from tresen.faces.api.once import once
from tresen.faces.api.paging import ListQuery, page
from tresen.faces.api.problems import Problem, WrongField, stale_now

router = Router(tags=["announcements"])
SORTS = {"begins_at": "begins_at", "id": "pk"}
MODELS: dict[str, Any] = {"brands": Brand, "organisations": Organisation, "services": Service}
STATES = {"published": services.publish, "withdrawn": services.withdraw, "draft": services.bring_back}


@router.get(
    "/announcements", response=schemas.Announcements, url_name="announcements", operation_id="list_announcements"
)
def list_announcements(request: HttpRequest, params: Query[ListQuery]) -> HttpResponse:
    """All of them, also drafts and what was."""
    rows, after = page(output.shown(principal_of(request)), params, name="announcements", sorts=SORTS, default="-id")
    return answer(schemas.Announcements(items=list(map(output.announcement, rows)), next=after))


@router.post(
    "/announcements", response={201: schemas.Announcement}, url_name="announcement-create",
    operation_id="create_announcement",
)  # fmt: skip
def create(request: HttpRequest, body: schemas.AnnouncementCreate) -> HttpResponse:
    """A new announcement: a draft, or published at once."""
    principal = principal_of(request)
    require(principal, "announcement.manage")
    wanted, state = _wanted(body, principal)

    def act() -> HttpResponse:
        with _told():
            made = services.create_announcement(set=wanted, agent=principal.agent, by=principal.actor)
            if state == "published":
                services.publish(made, by=principal.actor)
        return _show(request, made.pk, status=201)

    return once(request, act)


@router.get(
    "/announcements/{int:announcement_id}", response=schemas.Announcement, url_name="announcement",
    operation_id="get_announcement",
)  # fmt: skip
def get_one(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """One announcement."""
    return _show(request, announcement_id)


@router.patch(
    "/announcements/{int:announcement_id}", response=schemas.Announcement, url_name="announcement-change",
    operation_id="change_announcement",
)  # fmt: skip
def change(request: HttpRequest, announcement_id: int, body: schemas.AnnouncementChange) -> HttpResponse:
    """Changes fields, publishes or withdraws. With `If-Match` only if nobody changed it meanwhile."""
    principal, row = principal_of(request), _one(request, announcement_id)
    require(principal, "announcement.manage", row)
    if not if_match_version(request, row.version):
        raise _stale(request, row.pk)
    wanted, state = _wanted(body, principal)

    def act() -> HttpResponse:
        expected = expected_version(request, row.version)
        with _told():
            try:
                if wanted:
                    services.change_announcement(row, set=wanted, by=principal.actor, expected_version=expected)
                if state:
                    STATES[state](row, by=principal.actor, expected_version=None if wanted else expected)
            except StaleAnnouncement as fault:
                raise _stale(request, row.pk) from fault
        return _show(request, row.pk)

    return once(request, act)


@router.get(
    "/announcements/{int:announcement_id}/updates", response=schemas.Updates, url_name="announcement-updates",
    operation_id="list_announcement_updates",
)  # fmt: skip
def list_updates(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """All that was said since, newest first."""
    return answer(schemas.Updates(items=list(map(output.update, _one(request, announcement_id).updates.all()))))


@router.post(
    "/announcements/{int:announcement_id}/updates", response={201: schemas.Update},
    url_name="announcement-update-create", operation_id="create_announcement_update",
)  # fmt: skip
def create_update(request: HttpRequest, announcement_id: int, body: schemas.UpdateCreate) -> HttpResponse:
    """Says what is new; everybody affected is told. With the stage `solved` it is over."""
    principal, row = principal_of(request), _one(request, announcement_id)
    require(principal, "announcement.manage", row)

    def act() -> HttpResponse:
        with _told():
            made = services.post_update(
                row, stage=body.stage, texts=body.texts, agent=principal.agent, by=principal.actor
            )
        return answer(output.update(made), status=201)

    return once(request, act)


def _one(request: HttpRequest, key: int) -> Announcement:
    return get_object_or_404(Announcement.objects.visible_to(principal_of(request)), pk=key)


def _show(request: HttpRequest, key: int, *, status: int = 200) -> HttpResponse:
    row = get_object_or_404(output.shown(principal_of(request)), pk=key)
    shown = output.announcement(row)
    return resource(shown, f"announcements/{key}", etag=version_etag(row.version, shown), status=status)


def _stale(request: HttpRequest, key: int) -> Problem:
    row = get_object_or_404(output.shown(principal_of(request)), pk=key)
    shown = output.announcement(row)
    detail = _("The announcement is no longer as your If-Match says. Here is how it is now.")
    return stale_now(detail, shown, version_etag(row.version, shown))


def _wanted(body: schemas.AnnouncementChange, principal: Principal) -> tuple[dict[str, Any], str]:
    """The fields as the service takes them, and the state that is wanted. Raises WrongField."""
    given = body.given()
    state = str(given.pop("state", "") or "")
    for name, model in MODELS.items():
        if name in given:
            rows = {row.pk: row for row in model.objects.visible_to(principal).filter(pk__in=given[name])}
            if any(key not in rows for key in given[name]):
                raise WrongField(name, _("There is none with this id."))
            given[name] = list(rows.values())
    if given.get("problem") is not None:
        number = read_number(given["problem"])
        found = Ticket.objects.visible_to(principal).filter(number=number).first() if number else None
        if found is None:
            raise WrongField("problem", _("There is no ticket with this number."))
        given["problem"] = found
    return given, state


@contextmanager
def _told() -> Iterator[None]:
    """All in one transaction; what the service refuses is said in the words of the interface."""
    try:
        with transaction.atomic():
            yield
    except WrongAnnouncement as fault:
        name = "texts" if fault.field == "update" else fault.field
        raise WrongField(name, _("This value is not possible here.")) from fault
    except NotPossible as fault:
        raise Problem("conflict", _("Its state does not allow that.")) from fault
