"""Jobs of rules: those by time, the laboratory, and what nobody asks for any more."""

from __future__ import annotations

from datetime import timedelta

from tresen.kit import clock
from tresen.service.rules.due import act_on_due
from tresen.service.rules.models import RuleLook, RuleRun
from tresen.service.rules.trials import go_on
from tresen.spine.jobs.registry import job

LOOKS_KEPT, RUNS_KEPT = timedelta(days=30), timedelta(days=400)
SWEPT_AT_ONCE = 5000


@job("rules.watch", outside=True, max_attempts=3)
def watch() -> None:
    """Lets rules by time act on what has come due."""
    act_on_due(clock.now())


@job("rules.sweep", outside=True, max_attempts=3)
def sweep() -> None:
    """Who looked is kept for a month; what rules did, for 400 days."""
    at = clock.now()
    for rows, kept in ((RuleLook.objects.all(), LOOKS_KEPT), (RuleRun.objects.all(), RUNS_KEPT)):
        first = rows.order_by("pk").values_list("pk", "at")[:SWEPT_AT_ONCE]  # made in the order of their times
        rows.filter(pk__in=[key for key, made in first if made < at - kept]).delete()


@job("rules.try_rule", max_attempts=3)
def try_rule(*, trial_id: int, before: int = 0) -> None:
    """Tries a rule on some more tickets; the next job goes on behind them."""
    last = go_on(trial_id, before)
    if last is not None:
        try_rule.enqueue(trial_id=trial_id, before=last)
