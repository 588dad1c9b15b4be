"""Writing an announcement: a new one, and changes."""

from __future__ import annotations

from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.announcements.choices import State
from tresen.core.announcements.models import Announcement
from tresen.core.announcements.services import (
    NotPossible,
    StaleAnnouncement,
    WrongAnnouncement,
    change_announcement,
    create_announcement,
)
from tresen.core.people.models import Organisation
from tresen.core.people.permissions import require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.announcements.forms import AnnouncementForm, initial_of
from tresen.faces.desk.announcements.views import find_announcement
from tresen.kit import notices

SUGGESTED_ORGANISATIONS = 200


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponseBase:
    """`/desk/announcements/new/`: it becomes a draft, to be looked at before it is published."""
    require(request.principal, "announcement.manage")
    form = _form(request, None, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, None, form)
    if not form.is_valid():
        return _page(request, None, form, status=422)
    try:
        made = create_announcement(set=form.wanted(), agent=request.principal.agent, by=request.principal.actor)
    except WrongAnnouncement as wrong:
        form.refuse(wrong.field)
        return _page(request, None, form, status=422)
    notices.tell(request, _("Saved as a draft. Look at it, then publish it."))
    return HttpResponseRedirect(reverse("desk:announcement", args=[made.pk]))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, announcement_id: int) -> HttpResponseBase:
    """`/desk/announcements/<id>/edit/`. 409 when somebody else was faster: what was typed stays, saving again means
    it."""
    found = find_announcement(request, announcement_id)
    require(request.principal, "announcement.manage", found)
    if found.state == State.WITHDRAWN:
        notices.tell(request, _("It was withdrawn. Make it a draft again first."), "warn")
        return HttpResponseRedirect(reverse("desk:announcement", args=[announcement_id]))
    form = _form(request, found, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        change_announcement(
            found, set=form.wanted(), by=request.principal.actor, expected_version=form.cleaned_data["version"]
        )
    except WrongAnnouncement as wrong:
        form.refuse(wrong.field)
        return _page(request, found, form, status=422)
    except (StaleAnnouncement, NotPossible):
        fresh = find_announcement(request, announcement_id)
        data = request.POST.copy()
        data["version"] = str(fresh.version)
        again = _form(request, fresh, data)
        again.is_valid()
        return _page(request, fresh, again, status=409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:announcement", args=[announcement_id]))


def _form(request: StaffRequest, row: Announcement | None, data: QueryDict | None) -> AnnouncementForm:
    initial = initial_of(row, (get_language() or "en")[:2])
    return AnnouncementForm(data, initial=initial, principal=request.principal, row=row)


def _page(
    request: StaffRequest, row: Announcement | None, form: AnnouncementForm, *, status: int = 200
) -> HttpResponseBase:
    names = Organisation.objects.visible_to(request.principal).order_by("name").values_list("name", flat=True)
    context = {
        "row": row, "form": form, "is_stale": status == 409, "organisations": names[:SUGGESTED_ORGANISATIONS],
        "theirs": _theirs(form, row) if status == 409 and row else [],
    }  # fmt: skip
    return render(request, "desk/announcements/edit.html", context, status=status)


def _theirs(form: AnnouncementForm, row: Announcement) -> list[dict[str, str]]:
    """What stands there by now where it is not what was typed."""
    now = AnnouncementForm(initial=initial_of(row, row.language), principal=form.principal, row=row)
    found = []
    for name, field in form.fields.items():
        mine, theirs = _shown(form[name].value()), _shown(now[name].value())
        if name != "version" and mine != theirs:
            found.append({"label": str(field.label), "value": theirs or "–", "mine": mine or "–"})
    return found


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(getattr(one, "pk", one)) for one in value)
    moment = getattr(value, "strftime", None)
    text = moment("%Y-%m-%dT%H:%M") if moment else str(value or "")
    return text.replace("\r\n", "\n").strip()
