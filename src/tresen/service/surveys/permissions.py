"""Who sees what came of surveys."""

from __future__ import annotations

from tresen.core.people.permissions import Check, Needs

SURVEY_PERMISSIONS: dict[str, Check] = {
    # Whose figures: Asked.objects.in_results_of.
    "ratings.see": Needs(("see_all", "lead")),
}
