"""Drafts that colleagues look at before they leave: asked for, commented, given back. Sending one ends it."""

from __future__ import annotations

from django.db import transaction

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.draft_models import Draft, DraftComment
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

LONGEST = 2000


class CannotReview(ValueError):
    """There is nothing to review, or nobody who could: `why` is "empty" or "whom"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def ask_review(
    draft: Draft, *, by: Actor, agent: Agent | None = None, team: Team | None = None, question: str = ""
) -> None:
    """The writer asks a colleague who sees the ticket, or a team, to look at it; they may change, send or give it
    back. Event `draft.review_asked`. Raises CannotReview."""
    with transaction.atomic():
        row = _lock(draft)
        if not row.text.strip():
            raise CannotReview("empty")
        if (agent is None) == (team is None) or agent == row.agent:
            raise CannotReview("whom")
        if agent and not sees(agent, row.ticket):
            raise CannotReview("whom")
        row.reviewer, row.review_team, row.asked_at = agent, team, clock.now()
        row.save()
        if question.strip():
            _say(row, row.agent, question)
        facts = {
            "draft": row.pk,
            "kind": row.kind,
            "agent": agent.pk if agent else None,
            "team": team.pk if team else None,
        }
        record("draft.review_asked", stream=row.ticket, by=by, changes={**facts, "name": str(agent or team)})


def sees(agent: Agent, ticket: Ticket) -> bool:
    """Whether that colleague is at work and may see the ticket."""
    if not agent.user.is_active:
        return False
    return Ticket.objects.visible_to(Principal.of_agent(agent)).filter(pk=ticket.pk).exists()


def comment_on(draft: Draft, *, by: Actor, agent: Agent, text: str) -> DraftComment:
    """Somebody says something about a shared draft. Event `draft.commented`. Raises CannotReview."""
    if not text.strip():
        raise CannotReview("empty")
    with transaction.atomic():
        row = _lock(draft)
        said = _say(row, agent, text)
        record("draft.commented", stream=row.ticket, by=by, changes={"draft": row.pk})
    return said


def give_back(draft: Draft, *, by: Actor, agent: Agent, text: str = "") -> None:
    """The review is over: the draft is its writer's alone again, with what was said about it. Event
    `draft.given_back`, none when it was over already."""
    with transaction.atomic():
        row = _lock(draft)
        if row.asked_at is None:
            return
        if text.strip():
            _say(row, agent, text)
        row.asked_at = row.reviewer = row.review_team = None
        row.save()
        record("draft.given_back", stream=row.ticket, by=by, changes={"draft": row.pk, "name": str(row.agent)})


def _lock(draft: Draft) -> Draft:
    return Draft.objects.select_for_update(of=("self",)).select_related("ticket", "agent__user").get(pk=draft.pk)


def _say(draft: Draft, agent: Agent, text: str) -> DraftComment:
    return DraftComment.objects.create(draft=draft, agent=agent, text=text.strip()[:LONGEST], created_at=clock.now())
