"""Announcements at the desk: all of them, one with its figures, its updates, its end."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tresen.core.announcements import services
from tresen.core.announcements.affected import link_ticket, unlink_ticket
from tresen.core.announcements.choices import Stage
from tresen.core.announcements.models import Announcement
from tresen.core.announcements.services import NotPossible, StaleAnnouncement, WrongAnnouncement
from tresen.core.people.permissions import can, require
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.announcements.forms import UpdateForm
from tresen.faces.desk.announcements.reading import figures_of, in_parts, open_numbers, previews_of, tickets_of
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit import notices

PAGE = 50


@staff_page
@require_safe
def announcements(request: StaffRequest) -> HttpResponseBase:
    """`/desk/announcements/?before=`: what lasts and is to come first, then what was."""
    before = request.GET.get("before", "")
    key = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else 0
    rows = Announcement.objects.visible_to(request.principal).prefetch_related("brands", "organisations")
    lasting, others = in_parts(rows, before=key, page=PAGE + 1)
    own = reverse("desk:announcements")
    context = {
        "lasting": lasting, "others": others[:PAGE], "may_announce": can(request.principal, "announcement.manage"),
        "older_url": f"{own}?before={others[PAGE - 1].pk}" if len(others) > PAGE else "",
        "newer_url": own if before else "",
    }  # fmt: skip
    return render(request, "desk/announcements/list.html", context)


@staff_page
@require_safe
def announcement(request: StaffRequest, announcement_id: int) -> HttpResponseBase:
    """`/desk/announcements/<id>/`: as customers see it, with what became of it."""
    found = find_announcement(request, announcement_id)
    return show(request, found, UpdateForm(initial={"version": found.version}))


@staff_page
@require_POST
def update(request: StaffRequest, announcement_id: int) -> HttpResponseBase:
    """Says what is new; with the stage `solved` it is over. 409 when somebody was faster: what was typed stays."""
    found = find_announcement(request, announcement_id)
    require(request.principal, "announcement.manage", found)
    form = UpdateForm(request.POST)
    if not form.is_valid():
        return show(request, found, form, status=422)
    try:
        made = services.post_update(
            found, stage=form.cleaned_data["stage"], texts=form.words("text"), agent=request.principal.agent,
            by=request.principal.actor, expected_version=form.cleaned_data["version"],
        )  # fmt: skip
    except StaleAnnouncement as stale:
        return show(request, stale.announcement, _again(request, form, stale.announcement), status=409)
    except WrongAnnouncement:
        form.add_error(f"text_{found.language}", _("Write it in the main language."))
        return show(request, found, form, status=422)
    except NotPossible:
        notices.tell(request, _("It is not published: nobody could read the update."), "warn")
        return HttpResponseRedirect(reverse("desk:announcement", args=[announcement_id]))
    solved = made.stage == Stage.SOLVED
    notices.tell(request, _("It is over. Everybody affected is told.") if solved else _("Everybody affected is told."))
    return HttpResponseRedirect(reverse("desk:announcement", args=[announcement_id]))


@staff_page
@require_POST
def state(request: StaffRequest, announcement_id: int) -> HttpResponseBase:
    """`act`: publish, withdraw or bring_back."""
    found = find_announcement(request, announcement_id)
    require(request.principal, "announcement.manage", found)
    acts = {
        "publish": (services.publish, _("Published.")), "withdraw": (services.withdraw, _("Withdrawn: customers no"
        " longer see it.")), "bring_back": (services.bring_back, _("It is a draft again.")),
    }  # fmt: skip
    version, (act, said) = request.POST.get("version", ""), acts.get(request.POST.get("act", ""), (None, ""))
    if act is None or not (version.isascii() and version.isdigit() and len(version) < 18):
        raise Http404
    try:
        act(found, by=request.principal.actor, expected_version=int(version))
    except (StaleAnnouncement, NotPossible):
        notices.tell(request, _("Somebody else has changed it meanwhile. Look at it once more."), "warn")
    except WrongAnnouncement:
        notices.tell(request, _("Its end is in the past. Change the times first."), "warn")
    else:
        notices.tell(request, said)
    return HttpResponseRedirect(reverse("desk:announcement", args=[announcement_id]))


@staff_page
@require_POST
def tie(request: StaffRequest, number: str) -> HttpResponseBase:
    """`act`: link or unlink the ticket and an `announcement`."""
    ticket = find_ticket(request.principal, number)
    require(request.principal, "ticket.change", ticket)
    key = request.POST.get("announcement", "")
    row = find_announcement(request, int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0)
    try:
        if request.POST.get("act") == "unlink":
            unlink_ticket(row, ticket, by=request.principal.actor)
            said = _("It is no longer tied to it.")
        else:
            link_ticket(row, ticket, by=request.principal.actor)
            said = _("Tied to it: the requester hears how it goes on.")
    except NotPossible:
        said = _("It is not published.")
    return answer(request, number, answers.CONTEXT, answers.TAIL, said=said)


def find_announcement(request: StaffRequest, announcement_id: int) -> Announcement:
    """Raises Http404 for what is not there."""
    rows = Announcement.objects.visible_to(request.principal).select_related("problem", "created_by__user")
    found = rows.prefetch_related("brands", "organisations").filter(pk=announcement_id).first()
    if found is None:
        raise Http404
    return found


def show(request: StaffRequest, row: Announcement, form: UpdateForm, *, status: int = 200) -> HttpResponseBase:
    """The page of one of them."""
    tickets, hidden = tickets_of(row, request.principal)
    context: dict[str, Any] = {
        "row": row, "form": form, "may": can(request.principal, "announcement.manage", row),
        "figures": figures_of(row), "previews": previews_of(row), "tickets": tickets, "hidden_tickets": hidden,
        "updates": row.updates.select_related("by__user"), "is_stale": status == 409,
        "problem": problem_of(row, request), "open_numbers": open_numbers(row, request.principal),
    }  # fmt: skip
    return render(request, "desk/announcements/page.html", context, status=status)


def problem_of(row: Announcement, request: StaffRequest) -> Any:
    """The ticket in which the cause is worked on, where one sees it."""
    return Ticket.objects.visible_to(request.principal).filter(pk=row.problem_id or 0).first()


def _again(request: StaffRequest, form: UpdateForm, now: Announcement) -> UpdateForm:
    data = request.POST.copy()
    data["version"] = str(now.version)
    return UpdateForm(data)
