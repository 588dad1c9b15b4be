"""Recurring tickets: what comes when, what came, and holes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.principals import Principal, principal_of
from tresen.core.people.refusals import NameTaken
from tresen.core.tickets.models import Ticket
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.recurring.forms import RecurringForm, initial_of
from tresen.faces.setup.recurring.wording import rhythm_of
from tresen.kit import clock, notices
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint
from tresen.service.recurring.making import CannotMake, fill_hole, waive_hole
from tresen.service.recurring.models import Occurrence, OccurrenceState, Recurring
from tresen.service.recurring.services import (
    WHEN,
    change_recurring,
    create_recurring,
    pattern_of,
    recurring_values,
)

PREVIEWED = 6
SHOWN = 20


@settings_page("sorting.manage")
@require_safe
def recurring_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All of them with their next dates, how many holes each has, and how many rounds nobody has worked on."""
    holes = Count("occurrences", filter=Q(occurrences__state=OccurrenceState.MISSED))
    rows = Recurring.objects.visible_to(principal).select_related("team").annotate(holes=holes)
    left = Counter(Occurrence.objects.unworked().values_list("recurring", flat=True))
    listed = [(row, rhythm_of(row), left[row.pk]) for row in rows]
    return render(request, "setup/recurring_list.html", {"rows": listed})


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def new_recurring(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new one; with `look` its dates before it is saved."""
    if request.method == "GET":
        form = RecurringForm(initial=initial_of(None), principal=principal)
        return _page(request, form, None, None, 200)
    form = RecurringForm(request.POST, principal=principal)
    is_sound = form.is_valid()
    if "look" in request.POST or not is_sound:
        return _page(request, form, None, _dates(form), 200 if "look" in request.POST else 422)
    try:
        made = create_recurring(set=form.wanted(), by=principal.actor)
    except NameTaken:
        form.add_error("name", _("There is one of this name already."))
        return _page(request, form, None, _dates(form), 422)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:recurring", args=[made.pk]))


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def recurring(request: HttpRequest, principal: Principal, recurring_id: int) -> HttpResponseBase:
    """One of them."""
    found: Recurring = found_or_404(Recurring.objects.visible_to(principal), recurring_id)
    if request.method == "GET":
        initial = {**initial_of(found), "mark": fingerprint(recurring_values(found))}
        form = RecurringForm(initial=initial, principal=principal, now=found)
        return _page(request, form, found, _next(found), 200)
    form = RecurringForm(request.POST, principal=principal, now=found)
    is_sound = form.is_valid()
    if "look" in request.POST or not is_sound:
        return _page(request, form, found, _dates(form), 200 if "look" in request.POST else 422)
    try:
        change_recurring(found, set=form.wanted(), by=principal.actor, expected=form.expected)
    except NameTaken:
        form.add_error("name", _("There is one of this name already."))
        return _page(request, form, found, _dates(form), 422)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, form, found, _dates(form), 409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:recurring", args=[found.pk]))


@settings_page("sorting.manage")
@require_POST
def recurring_look(request: HttpRequest, principal: Principal) -> HttpResponse:
    """The dates of what is typed, as a part of the page."""
    form = RecurringForm(request.POST, principal=principal)
    form.is_valid()
    return render(request, "setup/parts/recurring_dates.html", {"dates": _dates(form)})


@settings_page("sorting.manage")
@require_POST
def recurring_hole(request: HttpRequest, principal: Principal, occurrence_id: int) -> HttpResponseBase:
    """A missed date: `act` make (now) or waive."""
    holes = Occurrence.objects.filter(recurring__in=Recurring.objects.visible_to(principal))
    hole: Occurrence = found_or_404(holes.select_related("recurring__brand"), occurrence_id)
    if request.POST.get("act") == "make":
        notices.tell(request, _filled(hole, principal))
    else:
        waive_hole(hole, by=principal.actor)
        notices.tell(request, _("The date is no longer missed."))
    return HttpResponseRedirect(reverse("setup:recurring", args=[hole.recurring_id]))


def _filled(hole: Occurrence, principal: Principal) -> str:
    try:
        ticket = fill_hole(hole, by=principal.actor)
    except CannotMake as fault:
        return _("It cannot be made: %(fault)s. Look at what it names.") % {"fault": fault}
    if ticket is None:
        return _("Somebody has dealt with it already.")
    return _("The ticket %(number)s was made.") % {"number": ticket.shown_number}


def _dates(form: RecurringForm) -> list[datetime] | None:
    """The next dates of what is typed; None while the pattern cannot be read."""
    if form.errors.keys() & {*WHEN}:
        return None
    wanted = form.wanted() if not form.errors else {**form.cleaned_data, "name": ""}
    return _next(Recurring(**{name: wanted[name] for name in WHEN}))


def _next(row: Recurring) -> list[datetime]:
    return list(islice(pattern_of(row).dates(clock.now()), PREVIEWED))


def _page(
    request: HttpRequest, form: RecurringForm, found: Recurring | None, dates: list[datetime] | None, code: int
) -> HttpResponse:
    came: list[Any] = list(found.occurrences.select_related("ticket")[:SHOWN]) if found else []
    holes = list(found.occurrences.filter(state=OccurrenceState.MISSED)[:SHOWN]) if found else []
    dates_of = Occurrence.objects.filter(recurring=found) if found else Occurrence.objects.none()
    left = list(dates_of.unworked().select_related("ticket")[:SHOWN])
    made = {one.ticket_id for one in (*came, *left) if one.ticket_id}
    shown = Ticket.objects.visible_to(principal_of(request)).filter(pk__in=made)
    context = {"form": form, "recurring": found, "dates": dates, "came": came, "holes": holes, "unworked": left,
               "seen": set(shown.values_list("pk", flat=True)) if made else set()}  # fmt: skip
    return render(request, "setup/recurring.html", context, status=code)
