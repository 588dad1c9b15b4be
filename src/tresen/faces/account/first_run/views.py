"""The very first page of a desk."""

from __future__ import annotations

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tresen.channels.mail.mailboxes import create_mailbox
from tresen.core.calendars.services import create_calendar
from tresen.core.people.accounts import (
    AccountExists,
    FirstRunClosed,
    WrongCode,
    complete_first_run,
    first_run_is_open,
)
from tresen.core.people.models import Agent
from tresen.faces.account.entering import BACKEND, begin_session
from tresen.faces.account.first_run.emptiness import first_brand
from tresen.faces.account.first_run.forms import FirstRunForm, OpeningHoursForm
from tresen.kit import notices
from tresen.kit.requests import place_of
from tresen.spine.events.actors import Actor
from tresen.spine.limits.services import hit

CODES_TRIED = 10
DEFAULT_ZONES = {"de": "Europe/Berlin", "pl": "Europe/Warsaw", "en": "Europe/London"}


@sensitive_post_parameters("password", "again", "code")
@never_cache
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Open until the desk has its administrator; of two who race, one wins and the other is told so."""
    if not first_run_is_open():
        return _closed(request)
    if request.method == "GET":
        return _show(request, _fresh(request), OpeningHoursForm.usual(), 200)
    form, hours = FirstRunForm(request.POST), OpeningHoursForm(request.POST, prefix="hours")
    if not (form.is_valid() & hours.is_valid()):
        return _show(request, form, hours, 422)
    if not hit("first run", place_of(request), limit=CODES_TRIED, seconds=900):
        form.add_error("code", _("Too many attempts. Please wait 15 minutes."))
        return _show(request, form, hours, 429)
    try:
        agent = _set_up(form, hours)
    except FirstRunClosed:
        return _closed(request)
    except WrongCode:
        form.add_error("code", _("That is not the code. Look at the console; the newest one counts."))
        return _show(request, form, hours, 422)
    except AccountExists:
        form.add_error("email", _("There is already an account with this address."))
        return _show(request, form, hours, 422)
    login(request, agent.user, backend=BACKEND)
    begin_session(request, agent.user)
    notices.tell(request, _("Your desk is ready. Next: let mail come in."))
    return HttpResponseRedirect("/desk/")


def _set_up(form: FirstRunForm, hours: OpeningHoursForm) -> Agent:
    """Administrator, brand, team, mailbox and first calendar, all or nothing."""
    data = form.cleaned_data
    with transaction.atomic():
        agent = complete_first_run(
            code=data["code"], email=data["email"], name=data["name"], password=data["password"],
            language=data["language"], timezone=data["timezone"], brand=form.brand_values(hours), team=data["team"],
        )  # fmt: skip
        mailbox = {
            "address": data["mailbox"], "name": data["brand"], "brand": first_brand(), "team": agent.teams.get(),
            "language": data["language"],
        }  # fmt: skip
        create_mailbox(set=mailbox, by=Actor.agent(agent))
        week = {"timezone": data["timezone"], "weekly": hours.weekly()}
        with override(data["language"]):
            create_calendar(set={"name": _("Office hours"), **week}, by=Actor.agent(agent))
    return agent


def _fresh(request: HttpRequest) -> FirstRunForm:
    language = (get_language() or "en")[:2]
    initial = {
        "code": request.GET.get("code", "")[:60], "language": language, "letters": "T",
        "timezone": DEFAULT_ZONES.get(language, "Europe/Berlin"),
    }  # fmt: skip
    return FirstRunForm(initial=initial)


def _show(request: HttpRequest, form: FirstRunForm, hours: OpeningHoursForm, status: int) -> HttpResponse:
    return render(request, "account/first_run.html", {"form": form, "hours": hours}, status=status)


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "account/first_run_closed.html", status=404)
