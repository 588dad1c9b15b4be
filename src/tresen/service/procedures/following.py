"""A ticket goes through a procedure, answer by answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tresen.core.people.models import Agent
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock
from tresen.kit import clock
from tresen.service.procedures.models import Answer, Outcome, Procedure, Run
from tresen.service.procedures.services import newest_version
from tresen.service.procedures.steps import ENDS, Step
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


class OutOfStep(Exception):
    """Somebody has gone on meanwhile, or there is no such answer."""


def open_run(ticket: Ticket) -> Run | None:
    """The run that is under way."""
    return Run.objects.select_related("version__procedure").filter(ticket=ticket, outcome=Outcome.OPEN).first()


def said_so_far(ticket: Ticket, told: datetime | None) -> str:
    """The answers of the ticket's last run, for whoever gets the ticket next (table PACKAGE_PARTS); empty without, and
    where none was given since that was told."""
    run = Run.objects.select_related("version__procedure").filter(ticket=ticket).order_by("-pk").first()
    answers = list(run.answers.all()) if run else []
    if run is None or not answers or (told and answers[-1].at <= told):
        return ""
    return "\n".join([f"{run.version.procedure.name}:", *(f"{row.question} {row.answer}" for row in answers)])


def begin(ticket: Ticket, *, procedure: Procedure, agent: Agent, by: Actor) -> Run:
    """The ticket goes through the procedure as it is now; what is under way goes on. Event `procedure.begun`."""
    with transaction.atomic():
        locked = lock(ticket)
        if under_way := open_run(locked):
            return under_way
        version = newest_version(procedure)
        run = Run.objects.create(ticket=locked, version=version, agent=agent, begun_at=clock.now())
        told = {"procedure": procedure.name, "version": version.number, "run": run.pk}
        record("procedure.begun", stream=locked, by=by, changes=told)
    return run


def answer_step(ticket: Ticket, *, step: int, way: int, agent: Agent, by: Actor) -> Run:
    """The answer number `way` to the step that is asked. Event `procedure.answered`, or `procedure.finished` at an end.
    Raises OutOfStep."""
    with transaction.atomic():
        locked = lock(ticket)
        run = open_run(locked)
        if run is None or run.step != step:
            raise OutOfStep
        asked: Step = run.version.steps[step]
        if not 0 <= way < len(asked["ways"]):
            raise OutOfStep
        chosen, at = asked["ways"][way], clock.now()
        Answer.objects.create(run=run, step=step, question=asked["ask"], answer=chosen["label"], agent=agent, at=at)
        if chosen["go"] in ENDS:
            _finish(locked, run, chosen["go"], by=by)
        else:
            run.step = int(chosen["go"])
            run.save(update_fields=["step"])
            record("procedure.answered", stream=locked, by=by, changes={"run": run.pk, "step": step})
    return run


def step_back(ticket: Ticket, *, by: Actor) -> None:
    """The last answer is taken back and asked again. Event `procedure.stepped_back`, none at the first step."""
    with transaction.atomic():
        locked = lock(ticket)
        run = open_run(locked)
        last = run.answers.last() if run else None
        if run is None or last is None:
            return
        run.step = last.step
        run.save(update_fields=["step"])
        last.delete()
        record("procedure.stepped_back", stream=locked, by=by, changes={"run": run.pk, "step": run.step})


def stop(ticket: Ticket, *, by: Actor) -> None:
    """It leads nowhere here; the answers stay. Event `procedure.finished`."""
    with transaction.atomic():
        locked = lock(ticket)
        if run := open_run(locked):
            _finish(locked, run, Outcome.STOPPED, by=by)


def _finish(ticket: Ticket, run: Run, outcome: str, *, by: Actor) -> None:
    run.outcome, run.finished_at = outcome, clock.now()
    run.save(update_fields=["outcome", "finished_at"])
    told = {"procedure": run.version.procedure.name, "run": run.pk, "outcome": str(outcome)}
    record("procedure.finished", stream=ticket, by=by, changes=told)
