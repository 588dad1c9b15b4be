"""Who sees what came of surveys."""

from __future__ import annotations

from typing import Any

from tresen.core.people.permissions import Check
from tresen.core.people.principals import Principal


def _sees_figures(principal: Principal, target: Any) -> bool:
    """Who sees the tickets of all, and who leads a team; of whom: Asked.objects.in_results_of."""
    return principal.is_staff and (principal.may("see_all") or bool(principal.teams_with("lead")))


SURVEY_PERMISSIONS: dict[str, Check] = {"ratings.see": _sees_figures}
