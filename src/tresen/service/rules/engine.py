"""Rules at work: at an event they look at its ticket in their order; each that matches acts, once for a root event.

What a rule changes is an event of its own, at which rules look again. Three things end that: a rule runs once on a
ticket for each root event, a chain of rules is so long at most (ten, unless the settings say otherwise), and a rule
that would undo what was just done to its own work, or call itself for good, on this ticket or on one that it has made,
is switched off and the administrators are told (safety test S59).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from tresen.core.tickets.automation import Action, Doing, MustStop, NotDone
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import StaleTicket, TooManyParticipants, ticket_of
from tresen.kit import clock
from tresen.service.rules.compiling import Compiled, rules_for
from tresen.service.rules.models import Outcome, RuleLook, RuleRun
from tresen.service.rules.own_fields import SetOwnField
from tresen.service.rules.services import stop_rule
from tresen.service.rules.setting import SetField, Setting, set_fields
from tresen.service.rules.triggers import triggers_of
from tresen.service.search.facts import Facts
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

# What may go wrong with one rule without costing the others anything.
FAULTS = (WrongValue, StaleTicket, TooManyParticipants, ValueError, LookupError)


def run_rules(event: Event) -> None:
    """Reaction to whatever can call a rule (triggers.py)."""
    triggers = triggers_of(event)
    rules = rules_for(triggers) if triggers else []
    if not rules:
        return
    ticket = ticket_of(event)
    if ticket is None or ticket.merged_into_id or ticket.deleted_at:
        return
    before = ticket.version
    looked, now = look(rules, ticket, event)
    if looked:
        found = RuleLook(ticket=ticket, event=event, rules=looked, at=event.at)
        RuleLook.objects.bulk_create([found], ignore_conflicts=True)
    row = event.stream_row
    if isinstance(row, Ticket) and now.version != before:
        row.refresh_from_db()  # those who react behind see the ticket as it is now


def look(rules: Iterable[Compiled], ticket: Ticket, event: Event) -> tuple[list[int], Ticket]:
    """Each of the rules looks, and acts where it matches; the keys of those that looked, and the ticket after it."""
    root = event.root_id or event.pk
    facts, looked, ran, depth = Facts(ticket), list[int](), None, 0
    for one in rules:
        if not one.is_for(ticket):
            continue
        looked.append(one.rule.pk)
        if not one.holds(facts, event.at):
            continue
        if ran is None:
            ran, depth = _ran(root, ticket), depth_of(event, one.limits.most_deep)
        if one.rule.pk in ran or _calls_itself(one, event):
            if _rings(one, ticket, event):
                stop_rule(one.rule, why="ring", cause=event)
            continue
        if depth >= one.limits.most_deep:
            note_run(one, ticket, event, outcome=Outcome.STOPPED, why="depth")
            stop_rule(one.rule, why="depth", cause=event)
            continue
        now = act(one, ticket, event)
        ran.add(one.rule.pk)
        if now is not ticket:  # what it did may have called others
            ran, ticket = _ran(root, now), now
            facts = Facts(ticket)
    return looked, ticket


def _ran(root: int, ticket: Ticket) -> set[int]:
    return set(RuleRun.objects.filter(root=root, ticket=ticket).values_list("rule", flat=True))


def depth_of(event: Event, most: int) -> int:
    """How many rules stand one behind the other in the chain of causes, counted up to `most`."""
    depth, at = 0, event
    while depth < most and at.cause_id is not None:
        depth += at.actor_kind == "rule"
        at = Event.objects.only("actor_kind", "cause_id").get(pk=at.cause_id)
    return depth


def _rings(one: Compiled, ticket: Ticket, event: Event) -> bool:
    """It has run for this root, and would have to do its work again: somebody has undone it meanwhile, or its own act
    calls it."""
    if event.actor_kind != "rule":
        return False
    undone = (isinstance(action, Setting) and action.would(kept, ticket) for action, kept in one.actions)
    return _calls_itself(one, event) or any(undone)


def _calls_itself(one: Compiled, event: Event) -> bool:
    """The event is its own act and would call it once more, on whichever ticket: one that makes children."""
    its_own = event.actor_kind == "rule" and event.actor_id == one.rule.pk
    return its_own and any(event.kind in action.repeats for action, _kept in one.actions)


def act(one: Compiled, ticket: Ticket, event: Event, *, since_at: datetime | None = None) -> Ticket:
    """A rule that matches does all it does, or nothing of it, and its run is noted; the ticket after it."""
    by = Actor.rule(one.rule, cause=event)
    # Noted before it acts, so that what it does cannot call it again.
    run = note_run(one, ticket, event, outcome=Outcome.NOTHING, since_at=since_at)
    doing = Doing(ticket, by, event, quiet=bool(event.changes.get("quiet")), most_mails=one.limits.most_mails)
    try:
        with transaction.atomic():
            run.did = _do_all(one.actions, doing)
            run.outcome = Outcome.CHANGED if run.did else Outcome.NOTHING
            run.why = ", ".join(dict.fromkeys(doing.skipped))[:200]
    except MustStop as fault:
        run.outcome, run.why, run.did = Outcome.STOPPED, fault.why, []
        stop_rule(one.rule, why=fault.why, cause=event)
    except FAULTS as fault:
        run.outcome, run.why, run.did = Outcome.FAILED, f"{type(fault).__name__}: {fault}"[:200], []
    now = Ticket.objects.get(pk=ticket.pk) if run.did else ticket
    if since_at is not None and one.rule.since == "changed":
        run.since_at = now.updated_at  # its own change is none that it waits for
    if run.outcome != Outcome.NOTHING or run.why:
        run.save(update_fields=["outcome", "why", "did", "since_at"])
    return now


def _do_all(actions: Sequence[tuple[Action, dict[str, object]]], doing: Doing) -> list[str]:
    did: list[str] = []
    settings: list[tuple[Setting, dict[str, object]]] = []

    def settle() -> None:
        would = [action.kind for action, kept in settings if action.would(kept, doing.ticket)]
        if would and set_fields(settings, doing):
            did.extend(would)
        for action, kept in settings if not would else ():
            if isinstance(action, SetField | SetOwnField):
                action.wanted(kept)  # says so where the value is gone
        settings.clear()

    for action, kept in actions:
        if isinstance(action, Setting):
            settings.append((action, kept))
            continue
        settle()
        try:
            if action.do(kept, doing):
                did.append(action.kind)
        except NotDone as fault:
            doing.skipped.append(fault.why)
        doing.ticket = Ticket.objects.get(pk=doing.ticket.pk)
    settle()
    return list(dict.fromkeys(did))


def note_run(
    one: Compiled, ticket: Ticket, event: Event, *, outcome: str, why: str = "", since_at: datetime | None = None
) -> RuleRun:  # fmt: skip
    """That a rule matched."""
    return RuleRun.objects.create(
        rule=one.rule, version=one.rule.version, ticket=ticket, event=event, root=event.root_id or event.pk,
        since_at=since_at, outcome=outcome, why=why, at=clock.now(),
    )  # fmt: skip
