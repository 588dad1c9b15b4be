"""What came of a procedure, by version and by step: how often it led to a solution, and where it did not."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count

from tresen.core.tickets.choices import FINISHED
from tresen.service.procedures.models import Answer, Outcome, Procedure, ProcedureVersion, Run
from tresen.service.procedures.steps import Step


@dataclass
class OfStep:
    """`reached`: in so many runs it was asked. `unsolved`: so many of them ended here and solved nothing. `chosen`: how
    often each answer was given."""

    step: Step
    reached: int = 0
    unsolved: int = 0
    chosen: list[int] = field(default_factory=list)

    @property
    def percent(self) -> int | None:
        """Of those that came here, how many ended here unsolved; None where nobody came."""
        return round(100 * self.unsolved / self.reached) if self.reached else None

    @property
    def ways(self) -> list[tuple[str, int]]:
        """Its answers with how often they were given."""
        return [(way["label"], count) for way, count in zip(self.step["ways"], self.chosen, strict=True)]


@dataclass
class OfVersion:
    """`begun` runs; of these `open` are under way. `solved`: they led to a solution and the ticket is solved. `unsure`:
    they led to one, but the ticket is open."""

    version: ProcedureVersion
    steps: list[OfStep]
    begun: int = 0
    open: int = 0
    solved: int = 0
    unsure: int = 0
    handed: int = 0
    stopped: int = 0

    @property
    def percent(self) -> int | None:
        """Of those that ended, how many solved the ticket; None while none has ended."""
        ended = self.begun - self.open
        return round(100 * self.solved / ended) if ended else None

    @property
    def worst(self) -> OfStep | None:
        """The step at which most end unsolved."""
        return max(self.steps, key=lambda one: one.unsolved) if any(one.unsolved for one in self.steps) else None


def figures_of(procedure: Procedure) -> list[OfVersion]:
    """Of every version, the newest first."""
    runs = Run.objects.filter(version__procedure=procedure).order_by()
    ended = list(runs.values("version", "step", "outcome", "ticket__status_category").annotate(n=Count("pk")))
    answers = Answer.objects.filter(run__version__procedure=procedure).order_by()
    said = list(answers.values_list("run__version", "step", "answer").annotate(n=Count("pk")))
    # Read last: a version made meanwhile, and what came of it, is among them.
    versions = procedure.versions.all()
    found = {version.pk: OfVersion(version, [_empty(step) for step in version.steps]) for version in versions}
    for row in ended:
        # A run without a ticket has helped a customer.
        is_done = row["ticket__status_category"] in (*FINISHED, None)
        _count(found[row["version"]], row["step"], row["outcome"], row["n"], is_done=is_done)
    for version, step, answer, count in said:
        _count_answer(found[version].steps[step], answer, count)
    return list(found.values())


def _empty(step: Step) -> OfStep:
    return OfStep(step, chosen=[0] * len(step["ways"]))


def _count(into: OfVersion, step: int, outcome: str, count: int, *, is_done: bool) -> None:
    into.begun += count
    of_step = into.steps[step]
    if outcome in (Outcome.OPEN, Outcome.STOPPED):
        of_step.reached += count  # asked, and not answered
    if outcome == Outcome.OPEN:
        into.open += count
        return
    if outcome == Outcome.SOLVED and is_done:
        into.solved += count
        return
    of_step.unsolved += count
    into.unsure += count * (outcome == Outcome.SOLVED)
    into.handed += count * (outcome == Outcome.HANDED)
    into.stopped += count * (outcome == Outcome.STOPPED)


def _count_answer(of_step: OfStep, answer: str, count: int) -> None:
    of_step.reached += count
    labels = [way["label"] for way in of_step.step["ways"]]
    if answer in labels:
        of_step.chosen[labels.index(answer)] += count
