"""A customer goes through a procedure by himself. Nothing is kept on the way: what he answered is, once it has helped,
or with the request that he then sends."""

from __future__ import annotations

from django.db import transaction

from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.procedures.models import Answer, Outcome, ProcedureVersion, Run
from tresen.service.procedures.walking import Walk
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


@transaction.atomic
def note_help(version: ProcedureVersion, walk: Walk, *, by: Actor) -> Run:
    """The guide has helped, and there is no ticket. Event `guide.helped`."""
    run = _run(version, walk, None, Outcome.SOLVED)
    record("guide.helped", stream=version.procedure, by=by, changes={"version": version.number, "run": run.pk})
    return run


@transaction.atomic
def hand_over(ticket: Ticket, version: ProcedureVersion, walk: Walk, *, by: Actor) -> Run:
    """It did not help: what he answered stands on the request that he sent. Event `procedure.finished`."""
    run = _run(version, walk, ticket, Outcome.HANDED if walk.end else Outcome.STOPPED)
    told = {"procedure": version.procedure.name, "run": run.pk, "outcome": str(run.outcome), "by_customer": True}
    record("procedure.finished", stream=ticket, by=by, changes=told)
    return run


def _run(version: ProcedureVersion, walk: Walk, ticket: Ticket | None, outcome: Outcome) -> Run:
    """Its row and its answers, in the words of the desk."""
    now, steps = clock.now(), version.steps
    run = Run.objects.create(
        ticket=ticket, version=version, step=walk.last, outcome=outcome, begun_at=now, finished_at=now
    )
    Answer.objects.bulk_create(
        Answer(run=run, step=step, question=steps[step]["ask"], answer=steps[step]["ways"][way]["label"], at=now)
        for step, way in walk.passed
    )
    return run
