"""What leaves the house: a call by mail and through the gateway, and the word to a keeper that nobody will be there."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.channels.mail.account_mail import send_account_mail
from tresen.core.people.models import Agent
from tresen.kit import clock
from tresen.kit.http import NotReached
from tresen.kit.times import exact
from tresen.service.oncall import gateway
from tresen.service.oncall.models import Alert, AlertCall, AlertState, Gateway, Rota
from tresen.service.oncall.plans import cover_of, keepers_of, plan_of
from tresen.service.oncall.turns import Span

# Holes so far ahead are told.
AHEAD = timedelta(days=7)


def mail_call(call_id: int) -> None:
    """Mails the call, unless somebody has acknowledged meanwhile or the ticket has left. Raises transport.Deferred."""
    call = _call(call_id)
    if call is None:
        return
    agent, ticket = call.agent, call.alert.ticket
    with translation.override(agent.user.language), timezone.override(agent.user.timezone):
        subject = _("You are on call: %(number)s %(subject)s") % {
            "number": ticket.shown_number, "subject": ticket.subject}  # fmt: skip
        text = ngettext(
            "A ticket has come to your level and needs you now. Say that you have it, or the next one is called in"
            " %(n)s minute.",
            "A ticket has come to your level and needs you now. Say that you have it, or the next one is called in"
            " %(n)s minutes.",
            call.alert.rota.ack_minutes,
        ) % {"n": call.alert.rota.ack_minutes}
        if others := _others(call):
            text += "\n\n" + ngettext(
                "%(n)s more ticket of %(rota)s waits for somebody.",
                "%(n)s more tickets of %(rota)s wait for somebody.",
                others,
            ) % {"n": others, "rota": call.alert.rota.name}  # fmt: skip
        text += f"\n\n{_address(call)}\n"
    send_account_mail(to=agent.user.email, language=agent.user.language, subject=subject, text=text)


def ring(call_id: int) -> None:
    """Sends the call to the gateway, where it has a number if it needs one. Raises NotReached for one that does not
    take it."""
    call, row = _call(call_id), Gateway.objects.first()
    if call is None or row is None or not row.url:
        return
    agent, ticket = call.agent, call.alert.ticket
    number = gateway.dialled(row.numbers.get(str(agent.pk), ""))
    if not number and gateway.needs_number(row):
        return
    with translation.override(agent.user.language):
        others = _others(call)
        text = (
            ngettext(
                "On call: %(number)s and %(n)s more ticket need you.",
                "On call: %(number)s and %(n)s more tickets need you.",
                others,
            ) % {"number": ticket.shown_number, "n": others}
            if others else _("On call: %(number)s needs you.") % {"number": ticket.shown_number}
        )  # fmt: skip
    answer = gateway.send(row, {
        "to": number, "name": agent.user.name, "text": f"{text} {_address(call)}", "ticket": ticket.number,
        "rota": call.alert.rota.name, "link": _address(call), "call": f"call-{call.pk}",
    })  # fmt: skip
    if answer.status >= 300:
        raise NotReached(f"the gateway answered {answer.status}")


def try_gateway(agent_id: int, since: datetime) -> None:
    """Sends the trial of that moment to one person, and keeps what was answered; nothing once another has begun."""
    row = Gateway.objects.first()
    agent = Agent.objects.select_related("user").filter(pk=agent_id).first()
    if row is None or agent is None or not row.url or row.tried_at != since:
        return
    gateway.run_trial(row, trial_values(row, agent), since=since)


def trial_values(row: Gateway, agent: Agent) -> dict[str, str]:
    """What a trial, or an example, says to that person."""
    with translation.override(agent.user.language):
        text = _("A trial of the on-call alarm: nothing needs to be done.")
    return {
        "to": gateway.dialled(row.numbers.get(str(agent.pk), "")), "name": agent.user.name,
        "text": f"{text} {settings.BASE_URL}/", "ticket": "T000000", "rota": _("Trial"),
        "link": f"{settings.BASE_URL}/", "call": f"trial-{secrets.token_hex(4)}",
    }  # fmt: skip


def _call(call_id: int) -> AlertCall | None:
    """Once somebody has it or the ticket has left, what waits or is tried again does not leave any more: it is the
    first one that has joined it, or None."""
    rows = AlertCall.objects.select_related("alert__ticket", "alert__rota", "agent__user")
    call = rows.filter(pk=call_id).first()
    if call is None or not (call.alert.state == AlertState.ACKNOWLEDGED or call.alert.is_past):
        return call
    waiting = Alert.objects.waiting(call.alert.rota)
    return rows.filter(agent=call.agent, joined=True, at__gte=call.at, alert__in=waiting).first()


def _others(call: AlertCall) -> int:
    return Alert.objects.waiting(call.alert.rota).exclude(pk=call.alert_id).count()


def _address(call: AlertCall) -> str:
    return settings.BASE_URL + reverse("desk:alert", args=[call.alert_id])


def holes_of(rota: Rota, start: datetime, end: datetime) -> list[Span]:
    """When nobody is on call though somebody must be."""
    return plan_of(rota, start, end).holes(cover_of(rota, start, end), start, end)


def tell_holes() -> None:
    """Mails each keeper the next hole of his rota within a week, once."""
    now = clock.now()
    for rota in Rota.objects.filter(is_active=True).select_related("calendar", "keeper__user"):
        holes = holes_of(rota, now, now + AHEAD)
        if not holes or (rota.told_hole_at and holes[0][0] <= rota.told_hole_at <= holes[0][1]):
            continue
        for keeper in keepers_of(rota):
            _mail_hole(rota, keeper, holes[0])
        Rota.objects.filter(pk=rota.pk).update(told_hole_at=holes[0][1])


def _mail_hole(rota: Rota, keeper: Agent, hole: Span) -> None:
    with translation.override(keeper.user.language), timezone.override(keeper.user.timezone):
        told = {"rota": rota.name, "begin": exact(hole[0]), "end": exact(hole[1])}
        subject = _("Nobody is on call: %(rota)s, from %(begin)s") % told
        text = _("The rota %(rota)s has a hole from %(begin)s until %(end)s. Put somebody in.") % told
        if keeper.pk != rota.keeper_id:
            text += "\n\n" + no_keeper(rota)
        text += "\n\n" + settings.BASE_URL + reverse("setup:rota", args=[rota.pk]) + "\n"
    send_account_mail(to=keeper.user.email, language=keeper.user.language, subject=subject, text=text)


def no_keeper(rota: Rota) -> str:
    """That the administrators hear in his place."""
    return _("%(name)s, who keeps this rota, can no longer sign in: the administrators are told until somebody else"
             " keeps it.") % {"name": rota.keeper}  # fmt: skip
