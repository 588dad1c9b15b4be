"""Setting procedures up, and measuring them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from tresen.core.people.refusals import save_named
from tresen.core.tickets.choices import FINISHED
from tresen.core.tickets.models import Category
from tresen.kit import clock
from tresen.kit.fingerprint import ChangedMeanwhile, refuse_if_changed
from tresen.service.procedures.models import Outcome, Procedure, ProcedureQuerySet, ProcedureVersion
from tresen.service.procedures.steps import Step, checked
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

PLAIN = ("name", "is_active", "for_customers", "names")


def newest_version(procedure: Procedure) -> ProcedureVersion:
    """That with which a run begins."""
    return procedure.versions.all()[0]


def procedure_values(procedure: Procedure) -> dict[str, Any]:
    """What a form shows, for its mark."""
    plain = {field: getattr(procedure, field) for field in PLAIN}
    return {**plain, "category": procedure.category_id, "steps": newest_version(procedure).steps}


@transaction.atomic
def create_procedure(
    *, name: str, category: Category, steps: Sequence[Step], is_active: bool = True, for_customers: bool = False,
    names: dict[str, str] | None = None, by: Actor,
) -> Procedure:  # fmt: skip
    """A new one; `names`: what it is called in other languages. Event `procedure.created`. Raises WrongSteps; NameTaken
    also where the category has one."""
    kept = checked(steps)
    made = Procedure(
        name=name, category=category, is_active=is_active, for_customers=for_customers, names=_written(names or {})
    )
    save_named(made)
    _keep_version(made, 1, kept, by)
    record("procedure.created", stream=made, by=by, changes={"name": name})
    return made


@transaction.atomic
def change_procedure(procedure: Procedure, *, set: dict[str, Any], by: Actor, expected: str = "") -> Procedure:
    """Changes PLAIN, category and steps. Other steps are a new version; runs go on with theirs. Event
    `procedure.changed`, none when nothing changes. Raises WrongSteps, NameTaken, ChangedMeanwhile."""
    locked = Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    before = procedure_values(locked)
    refuse_if_changed(before, expected)
    after = {**before, **set}
    after |= {"steps": checked(after["steps"]), "names": _written(after["names"])}
    if "category" in set:
        locked.category = set["category"]
        after["category"] = locked.category_id
    changed = [field for field in after if after[field] != before[field]]
    if not changed:
        return locked
    for field in PLAIN:
        setattr(locked, field, after[field])
    save_named(locked)
    facts: dict[str, Any] = {field: [before[field], after[field]] for field in changed if field != "steps"}
    if "steps" in changed:
        number = newest_version(locked).number + 1
        _keep_version(locked, number, after["steps"], by)
        facts["version"] = number
    record("procedure.changed", stream=locked, by=by, changes=facts)
    return locked


def _written(names: dict[str, str]) -> dict[str, str]:
    return {code: name for code, name in names.items() if name}


def _keep_version(procedure: Procedure, number: int, steps: Sequence[Step], by: Actor) -> None:
    ProcedureVersion.objects.create(
        procedure=procedure, number=number, steps=steps, made_at=clock.now(), by_name=by.name[:200]
    )


@transaction.atomic
def return_to(procedure: Procedure, number: int, *, by: Actor, newest: int | None = None) -> Procedure:
    """The steps are again what they were under that number, as a new version. Event `procedure.changed`, none where
    they are that already. `newest`: the version that counted when it was decided. Raises ProcedureVersion.DoesNotExist,
    ChangedMeanwhile."""
    locked = Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    now = newest_version(locked).number
    if newest is not None and now != newest:
        raise ChangedMeanwhile({"version": now})
    return change_procedure(procedure, set={"steps": procedure.versions.get(number=number).steps}, by=by)


def with_success(rows: ProcedureQuerySet) -> ProcedureQuerySet:
    """Each with how often it was `begun`, `finished` (came to an end of its own), how many of these have `solved` a
    ticket or `helped` a customer who then sent none (counted in both), and how often it ended with a hand-over
    (`handed`) or was `stopped`."""
    ends = Q(versions__runs__outcome__in=[Outcome.SOLVED, Outcome.HANDED])
    alone = Q(versions__runs__ticket=None)
    done = Q(versions__runs__ticket__status_category__in=FINISHED)
    solved = Q(versions__runs__outcome=Outcome.SOLVED)
    return rows.annotate(
        begun=Count("versions__runs", distinct=True), finished=Count("versions__runs", filter=ends, distinct=True),
        solved=Count("versions__runs", filter=solved & (done | alone), distinct=True),
        helped=Count("versions__runs", filter=solved & alone, distinct=True),
        handed=Count("versions__runs", filter=Q(versions__runs__outcome=Outcome.HANDED), distinct=True),
        stopped=Count("versions__runs", filter=Q(versions__runs__outcome=Outcome.STOPPED), distinct=True),
    )  # fmt: skip


def success_of(procedure: Procedure) -> Procedure:
    """The same of one."""
    return with_success(Procedure.objects.filter(pk=procedure.pk)).get()
