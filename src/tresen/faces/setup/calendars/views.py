"""Calendars: when somebody is there. What is typed is drawn beside the form before anything is saved."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.calendars.jobs import read_feed
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import calendar_values, change_calendar, create_calendar, users_of
from tresen.core.people.form_fields import ZoneField
from tresen.core.people.office_hours import usual_week
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import InUse, NameTaken
from tresen.faces.setup.calendars.drawing import look_at, week_rows
from tresen.faces.setup.calendars.forms import CalendarForm, WeekForm, show_days
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@settings_page("target.manage")
@require_safe
def calendar_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All calendars, with their weeks."""
    shown = [(one, week_rows(one.weekly), users_of(one)) for one in Calendar.objects.visible_to(principal)]
    return render(request, "setup/calendars.html", {"calendars": shown})


@settings_page("target.manage")
@require_http_methods(["GET", "POST"])
def new_calendar(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new calendar."""
    if request.method == "GET":
        zone = principal.agent.user.timezone if principal.agent else "UTC"
        form = CalendarForm(initial={"timezone": zone, "is_active": True})
        return _page(request, form, WeekForm(initial=WeekForm.typed(usual_week()), prefix="hours"), None, 200)
    form, week = _bound(request)
    if not (form.is_valid() & week.is_valid()):
        return _page(request, form, week, None, 422)
    if "look" in request.POST:
        return _page(request, form, week, None, 200)
    try:
        made = create_calendar(set=_values(form, week), by=principal.actor)
    except NameTaken:
        return _taken(request, form, week, None)
    notices.tell(request, _("The calendar %(name)s is there.") % {"name": made.name})
    return HttpResponseRedirect(reverse("setup:calendars"))


@settings_page("target.manage")
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, principal: Principal, calendar_id: int) -> HttpResponseBase:
    """One calendar."""
    found: Calendar = found_or_404(Calendar.objects.visible_to(principal), calendar_id)
    if request.method == "GET":
        week = WeekForm(initial=WeekForm.typed(found.weekly), prefix="hours")
        return _page(request, CalendarForm(initial=marked(calendar_values(found))), week, found, 200)
    form, week = _bound(request, found)
    if not (form.is_valid() & week.is_valid()):
        return _page(request, form, week, found, 422)
    if "look" in request.POST:
        return _page(request, form, week, found, 200)
    try:
        change_calendar(found, set=_values(form, week), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        _show_conflict(form, week, fault.fields)
        return _page(request, form, week, found, 409)
    except NameTaken:
        return _taken(request, form, week, found)
    except InUse as fault:
        told = _("Clocks still count by it: %(names)s. Give those another calendar first.")
        form.add_error("is_active", told % {"names": ", ".join(fault.users)})
        return _page(request, form, week, found, 422)
    notices.tell(request, _("Saved. Running clocks are reckoned anew."))
    return HttpResponseRedirect(reverse("setup:calendars"))


@settings_page("target.manage")
@require_POST
def calendar_look(request: HttpRequest, principal: Principal) -> HttpResponse:
    """What is being typed, drawn; and the regions of the country that was chosen."""
    form, week = _bound(request)
    sound = form.is_valid() & week.is_valid()
    context = {"form": form, "look": look_at(_unsaved(form, week)) if sound else None, "apart": True}
    return render(request, "setup/parts/calendar_look.html", context)


@settings_page("target.manage")
@require_POST
def calendar_read(request: HttpRequest, principal: Principal, calendar_id: int) -> HttpResponse:
    """The feed is read now instead of in some hours."""
    found: Calendar = found_or_404(Calendar.objects.visible_to(principal), calendar_id)
    if found.feed_url:
        read_feed.enqueue(calendar_id=found.pk, key=f"feed:{found.pk}")
        notices.tell(request, _("The feed is being read. Look again in a moment."))
    return HttpResponseRedirect(reverse("setup:calendar", args=[found.pk]))


def _bound(request: HttpRequest, found: Calendar | None = None) -> tuple[CalendarForm, WeekForm]:
    form = CalendarForm(request.POST)
    zone = form.fields["timezone"]
    assert isinstance(zone, ZoneField)
    zone.also = found.timezone if found else ""
    return form, WeekForm(request.POST, prefix="hours")


def _values(form: CalendarForm, week: WeekForm) -> dict[str, Any]:
    return {**form.values(), "weekly": week.weekly()}


def _unsaved(form: CalendarForm, week: WeekForm, found: Calendar | None = None) -> Calendar:
    kept = found.feed_days if found and found.feed_url == form.cleaned_data["feed_url"] else []
    return Calendar(**_values(form, week), feed_days=kept)


def _show_conflict(form: CalendarForm, week: WeekForm, now: dict[str, Any]) -> None:
    """Says of each field what it is now; days and hours as they are typed."""
    typed, hours_typed = form.cleaned_data["own_days"], week.weekly()
    form.show_conflict({name: value for name, value in now.items() if name not in {"own_days", "weekly"}})
    told = _("Somebody else has set this to “%(value)s” meanwhile.")
    if typed != now["own_days"]:
        form.add_error("own_days", told % {"value": show_days(now["own_days"])})
    for day, hours in WeekForm.typed(now["weekly"]).items():
        if hours_typed.get(day, []) != now["weekly"].get(day, []):
            week.add_error(day, told % {"value": hours})
    cast(QueryDict, form.data)["mark"] = marked(now)["mark"]


def _taken(request: HttpRequest, form: CalendarForm, week: WeekForm, found: Calendar | None) -> HttpResponse:
    form.add_error("name", _("There is already a calendar with this name."))
    return _page(request, form, week, found, 422)


def _page(request: HttpRequest, form: CalendarForm, week: WeekForm, found: Calendar | None, code: int) -> HttpResponse:
    look = None
    if not form.is_bound and found:
        look = look_at(found)
    elif form.is_bound and not form.errors and not week.errors:
        look = look_at(_unsaved(form, week, found))
    context = {"form": form, "hours": week, "calendar": found, "look": look}
    return render(request, "setup/calendar.html", context, status=code)
