"""The queries of the ticket page. Whatever hangs on a ticket seldom is asked for only where `has_…` says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Window
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import BooleanField
from django.db.models.functions import JSONObject, Left, Length

from tresen.channels.mail.image_models import ImagesShown
from tresen.channels.mail.models import RawMail
from tresen.channels.mail.spool import still_kept
from tresen.core.announcements.models import AnnouncedTicket, Announcement
from tresen.core.people.models import OrganisationMembership
from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import ChecklistItem, Mention, Snooze, TimeEntry
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.level_models import Level, LevelStay
from tresen.core.tickets.models import Draft, Message, Participant, ReadMark, Ticket
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.structure_models import Merge, Relation
from tresen.faces.desk.ticket.timeline import SHOWN_CHARACTERS
from tresen.kit.prepared import prepared
from tresen.service.learning.models import Proposal, Similar, SpamMark
from tresen.service.levels.models import Handover
from tresen.service.notifications.models import Notification
from tresen.service.oncall.models import Alert, AlertState
from tresen.service.procedures.models import Procedure, Run
from tresen.service.surveys.models import Asked
from tresen.spine.events.models import Event

NEWEST_MESSAGES = 60
# A page of older ones.
MORE_MESSAGES = 200
NEWEST_EVENTS = 400
RELATED = 6


@prepared
def events_between(ticket: int, since: datetime | None, until: datetime | None) -> QuerySet[Event]:
    """What happened on the ticket, newest first."""
    events = Event.objects.filter(stream_kind="ticket", stream_id=ticket).order_by("-id")
    if since:
        events = events.filter(at__gte=since)
    return (events.filter(at__lt=until) if until else events)[:NEWEST_EVENTS]


# What one row of the ticket brings along, also what was asked for in the catalogue.
BESIDE = (
    "status", "category", "team", "assignee__user", "requester", "organisation", "brand", "clock_strip",
    "service_request__service__category", "service_request__form",
)  # fmt: skip


@prepared
def shown_ticket(principal: Principal, number: str) -> QuerySet[Any]:
    """The ticket with what its page shows of it, and whether there is anything to ask for besides."""
    agent = principal.agent
    main = OrganisationMembership.objects.filter(contact=OuterRef("requester"), is_main=True)
    mark = ReadMark.objects.filter(agent=agent, ticket=OuterRef("pk"))
    people = Participant.objects.select_related("contact", "agent__user").order_by("id")
    asks = Mention.objects.undone().asking(principal).filter(message__ticket=OuterRef("pk")).order_by("pk")
    spent = TimeEntry.objects.filter(ticket=OuterRef("pk")).order_by().values("ticket").annotate(sum=Sum("minutes"))
    return (
        Ticket.objects.visible_to(principal)
        .filter(number=number)
        .select_related(*BESIDE)
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
            has_fields=Exists(CustomField.objects.active()),
            has_checklist=Exists(ChecklistItem.objects.filter(ticket=OuterRef("pk"))),
            has_proposals=Exists(Proposal.objects.standing().filter(ticket=OuterRef("pk"))),
            has_guide=Exists(Run.objects.filter(ticket=OuterRef("pk")))
            | Exists(Procedure.objects.offered_on("category")),
            has_similar=Exists(Similar.objects.filter(ticket=OuterRef("pk")))
            | Exists(Similar.objects.filter(other=OuterRef("pk"))),
            has_known=Exists(Announcement.objects.known_troubles())
            | Exists(AnnouncedTicket.objects.filter(ticket=OuterRef("pk"))),
            spam_said=Subquery(SpamMark.objects.filter(ticket=OuterRef("pk"), is_spam=True).values("name")[:1]),
            minutes=Subquery(spent.values("sum")),
            open_alert=Subquery(Alert.objects.filter(ticket=OuterRef("pk"), state=AlertState.OPEN).values("pk")[:1]),
            has_next_level=Exists(Level.objects.active().filter(number__gt=OuterRef("level"))),
            rated=ratings_of(OuterRef("pk")),
            has_levels=Exists(LevelStay.objects.filter(ticket=OuterRef("pk")))
            | Exists(Handover.objects.filter(ticket=OuterRef("pk"))),
        )
        .prefetch_related("tags", Prefetch("participants", people), "participants__contact__identities")
    )


def ratings_of(ticket: OuterRef) -> Subquery:
    """What the requester of that ticket said of our help: an object with rating, scale, words and when; else None."""
    rows = Asked.objects.filter(ticket=ticket, rating__isnull=False, contact=F("ticket__requester"))
    told = JSONObject(rating="rating", scale="scale", words="words", at="rated_at")
    return Subquery(rows.order_by("-rated_at").values(told=told)[:1])


@prepared
def newest_messages(principal: Principal, ticket: int, before: int | None, is_long: bool) -> QuerySet[Any]:
    """Those of a page and one more, newest first."""
    rows = shown_messages(principal).filter(ticket=ticket).order_by("-id")
    found = rows.filter(pk__lt=before) if before else rows
    return found[: (MORE_MESSAGES if is_long else NEWEST_MESSAGES) + 1]


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


@prepared
def related_tickets(
    principal: Principal, ticket: int, requester: int, follows: int, category: int, year: datetime
) -> QuerySet[Any]:  # fmt: skip
    """Other tickets of the requester and those this one is linked with; each carries the counts of this year, which
    began at `year`: of all of his, and of those in the category. `follows`, `category`: keys, or 0."""
    of_requester = Q(requester=requester)
    linked = Q(follows=ticket) | Q(pk=follows)
    this_year = of_requester & Q(created_at__gte=year)
    return (
        Ticket.objects.visible_to(principal)
        .filter(of_requester | linked)
        .exclude(pk=ticket)
        .select_related("status")
        .annotate(
            is_linked=ExpressionWrapper(linked, output_field=BooleanField()),
            rated=ratings_of(OuterRef("pk")),
            of_year=Window(Count("pk", filter=this_year)),
            of_category=Window(Count("pk", filter=this_year & Q(category=category))),
        )
        .order_by(F("is_linked").desc(), "-id")[:RELATED]
    )
