"""What customers of the sample said of the help they got: most are content, some are not, many say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Max

from tresen.core.tickets.choices import FINISHED
from tresen.core.tickets.models import Ticket
from tresen.faces.cli.sample.automation import administrator
from tresen.faces.cli.sample.house import House
from tresen.service.surveys.models import Asked, AskedState
from tresen.service.surveys.scales import SCALES, ScaleName
from tresen.service.surveys.services import change_survey
from tresen.spine.events.models import Event

# Out of ten people who were asked; None says nothing.
RATINGS = (5, 5, 4, None, 5, None, 3, 4, None, 2)
WORDS: dict[str, dict[int, tuple[str, ...]]] = {
    "en": {5: ("Quick and friendly, thank you!", "Solved on the first call."), 4: ("All good, took a little while.",),
           3: ("It works, but I had to explain it twice.",), 2: ("I had to ask three times.",)},
    "de": {5: ("Sehr schnell und freundlich, danke!", "Beim ersten Anruf gelöst."),
           4: ("Alles gut, hat nur etwas gedauert.",), 3: ("Läuft, aber ich musste es zweimal erklären.",),
           2: ("Ich musste dreimal nachfragen.",)},
    "pl": {5: ("Bardzo szybko i miło, dziękuję!", "Załatwione przy pierwszej rozmowie."),
           4: ("Wszystko dobrze, trochę to trwało.",), 3: ("Działa, ale musiałam tłumaczyć dwa razy.",),
           2: ("Musiałam dopytywać trzy razy.",)},
}  # fmt: skip


def add_ratings(tickets: Sequence[Ticket], house: House, *, random: Random, now: datetime) -> None:
    """The survey for all brands is on, and the requesters of solved tickets were asked."""
    change_survey(None, set={"is_active": True}, by=administrator(house))
    helped = [ticket for ticket in tickets if _was_helped(ticket)]
    events = Event.objects.filter(stream_kind="ticket", stream_id__in=[ticket.pk for ticket in helped])
    last = dict(events.order_by().values_list("stream_id").annotate(Max("at")))
    asked = [_asked(ticket, random, last[ticket.pk], now) for ticket in helped]
    Asked.objects.bulk_create(asked)
    Event.objects.bulk_create([_event(row) for row in asked if row.rating is not None])


def _was_helped(ticket: Ticket) -> bool:
    return ticket.status_category in FINISHED and ticket.first_response_at is not None and ticket.solved_at is not None


def _asked(ticket: Ticket, random: Random, since: datetime, now: datetime) -> Asked:
    """After the last that happened on it."""
    asked_at = max(since, min(since + timedelta(hours=4), now - timedelta(minutes=5)))
    row = Asked(
        ticket=ticket, contact_id=ticket.requester_id, scale=ScaleName.CSAT, state=AskedState.ASKED, change_days=14,
        due_at=asked_at, asked_at=asked_at, team_id=ticket.team_id, category_id=ticket.category_id, level=ticket.level,
        agent_id=ticket.assignee_id,
    )  # fmt: skip
    rating = random.choice(RATINGS)
    if rating is not None:
        said = WORDS.get(ticket.language, WORDS["en"]).get(rating, ())
        row.rating, row.rated_at = (
            rating,
            max(asked_at, min(asked_at + timedelta(minutes=random.randint(3, 2000)), now)),
        )
        row.words = random.choice(said) if said and random.random() < 0.5 else ""
    return row


def _event(row: Asked) -> Event:
    scale, rating = SCALES[row.scale], row.rating or 0
    facts: dict[str, Any] = {
        "asked": row.pk, "scale": scale.name, "rating": [None, rating], "of": scale.high, "has_words": bool(row.words),
        "is_bad": scale.is_bad(rating), "is_newly_bad": scale.is_bad(rating),
    }  # fmt: skip
    return Event(
        kind="survey.rated", stream_kind="ticket", stream_id=row.ticket_id, at=row.rated_at or row.due_at,
        actor_kind="contact", actor_id=row.contact_id, actor_name=row.ticket.requester.name, changes=facts,
    )  # fmt: skip
