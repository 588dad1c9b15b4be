"""What the ticket page shows of what is being written: drafts, plans, what can be forwarded."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal, Rights
from tresen.core.tickets.draft_models import DraftKind
from tresen.core.tickets.models import Draft
from tresen.faces.desk.ticket.news import what_is_new
from tresen.faces.desk.ticket.reviewing import SharedDraft
from tresen.faces.desk.ticket.writing import Composer, composer_of

MOST_FORWARDABLE = 8


class WritingOnPage:
    """The part of a `TicketPage` that the composer reads."""

    ticket: Any
    agent: Agent
    principal: Principal
    messages: list[Any]
    last_event: int

    @cached_property
    def may(self) -> Rights:
        """What the agent who looks at it may do here: `may.reply`."""
        return self.principal.here(self.ticket.team_id)

    @property
    def may_write(self) -> bool:
        """He can write something here, be it a draft."""
        return self.may["reply"] or self.may["note"]

    @property
    def may_answer(self) -> bool:
        """He can answer or close its children."""
        return self.may["reply"] or self.may["change"]

    @property
    def last_message(self) -> int:
        """The newest message this page shows; a reply is held back when the customer has written since."""
        return max((m.pk for m in self.messages), default=0)

    @cached_property
    def drafts(self) -> list[Draft]:
        """The agent's own, and those of colleagues that are shown for review; asked for only where there are some."""
        if not self.ticket.has_drafts:
            return []
        rows = Draft.objects.visible_to(self.principal).filter(ticket=self.ticket).exclude(kind=DraftKind.SIDE)
        people = rows.select_related("ticket", "agent__user", "reviewer__user", "review_team", "changed_by__user")
        return list(people.prefetch_related("files__draft", "comments__agent__user").order_by("asked_at"))

    @property
    def shared_drafts(self) -> list[SharedDraft]:
        """Drafts that wait for a review, as the ticket shows them."""
        return [SharedDraft(draft, self.principal) for draft in self.drafts if draft.asked_at]

    def composer(self, *, sent: str = "", lent: Draft | None = None) -> Composer:
        """What the agent has begun to write, as it is kept; `sent`: the tab that has just been sent; `lent`: a
        colleague's draft that he reviews."""
        own = [draft for draft in self.drafts if draft.agent_id == self.agent.pk]
        composer = composer_of(own, seen=self.last_message, seen_event=self.last_event, lent=lent)
        if not self.may["reply"] and not own and not lent:
            composer.kind = "note"
        if sent:
            composer.sent, composer.kind = sent, "reply" if self.may["reply"] else "note"
        elif composer.seen < self.last_message or composer.seen_event < self.last_event:
            news = what_is_new(
                self.ticket, agent=self.agent, seen_message=composer.seen, seen_event=composer.seen_event
            )
            if news:
                composer.knows(news)
        return composer

    @property
    def planned(self) -> list[Any]:
        """Replies that leave at a chosen time, or did not leave then: what is written below should know of them."""
        return [m for m in self.messages if m.delivery == "stopped" or (m.delivery == "planned" and m.plan.is_later)]

    @property
    def forwardable(self) -> list[Any]:
        """What can go to somebody outside the ticket, newest first."""
        return [message for message in self.messages if not message.is_internal][-MOST_FORWARDABLE:][::-1]
