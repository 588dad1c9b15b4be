"""Everything the ticket page shows, read in a fixed number of queries (tests/desk/test_ticket_budget.py)."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from tresen.core.catalog.models import Request
from tresen.core.catalog.showing import answers_of
from tresen.core.people.models import Agent, Brand, Contact, Identity, Organisation
from tresen.core.people.principals import NOBODY, Principal
from tresen.core.teamwork.models import ChecklistItem, Snooze
from tresen.core.teamwork.snoozing import PRESETS, preset
from tresen.core.tickets.choices import ACTIVE, ParticipantRole
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.merging import final_of
from tresen.core.tickets.models import Message, Participant, Status, Ticket
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.priority_settings import Reason, reason_of
from tresen.core.tickets.side_models import SideThread
from tresen.faces.desk.announcements.known import Known, known_on
from tresen.faces.desk.clocks.targets import Target, targets_of
from tresen.faces.desk.fields.reading import Entry as FieldEntry
from tresen.faces.desk.fields.reading import entries
from tresen.faces.desk.learning.reading import Proposals
from tresen.faces.desk.levels.showing import Levels
from tresen.faces.desk.procedures.reading import Guide
from tresen.faces.desk.satisfaction.showing import Shown, last_rating
from tresen.faces.desk.structure.together import Together
from tresen.faces.desk.ticket.event_words import Names
from tresen.faces.desk.ticket.fields import Option, options, was_of
from tresen.faces.desk.ticket.queries import (
    MORE_MESSAGES,
    NEWEST_MESSAGES,
    events_between,
    newest_messages,
    related_tickets,
    shown_ticket,
)
from tresen.faces.desk.ticket.recipients import house_domains, recipients_of
from tresen.faces.desk.ticket.timeline import Entry, EventsEntry, build_timeline
from tresen.faces.desk.ticket.writing_page import WritingOnPage
from tresen.kit import clock
from tresen.kit.html import SANITISER_VERSION
from tresen.service.learning.similar import similar_to
from tresen.spine.events.models import Event


@dataclass
class TicketPage(WritingOnPage):
    """One ticket as an agent sees it; built by `read_page`."""

    ticket: Any
    agent: Agent
    participants: list[Participant]
    statuses: list[Status]
    timeline: list[Entry]
    tail: EventsEntry | None
    messages: list[Any]
    earlier: int
    related: list[Any] = field(default_factory=list)
    # A longer stretch of messages than at first, and one that ends before the newest.
    is_long: bool = False
    is_old: bool = False
    last_event: int = 0
    principal: Principal = NOBODY
    fields: list[CustomField] = field(default_factory=list)

    @property
    def number(self) -> str:
        """As in the address."""
        return str(self.ticket.number)

    @property
    def earlier_url(self) -> str:
        """Where the messages before these are, or these and those before them."""
        key = f"&before={self.messages[0].pk}" if self.is_long or self.is_old else ""
        return f"{reverse('desk:ticket', args=[self.number])}?all=1{key}"

    @cached_property
    def entries(self) -> list[FieldEntry]:
        """The desk's own fields on this ticket."""
        return entries(self.fields, self.ticket)

    @cached_property
    def targets(self) -> list[Target]:
        """The clocks of the ticket, read with it."""
        return targets_of(self.ticket)

    @property
    def to_clean(self) -> list[Any]:
        """Messages whose HTML was cleaned by other rules than ours, and is not shown until it is done anew."""
        return [m for m in self.messages if m.has_source and m.html_version != SANITISER_VERSION]

    @property
    def read_up_to(self) -> int:
        """The newest message the agent has read before."""
        return int(self.ticket.read_up_to or 0)

    @property
    def requester(self) -> Contact:
        """Who asks, with the identities already read."""
        found = next((p.contact for p in self.participants if p.contact_id == self.ticket.requester_id), None)
        return found or self.ticket.requester

    @property
    def others(self) -> list[Participant]:
        """Who else takes part."""
        return [p for p in self.participants if p.contact_id != self.ticket.requester_id]

    @property
    def mails(self) -> list[Identity]:
        """Mail addresses of the requester, the main one first."""
        return self._identities("mail")

    @property
    def phones(self) -> list[Identity]:
        """Numbers of the requester, the main one first."""
        return self._identities("phone")

    def _identities(self, kind: str) -> list[Identity]:
        found = [i for i in self.requester.identities.all() if i.kind == kind]
        return sorted(found, key=lambda i: (not i.is_main, i.pk))

    @cached_property
    def inside(self) -> frozenset[str]:
        """The mail domains of the house in an internal matter."""
        return house_domains(self.participants)

    @cached_property
    def recipients(self) -> list[dict[str, Any]]:
        """Who may get the reply and why."""
        return recipients_of(self.participants, self.inside)

    @property
    def away_until(self) -> date | None:
        """The last day of the requester's absence, as long as it lasts."""
        until = self.requester.away_until
        return until if until and until >= timezone.localdate() else None

    @cached_property
    def local_time(self) -> datetime | None:
        """The time at the requester's, where he has a zone of his own."""
        zone = self.requester.timezone
        try:
            return timezone.localtime(clock.now(), zoneinfo.ZoneInfo(zone)) if zone else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return None

    @property
    def same_time(self) -> bool:
        """The requester's clock shows what the agent's shows."""
        return self.local_time is not None and self.local_time.utcoffset() == timezone.localtime().utcoffset()

    @property
    def of_this_year(self) -> int:
        """How many tickets the requester has opened this year, with this one, as far as the agent may see them."""
        counted = self.related[0].of_year if self.related else 0
        this = self.ticket.created_at >= _year_begin()
        return int(counted) + int(this)

    @property
    def of_this_category(self) -> int:
        """How many of these are about the same, with this one."""
        counted = self.related[0].of_category if self.related else 0
        this = self.ticket.created_at >= _year_begin() and self.ticket.category_id is not None
        return int(counted) + int(this)

    @property
    def last_rating(self) -> Shown | None:
        """What the requester said of our help last, here or on another ticket that is shown."""
        return last_rating(self.ticket, self.related)

    @property
    def earlier_tickets(self) -> list[Any]:
        """The requester's other tickets, newest first."""
        return [t for t in self.related if t.requester_id == self.ticket.requester_id and not t.is_linked]

    @property
    def organisations(self) -> list[Organisation]:
        """Those the requester belongs to; asked for when somebody wants to choose one."""
        return list(Organisation.objects.filter(memberships__contact=self.ticket.requester_id).order_by("name"))

    @property
    def brands(self) -> list[Brand]:
        """Those in use; asked for when somebody wants to choose one."""
        return list(Brand.objects.filter(Q(is_active=True) | Q(pk=self.ticket.brand_id)).order_by("name"))

    @property
    def linked(self) -> list[Any]:
        """The ticket this one follows, and those that follow it."""
        return [t for t in self.related if t.is_linked]

    @cached_property
    def together(self) -> Together:
        """Links, parent and children, and what was merged into it."""
        return Together(self.principal, self.ticket)

    @cached_property
    def levels(self) -> Levels | None:
        """Where it was and how long, where that was on more than one level."""
        return Levels(self.ticket) if self.ticket.has_levels else None

    @property
    def priority_reason(self) -> Reason:
        """Why it has its priority."""
        return reason_of(self.ticket)

    @property
    def mine(self) -> bool:
        """The agent who looks at it is responsible for it."""
        return bool(self.ticket.assignee_id == self.agent.pk)

    @property
    def is_active(self) -> bool:
        """Neither solved nor closed."""
        return self.ticket.status_category in ACTIVE

    @property
    def follows(self) -> bool:
        """The agent who looks at it is told of what happens here."""
        return any(p.agent_id == self.agent.pk and p.role == ParticipantRole.FOLLOWER for p in self.participants)

    @cached_property
    def asleep(self) -> Snooze | None:
        """Until when it sleeps, who wanted that and why; asked for only where it sleeps."""
        rows = Snooze.objects.asleep().select_related("agent__user").filter(ticket=self.ticket.pk)
        return rows.first() if self.ticket.is_asleep else None

    @cached_property
    def proposals(self) -> Proposals:
        """What the model proposes for its fields; asked for only where there is something."""
        return Proposals(self.ticket) if self.ticket.has_proposals else Proposals()

    @cached_property
    def guide(self) -> Guide | None:
        """The procedure it goes through, or could; asked for only where there is one."""
        return Guide(self.ticket) if self.ticket.has_guide else None

    @property
    def service_request(self) -> Request | None:
        """What was asked for in the catalogue; it came with the ticket."""
        return getattr(self.ticket, "service_request", None)

    @cached_property
    def service_answers(self) -> list[tuple[str, str]]:
        """What was answered in the form."""
        return answers_of(self.service_request) if self.service_request else []

    @cached_property
    def similar(self) -> list[tuple[Ticket, list[str]]]:
        """Tickets that speak of the same; asked for only where there are some."""
        return similar_to(self.ticket, self.principal) if self.ticket.has_similar else []

    @cached_property
    def known(self) -> list[Known]:
        """What was announced and may be why; asked for only where there is something."""
        return known_on(self.ticket) if self.ticket.has_known else []

    @cached_property
    def checklist(self) -> list[ChecklistItem]:
        """What is to be done; asked for only where there is something."""
        rows = ChecklistItem.objects.select_related("assignee__user").filter(ticket=self.ticket.pk)
        return list(rows) if self.ticket.has_checklist else []

    @cached_property
    def sides(self) -> list[SideThread]:
        """Its side threads with their people; asked for only where there are some."""
        rows = SideThread.objects.filter(thread__ticket=self.ticket.pk).prefetch_related("people").order_by("pk")
        return list(rows) if self.ticket.has_sides else []

    @property
    def checklist_done(self) -> int:
        """How many steps are done."""
        return sum(1 for item in self.checklist if item.done_at)

    @property
    def asked(self) -> int:
        """The note that asks this agent for his part, 0 when none does."""
        return int(self.ticket.asked_in or 0)

    @cached_property
    def presets(self) -> dict[str, datetime]:
        """Until when it could sleep; "later today" only as long as that is today."""
        now = clock.now()
        found = {name: preset(name, now) for name in PRESETS}
        if timezone.localdate(found["later"]) != timezone.localdate(now):
            del found["later"]
        return found

    @cached_property
    def menus(self) -> dict[str, list[Option]]:
        """The fixed lists of the head."""
        return {
            name: options(self.ticket, name) for name in ("priority", "impact", "urgency", "type", "ball", "language")
        }

    @property
    def was(self) -> dict[str, str]:
        """What each form of the head sends as the value it shows."""
        return {name: was_of(self.ticket, name) for name in
                ("subject", "status", "priority", "impact", "urgency", "type", "category", "team", "assignee",
                 "ball", "language")}  # fmt: skip

    @property
    def active_statuses(self) -> list[Status]:
        """Those that can be chosen, and the present one."""
        return [s for s in self.statuses if s.is_active or s.pk == self.ticket.status_id]


def find_ticket(principal: Principal, number: str) -> Ticket:
    """The ticket of a number in any spelling, if the principal may see it. Raises Http404."""
    plain = read_number(number)
    found = Ticket.objects.visible_to(principal).select_related("status", "brand").filter(number=plain).first()
    if plain is None or found is None:
        raise Http404
    return found


def find_target(principal: Principal, number: str) -> Ticket:
    """The same, or where it was merged the one it leads to, if the principal may see that. Raises Http404."""
    found = find_ticket(principal, number)
    if found.merged_into_id is None:
        return found
    return Ticket.objects.visible_to(principal).filter(pk=final_of(found).pk).first() or found


def read_page(principal: Principal, number: str, *, is_long: bool = False, before: int = 0) -> TicketPage:
    """The whole page of a ticket, with its newest messages, more of them where `is_long`; with `before` those before
    the message of that key. Raises Http404 for a ticket that is not there or not for this agent."""
    agent = principal.agent
    plain = read_number(number)
    if agent is None or plain is None:
        raise Http404
    ticket = next(iter(shown_ticket.rows(principal, plain)), None)
    if ticket is None:
        raise Http404
    messages, earlier = _messages(principal, ticket, is_long=is_long, before=before)
    events = _events(ticket, since=messages[0] if earlier else None, before=before)
    statuses = list(Status.objects.all())
    fields = list(CustomField.objects.visible_to(principal)) if ticket.has_fields or ticket.fields else []
    people = [p.contact for p in ticket.participants.all() if p.contact]
    timeline, tail = build_timeline(
        messages, events, names=Names(statuses, fields), read_up_to=ticket.read_up_to or 0,
        sanitiser=SANITISER_VERSION, known=frozenset(i.folded for c in people for i in c.identities.all()),
    )  # fmt: skip
    return TicketPage(
        ticket=ticket, agent=agent, participants=list(ticket.participants.all()), statuses=statuses,
        timeline=timeline, tail=tail, messages=messages, earlier=earlier,
        related=related_tickets.rows(
            principal, ticket.pk, ticket.requester_id, ticket.follows_id or 0, ticket.category_id or 0, _year_begin()
        ),
        is_long=is_long, is_old=bool(before), last_event=events[0].pk if events else 0, principal=principal,
        fields=fields,
    )  # fmt: skip


def _messages(principal: Principal, ticket: Ticket, *, is_long: bool, before: int) -> tuple[list[Any], int]:
    """The messages shown, oldest first, and how many are before them."""
    found = newest_messages.rows(principal, ticket.pk, before or None, is_long)
    most = MORE_MESSAGES if is_long else NEWEST_MESSAGES
    messages = found[:most][::-1]
    if len(found) <= most:
        return messages, 0
    return messages, Message.objects.visible_to(principal).filter(ticket=ticket, pk__lt=messages[0].pk).count()


def _events(ticket: Ticket, *, since: Message | None, before: int) -> list[Event]:
    """What happened between these messages, newest first."""
    after = ticket.messages.filter(pk__gte=before).order_by("pk").first() if before else None
    return events_between.rows(ticket.pk, since.created_at if since else None, after.created_at if after else None)


def _year_begin() -> datetime:
    return timezone.localtime().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
