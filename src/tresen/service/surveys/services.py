"""What is asked, and what somebody said."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tresen.core.people.models import Brand, Contact
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.service.surveys.links import may_rate
from tresen.service.surveys.models import Asked, AskedState, NoSurveys, Survey
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, take_over
from tresen.spine.events.services import record

FIELDS = (
    "is_active", "scale", "by_mail", "in_portal", "wait_hours", "in_office_hours", "pause_days", "change_days", "query",
    "asks_vip", "reopens", "texts",
)  # fmt: skip
MOST_WORDS = 2000


class TooLate(Exception):
    """The rating can no longer be given or changed."""


class WrongRating(ValueError):
    """No rating of that scale."""


def survey_of(brand: Brand | int) -> Survey | None:
    """The survey that counts for a brand, on or off: its own, else the one for all; None where nobody has set one."""
    key = brand if isinstance(brand, int) else brand.pk
    rows = {row.brand_id: row for row in Survey.objects.filter(brand=key) | Survey.objects.filter(brand=None)}
    return rows.get(key) or rows.get(None)


def own_survey(brand: Brand | None) -> Survey:
    """What is set for that brand, or for all without one; not saved where nothing is."""
    return Survey.objects.filter(brand=brand).first() or Survey(brand=brand)


def survey_values(survey: Survey) -> dict[str, Any]:
    """What a form shows, for its mark."""
    return values_of(survey, FIELDS)


@transaction.atomic
def change_survey(brand: Brand | None, *, set: dict[str, Any], by: Actor, expected: str = "") -> Survey:
    """Sets FIELDS of the survey of a brand, or of all without their own. Event `survey.changed`, none when nothing
    changes. Raises ChangedMeanwhile, ValidationError, KeyError."""
    if brand:
        Brand.objects.select_for_update().get(pk=brand.pk)
    survey = Survey.objects.select_for_update().filter(brand=brand).first() or Survey(brand=brand)
    refuse_if_changed(survey_values(survey), expected)
    changes = changed_fields(survey, set, FIELDS)
    if survey.pk and not changes:
        return survey
    take_over(survey, changes)
    survey.clean_fields(exclude={"brand"})
    survey.save()
    told = {name: True if name == "texts" else change for name, change in changes.items()}
    record("survey.changed", stream=survey, by=by, changes={"brand": str(brand) if brand else None, **told})
    return survey


@transaction.atomic
def drop_survey(brand: Brand, *, by: Actor) -> None:
    """The brand has none of its own any more: the one for all counts again. Event `survey.changed`."""
    survey = Survey.objects.filter(brand=brand).first()
    if survey is not None:
        record("survey.changed", stream=survey, by=by, changes={"brand": str(brand), "own": [True, False]})
        survey.delete()


@transaction.atomic
def rate(asked: Asked, *, rating: int, words: str, by: Actor) -> Asked:
    """What somebody says of his ticket; again with another rating, or the same, as long as `may_rate`. Event
    `survey.rated`, none when nothing changes. Raises TooLate, WrongRating."""
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("team").get(pk=asked.ticket_id)
    locked = Asked.objects.select_for_update(of=("self",)).select_related("ticket__team", "contact").get(pk=asked.pk)
    scale = locked.of_scale
    if rating not in scale.values:
        raise WrongRating(rating)
    if not may_rate(locked):
        raise TooLate
    said = words.replace("\r\n", "\n").strip()[:MOST_WORDS]
    if (locked.rating, locked.words) == (rating, said):
        return locked
    before = locked.rating
    at = clock.now()
    locked.rating, locked.words, locked.rated_at = rating, said, locked.rated_at or at
    locked.state, locked.reason, locked.asked_at = AskedState.ASKED, "", locked.asked_at or at
    locked.save(update_fields=["rating", "words", "rated_at", "state", "reason", "asked_at"])
    was_bad = before is not None and scale.is_bad(before)
    facts = {
        "asked": locked.pk, "scale": scale.name, "rating": [before, rating], "of": scale.high,
        "is_bad": scale.is_bad(rating), "is_newly_bad": scale.is_bad(rating) and not was_bad, "has_words": bool(said),
    }  # fmt: skip
    record("survey.rated", stream=ticket, by=by, changes=facts)
    return locked


@transaction.atomic
def want_surveys(contact: Contact, *, wanted: bool, by: Actor) -> None:
    """A person wants to be asked, or not. Event `surveys.stopped` or `surveys.wanted`, none when that was so before."""
    if wanted:
        if NoSurveys.objects.filter(contact=contact).delete()[0]:
            record("surveys.wanted", stream=contact, by=by)
    elif NoSurveys.objects.get_or_create(contact=contact, defaults={"since": clock.now()})[1]:
        record("surveys.stopped", stream=contact, by=by)


def wants_surveys(contact: Contact) -> bool:
    """Whether he may be asked."""
    return not NoSurveys.objects.filter(contact=contact).exists()
