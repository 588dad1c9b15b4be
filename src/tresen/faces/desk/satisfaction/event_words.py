"""What the timeline says of ratings."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from tresen.service.surveys.scales import SCALES
from tresen.spine.events.models import Event


def _rated(event: Event) -> list[str]:
    before, rating = event.changes.get("rating") or [None, None]
    scale = SCALES.get(str(event.changes.get("scale")))
    if scale is None or not isinstance(rating, int):
        return []
    facts = {"rating": rating, "of": scale.high, "before": before}
    if before is None or before == rating:
        said = _("rated our help: %(rating)s of %(of)s") % facts
    else:
        said = _("rated our help: %(rating)s of %(of)s, before %(before)s") % facts
    word = scale.word(rating)
    return [f"{said} ({word})" if word else said]


WORDS: dict[str, Callable[[Event], list[str]]] = {"survey.rated": _rated}
