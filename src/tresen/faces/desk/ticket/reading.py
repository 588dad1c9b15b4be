"""Everything the ticket page shows, read in a fixed number of queries (tests/desk/test_ticket_budget.py)."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Window
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import BooleanField
from django.db.models.functions import Left, Length
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from tresen.channels.mail.image_models import ImagesShown
from tresen.channels.mail.models import RawMail
from tresen.channels.mail.spool import still_kept
from tresen.core.people.models import Agent, Brand, Contact, Identity, Organisation, OrganisationMembership
from tresen.core.people.principals import NOBODY, Principal
from tresen.core.teamwork.models import ChecklistItem, Mention, Snooze, TimeEntry
from tresen.core.teamwork.snoozing import PRESETS, preset
from tresen.core.tickets.choices import ACTIVE, ParticipantRole
from tresen.core.tickets.merging import final_of
from tresen.core.tickets.models import Draft, Message, Participant, ReadMark, Status, Ticket
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.priority_settings import Reason, reason_of
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.structure_models import Merge, Relation
from tresen.faces.desk.clocks.targets import Target, targets_of
from tresen.faces.desk.structure.together import Together
from tresen.faces.desk.ticket.event_words import Names
from tresen.faces.desk.ticket.fields import Option, options, was_of
from tresen.faces.desk.ticket.recipients import house_domains, recipients_of
from tresen.faces.desk.ticket.timeline import SHOWN_CHARACTERS, Entry, EventsEntry, build_timeline
from tresen.faces.desk.ticket.writing_page import WritingOnPage
from tresen.kit import clock
from tresen.kit.html import SANITISER_VERSION
from tresen.service.notifications.models import Notification
from tresen.spine.events.models import Event

NEWEST_MESSAGES = 60
# A page of older ones.
MORE_MESSAGES = 200
NEWEST_EVENTS = 400
RELATED = 6


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

    @property
    def presets(self) -> dict[str, datetime]:
        """Until when it could sleep; "later today" only as long as that is today."""
        now = clock.now()
        found = {name: preset(name, now) for name in PRESETS}
        if timezone.localdate(found["later"]) != timezone.localdate(now):
            del found["later"]
        return found

    @property
    def menus(self) -> dict[str, list[Option]]:
        """The fixed lists of the head."""
        return {name: options(self.ticket, name) for name in ("priority", "impact", "urgency", "type", "ball")}

    @property
    def was(self) -> dict[str, str]:
        """What each form of the head sends as the value it shows."""
        return {name: was_of(self.ticket, name) for name in
                ("subject", "status", "priority", "impact", "urgency", "type", "category", "team", "assignee",
                 "ball")}  # fmt: skip

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
    ticket = _tickets(principal, agent).filter(number=plain).first()
    if ticket is None:
        raise Http404
    messages, earlier = _messages(principal, ticket, most=MORE_MESSAGES if is_long else NEWEST_MESSAGES, before=before)
    events = list(_events(ticket, since=messages[0] if earlier else None, before=before)[:NEWEST_EVENTS])
    statuses = list(Status.objects.all())
    people = [p.contact for p in ticket.participants.all() if p.contact]
    timeline, tail = build_timeline(
        messages, events, names=Names(statuses), read_up_to=ticket.read_up_to or 0,
        sanitiser=SANITISER_VERSION, known=frozenset(i.folded for c in people for i in c.identities.all()),
    )  # fmt: skip
    return TicketPage(
        ticket=ticket, agent=agent, participants=list(ticket.participants.all()), statuses=statuses,
        timeline=timeline, tail=tail, messages=messages, earlier=earlier, related=_related(principal, ticket),
        is_long=is_long, is_old=bool(before), last_event=events[0].pk if events else 0, principal=principal,
    )  # fmt: skip


def _messages(principal: Principal, ticket: Ticket, *, most: int, before: int) -> tuple[list[Any], int]:
    """The messages shown, oldest first, and how many are before them."""
    rows = shown_messages(principal).filter(ticket=ticket).order_by("-id")
    found = list((rows.filter(pk__lt=before) if before else rows)[: most + 1])
    messages = found[:most][::-1]
    if len(found) <= most:
        return messages, 0
    return messages, Message.objects.visible_to(principal).filter(ticket=ticket, pk__lt=messages[0].pk).count()


def _events(ticket: Ticket, *, since: Message | None, before: int) -> QuerySet[Event]:
    """What happened between these messages, newest first."""
    events = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk).order_by("-id")
    if since:
        events = events.filter(at__gte=since.created_at)
    after = ticket.messages.filter(pk__gte=before).order_by("pk").first() if before else None
    return events.filter(at__lt=after.created_at) if after else events


def _tickets(principal: Principal, agent: Agent) -> QuerySet[Any]:
    main = OrganisationMembership.objects.filter(contact=OuterRef("requester"), is_main=True)
    mark = ReadMark.objects.filter(agent=agent, ticket=OuterRef("pk"))
    people = Participant.objects.select_related("contact", "agent__user").order_by("id")
    asks = Mention.objects.undone().asking(principal).filter(message__ticket=OuterRef("pk")).order_by("pk")
    spent = TimeEntry.objects.filter(ticket=OuterRef("pk")).order_by().values("ticket").annotate(sum=Sum("minutes"))
    return (
        Ticket.objects.visible_to(principal)
        .select_related(
            "status", "category", "team", "assignee__user", "requester", "organisation", "brand", "clock_strip"
        )
        .annotate(
            requester_title=Subquery(main.values("title")[:1]),
            read_up_to=Subquery(mark.values("message_id")[:1]),
            is_asleep=Exists(Snooze.objects.asleep().filter(ticket=OuterRef("pk"))),
            asked_in=Subquery(asks.values("message_id")[:1]),
            has_news=Exists(Notification.objects.unread().filter(agent=agent, ticket=OuterRef("pk"))),
            has_sides=Exists(SideThread.objects.filter(thread__ticket=OuterRef("pk"))),
            has_drafts=Exists(Draft.objects.filter(ticket=OuterRef("pk"))),
            has_ends=Exists(Relation.objects.filter(source=OuterRef("pk")))
            | Exists(Relation.objects.filter(target=OuterRef("pk"))),
            has_merges=Exists(Merge.objects.filter(target=OuterRef("pk"), undone_at=None)),
            has_checklist=Exists(ChecklistItem.objects.filter(ticket=OuterRef("pk"))),
            minutes=Subquery(spent.values("sum")),
        )
        .prefetch_related("tags", Prefetch("participants", people), "participants__contact__identities")
    )


def shown_messages(principal: Principal) -> QuerySet[Any]:
    """Messages with what a timeline draws of them and no more: large texts and HTML stay in the database."""
    mine = ImagesShown.objects.filter(agent=principal.agent)
    return (
        Message.objects.visible_to(principal)
        .select_related("agent__user", "contact", "plan")
        .defer("html_source", "html", "text", "reply_text")
        .prefetch_related("attachments")
        .annotate(
            shown_text=Left("text", SHOWN_CHARACTERS),
            shown_reply=Left("reply_text", SHOWN_CHARACTERS),
            text_length=Length("text"),
            has_html=ExpressionWrapper(~Q(html=""), output_field=BooleanField()),
            has_source=ExpressionWrapper(~Q(html_source=""), output_field=BooleanField()),
            images_shown=Exists(mine.filter(message=OuterRef("pk"))),
            images_always=Exists(mine.filter(contact=OuterRef("contact"))),
            has_original=Exists(still_kept(RawMail.objects.filter(message=OuterRef("pk")))),
        )
    )


def _year_begin() -> datetime:
    return timezone.localtime().replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _related(principal: Principal, ticket: Ticket) -> list[Any]:
    """Other tickets of the requester and those this one is linked with; each carries the count of this year."""
    of_requester = Q(requester=ticket.requester_id)
    linked = Q(follows=ticket.pk) | Q(pk=ticket.follows_id or 0)
    this_year = of_requester & Q(created_at__gte=_year_begin())
    rows = (
        Ticket.objects.visible_to(principal)
        .filter(of_requester | linked)
        .exclude(pk=ticket.pk)
        .select_related("status")
        .annotate(
            is_linked=ExpressionWrapper(linked, output_field=BooleanField()),
            of_year=Window(Count("pk", filter=this_year)),
        )
        .order_by(F("is_linked").desc(), "-id")
    )
    return list(rows[:RELATED])
