"""Surveys as something that one can do without, and what was said as data of one's own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Contact
from tresen.core.people.topics import Topic
from tresen.service.surveys.models import Asked
from tresen.service.surveys.services import want_surveys, wants_surveys
from tresen.spine.events.actors import Actor


def _choose(contact: Contact, wanted: bool, by: Actor) -> None:
    want_surveys(contact, wanted=wanted, by=by)


SURVEYS = Topic("surveys", _("Surveys"), _("Now and then, after a solved request: how was it?"), wants_surveys, _choose)


def own_ratings(contact: Contact) -> tuple[str, list[dict[str, Any]]]:
    """What he was asked and said (table OWN_DATA)."""
    rows = Asked.objects.filter(contact=contact).select_related("ticket").order_by("pk")
    return "ratings", [
        {"ticket": row.ticket.number, "scale": row.scale, "rating": row.rating, "words": row.words,
         "asked_at": row.asked_at, "rated_at": row.rated_at}
        for row in rows
    ]  # fmt: skip
