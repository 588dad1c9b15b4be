"""Working together on a ticket: following, “my part is done”, letting it sleep."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tresen.core.people.permissions import require
from tresen.core.teamwork.following import follow, unfollow
from tresen.core.teamwork.mentions import close_mentions, everybody
from tresen.core.teamwork.naming import find_calls
from tresen.core.teamwork.snoozing import PRESETS, CannotSnooze, preset, snooze, wake
from tresen.core.tickets.rows import TooManyParticipants
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.teamwork.calling import called_words
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.fields import Refusal
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit import clock
from tresen.kit.times import exact

MOST_TEXT = 20_000


@staff_page
@require_POST
def follow_ticket(request: StaffRequest, number: str) -> HttpResponseBase:
    """Follows the ticket, or with `stop` no longer."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.see", found)
    agent, by = request.principal.agent, request.principal.actor
    if agent is None:
        return HttpResponse(status=403)
    if request.POST.get("stop"):
        unfollow(found, agent=agent, by=by)
        return answer(request, number, *_SEEN, said=_("You no longer follow this ticket."))
    try:
        follow(found, agent=agent, by=by)
    except TooManyParticipants:
        refusal = Refusal("follow", _("Follow"), _("At most 200 colleagues take part in a ticket."))
        return answer(request, number, answers.HEAD, refusal=refusal, status=422)
    return answer(request, number, *_SEEN, said=_("You follow this ticket."))


_SEEN = (answers.HEAD, answers.CONTEXT, answers.TAIL)


@staff_page
@require_POST
def my_part(request: StaffRequest, number: str) -> HttpResponseBase:
    """Closes what the agent was asked for on the ticket."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.see", found)
    close_mentions(found, principal=request.principal)
    return answer(request, number, answers.HEAD, answers.TAIL, said=_("Your part is done."))


@staff_page
@require_POST
def snooze_ticket(request: StaffRequest, number: str) -> HttpResponseBase:
    """Lets the ticket sleep until a preset (`until=later|tomorrow|monday`) or a time (`at`), with a `reason`."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.change", found)
    agent, until = request.principal.agent, _chosen(request)
    reason = request.POST.get("reason", "").replace("\0", "")[:200]
    try:
        if until is None or agent is None:
            raise CannotSnooze("no time")
        snooze(found, agent=agent, until=until, reason=reason, by=request.principal.actor)
    except CannotSnooze:
        text = _("Choose a time that is ahead, at most a year. A finished ticket cannot sleep.")
        refusal = Refusal("snooze", _("Snooze"), text, reason)
        return answer(request, number, answers.HEAD, refusal=refusal, status=422)
    return answer(
        request, number, answers.HEAD, answers.TAIL, said=_("Asleep until %(when)s.") % {"when": exact(until)}
    )


def _chosen(request: StaffRequest) -> datetime | None:
    name = request.POST.get("until", "")
    if name in PRESETS:
        return preset(name, clock.now())
    try:
        typed = parse_datetime(request.POST.get("at", "")[:40])
    except ValueError:  # the 31st of June
        return None
    return timezone.make_aware(typed) if typed and timezone.is_naive(typed) else None


@staff_page
@require_POST
def wake_ticket(request: StaffRequest, number: str) -> HttpResponseBase:
    """Wakes the ticket by hand, or undoes that it was put to sleep."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.change", found)
    wake(found, by=request.principal.actor)
    return answer(request, number, answers.HEAD, answers.TAIL, said=_("The ticket is awake."))


@staff_page
@require_POST
def calls(request: StaffRequest, number: str) -> HttpResponseBase:
    """Before a note is kept: who can be called (`list`), or whom its `text` calls and what follows, as JSON."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.draft", found)
    people = everybody()
    if request.POST.get("list"):
        return JsonResponse({"people": [{"name": p.name, "kind": p.kind, "handle": p.handle} for p in people]})
    called = find_calls(request.POST.get("text", "")[:MOST_TEXT], people)
    return JsonResponse({"said": " ".join(called_words(found, [call.who for call in called])) if called else ""})
