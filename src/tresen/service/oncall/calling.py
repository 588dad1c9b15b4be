"""A ticket calls whoever is on call, one after the other, until somebody says that he has it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.teamwork.following import follow
from tresen.core.tickets.changes import Changes, apply_changes
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import TooManyParticipants, lock, save
from tresen.kit import clock
from tresen.service.oncall import jobs
from tresen.service.oncall.models import Alert, AlertCall, AlertQuerySet, AlertState, Rota
from tresen.service.oncall.plans import is_covered, keepers_of, plan_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

BY = Actor.system("on-call")
MOMENT = timedelta(seconds=1)
# So often everybody is called, then the keeper alone knows.
MOST_ROUNDS = 3
# Before all that can wait: whoever is to come waits for nothing else.
URGENT = 100


class HasLeft(ValueError):
    """Nobody can say any more that he has it: the ticket is finished, merged, in the bin or on another level."""


def rota_for(ticket: Ticket) -> Rota | None:
    """The rota that answers for the ticket's level at this moment."""
    rotas = Rota.objects.filter(level=ticket.level, is_active=True).select_related("calendar")
    return next((rota for rota in rotas if is_covered(rota, clock.now())), None)


def raise_alert(ticket: Ticket) -> Alert | None:
    """Begins to call for a ticket, which the caller holds; None where no rota answers or it calls already."""
    rota = rota_for(ticket)
    if rota is None or ticket.status_category not in ACTIVE:
        return None
    end_of_other_levels(ticket)
    if Alert.objects.filter(ticket=ticket, state=AlertState.OPEN).exists():
        return None
    at = clock.now()
    alert = Alert.objects.create(ticket=ticket, rota=rota, at=at, next_at=at)
    jobs.call_next.enqueue(alert_id=alert.pk, key=f"oncall:{alert.pk}:0", priority=URGENT)
    return alert


def end_of_other_levels(ticket: Ticket) -> None:
    """Nobody is called any more for a level that the ticket, which the caller holds, has left."""
    calling = Alert.objects.filter(ticket=ticket, state=AlertState.OPEN)
    calling.exclude(rota__level=ticket.level).update(state=AlertState.OVER)


@transaction.atomic
def call_next(alert_id: int) -> None:
    """Calls the next one, unless it was acknowledged, is finished or left the level. Event `oncall.called`. Checks
    before it acts, so it may run twice: nobody is called before the time has come."""
    alert = Alert.objects.select_related("ticket", "rota__calendar").filter(pk=alert_id).first()
    if alert is None or alert.state != AlertState.OPEN:
        return
    ticket, at = lock(alert.ticket, follow=False), clock.now()
    alert = Alert.objects.select_for_update(of=("self",)).select_related("rota__keeper__user").get(pk=alert_id)
    alert.ticket = ticket
    if alert.state != AlertState.OPEN or alert.next_at > at:
        return
    if alert.is_past:
        if ticket.deleted_at is None:  # in the bin it rests, and calls anew when it comes back
            _end(alert)
        return
    calls = list(alert.calls.values_list("agent", flat=True))
    keepers = keepers_of(alert.rota)
    chain = plan_of(alert.rota, at, at + MOMENT).on_call(at) or [one.pk for one in keepers]
    if len(calls) >= MOST_ROUNDS * len(chain):
        _end(alert)
        for keeper in keepers:
            _call(alert, ticket, keeper, is_last=True)
        return
    one = Agent.objects.select_related("user").get(pk=chain[len(calls) % len(chain)])
    alert.next_at = at + timedelta(minutes=alert.rota.ack_minutes)
    alert.save(update_fields=["next_at"])
    _call(alert, ticket, one)
    key = f"oncall:{alert.pk}:{len(calls) + 1}"
    jobs.call_next.enqueue(alert_id=alert.pk, at=alert.next_at, key=key, priority=URGENT)


def _end(alert: Alert) -> None:
    alert.state = AlertState.OVER
    alert.save(update_fields=["state"])


def _call(alert: Alert, ticket: Ticket, agent: Agent, *, is_last: bool = False) -> None:
    at = clock.now()
    joined = not is_last and _is_called(agent, alert, at)
    call = AlertCall.objects.create(alert=alert, agent=agent, at=at, joined=joined)
    if not Ticket.objects.visible_to(Principal.of_agent(agent)).filter(pk=ticket.pk).exists():
        with suppress(TooManyParticipants):  # the call goes out nevertheless
            follow(ticket, agent=agent, by=BY)
    facts: dict[str, Any] = {"alert": alert.pk, "agent": agent.pk, "name": str(agent), "rota": alert.rota.name,
                             "unanswered": is_last, "joined": joined}  # fmt: skip
    record("oncall.called", stream=ticket, by=BY, changes=facts)
    if not joined:
        jobs.mail_call.enqueue(call_id=call.pk, priority=URGENT)
        jobs.ring.enqueue(call_id=call.pk, priority=URGENT)


def _is_called(agent: Agent, alert: Alert, at: datetime) -> bool:
    """Whether a call of the rota for another ticket went out to him within its minutes and waits for his word: this one
    joins it, so that a thousand tickets at once are one call."""
    rota = alert.rota
    others = Alert.objects.waiting(rota).exclude(pk=alert.pk)
    young = AlertCall.objects.filter(agent=agent, joined=False, at__gt=at - timedelta(minutes=rota.ack_minutes))
    return young.filter(alert__in=others).exists()


def others_waiting(alert: Alert) -> AlertQuerySet:
    """Further tickets of the rota that nobody has, as a call counts them."""
    return Alert.objects.waiting(alert.rota).exclude(pk=alert.pk).order_by("pk")


@transaction.atomic
def acknowledge(alert: Alert, *, agent: Agent, by: Actor) -> bool:
    """The agent has it: nobody else is called, also where the ticket has come back to the level since and calls with
    another alert, and it is his where nobody had it. His word is no operation: an undo would leave a ticket for which
    nobody is called. Event `oncall.acknowledged`; False when somebody was faster. Raises HasLeft."""
    ticket, at = lock(alert.ticket, follow=False), clock.now()
    rows = Alert.objects.select_for_update(of=("self",)).select_related("rota")
    held = rows.instead_of(alert).first() or rows.get(pk=alert.pk)
    held.ticket = ticket
    if held.state == AlertState.ACKNOWLEDGED:
        return False
    if held.is_past:
        raise HasLeft
    facts = _acknowledged(held, agent, at)
    called = _called(held)
    free = ticket.assignee_id is None or ticket.assignee_id in called
    changes = apply_changes(ticket, {"assignee": agent}, at=at) if free else Changes()
    save(ticket, at)
    record("oncall.acknowledged", stream=ticket, by=by, changes={**facts, **changes}, undo=changes.undo)
    return True


def acknowledge_by_deed(ticket: Ticket, event: Event) -> None:
    """Whoever takes the ticket, or answers it though it was he who was called or has it, need not say besides that he
    has it: nobody else is called. In the transaction of his deed, which holds the ticket. Event
    `oncall.acknowledged`."""
    agent = Agent.objects.select_related("user").filter(pk=event.actor_id or 0).first()
    open_ones = Alert.objects.select_for_update(of=("self",)).filter(ticket=ticket, state=AlertState.OPEN)
    held = open_ones.first()
    if held is None or agent is None:
        return
    took = event.kind != "reply.added"
    if not took and agent.pk not in {ticket.assignee_id, *_called(held)}:
        return
    facts = {**_acknowledged(held, agent, clock.now()), "deed": "taken" if took else "answered"}
    record("oncall.acknowledged", stream=ticket, by=Actor.agent(agent), changes=facts, cause=event)


def call_again(ticket: Ticket, event: Event) -> None:
    """The ticket was taken, which ended its calling, and that was undone: it calls anew, also where it goes back to
    whoever had it while it called."""
    ended = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, kind="oncall.acknowledged")
    if ended.filter(cause__in=event.changes.get("undoes", [event.cause_id])).exists():
        raise_alert(ticket)


def call_after_bin(ticket: Ticket, event: Event) -> None:
    """The ticket called when it was put into the bin, and came back: it calls anew, the first one first."""
    calling = Alert.objects.filter(ticket=ticket, state=AlertState.OPEN)
    if event.stream_row is None:  # the reaction runs once more and may have called
        calling = calling.filter(at__lt=event.at)
    if calling.update(state=AlertState.OVER):
        raise_alert(ticket)


def _called(alert: Alert) -> set[int]:
    return set(alert.calls.values_list("agent", flat=True))


def _acknowledged(alert: Alert, agent: Agent, at: datetime) -> dict[str, int]:
    """He has it; what the event says of that, with the seconds that it took."""
    alert.state, alert.acknowledged_by, alert.acknowledged_at = AlertState.ACKNOWLEDGED, agent, at
    alert.save(update_fields=["state", "acknowledged_by", "acknowledged_at"])
    # Never negative: the machine's clock may have been set back since.
    return {"alert": alert.pk, "seconds": max(0, round((at - alert.at).total_seconds()))}
