"""Who is asked, and when: decided when a ticket is solved, and once more in the moment when the mail would leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tresen.channels.mail.compose import sender_mailbox
from tresen.channels.mail.models import Mailbox, OutboxKind
from tresen.channels.mail.outbox import may_answer_automatically, queue
from tresen.channels.mail.personal_links import asked_from
from tresen.core.calendars.questions import BadCalendar, read_opening
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Brand, Contact, Identity
from tresen.core.people.principals import SYSTEM
from tresen.core.people.services import main_identity
from tresen.core.tickets.choices import FINISHED, Channel
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.priority_settings import is_vip
from tresen.kit import clock
from tresen.service.search.query import QueryError
from tresen.service.search.services import apply_query
from tresen.service.surveys.models import Asked, AskedState, NoSurveys, Reason, Survey
from tresen.service.surveys.services import survey_of
from tresen.spine.events.models import Event

# Whoever called or came by was helped without a reply of ours.
SPOKEN = (Channel.PHONE, Channel.VISIT)


def consider(ticket_id: int) -> None:
    """A ticket was solved: its requester will be asked, if the survey of its brand is for it. Running it again changes
    nothing, but for a ticket that was opened again before its time came: that begins anew."""
    ticket = _finished(ticket_id)
    survey = survey_of(ticket.brand_id) if ticket else None
    if ticket is None or survey is None or not survey.is_active or not fits(survey, ticket):
        return
    from tresen.service.surveys.jobs import ask_now

    with transaction.atomic():
        contact = Contact.objects.select_for_update(of=("self",)).get(pk=ticket.requester_id)
        before = Asked.objects.filter(ticket=ticket, contact=contact).first()
        if (before and before.state == AskedState.ASKED) or was_asked_lately(survey, ticket):
            return
        row = before or Asked(ticket=ticket, contact=contact)
        row.scale, row.change_days, row.state, row.reason = survey.scale, survey.change_days, AskedState.WAITING, ""
        row.team_id, row.category_id, row.level = ticket.team_id, ticket.category_id, ticket.level
        row.agent_id, row.due_at = ticket.assignee_id, due_at(survey, ticket.brand, clock.now())
        if not survey.by_mail:  # it stands on the page of the request alone
            row.state, row.asked_at = AskedState.ASKED, clock.now()
        row.save()
        if survey.by_mail:
            ask_now.enqueue(asked_id=row.pk, key=f"survey:{row.pk}", at=row.due_at)


def _finished(ticket_id: int) -> Ticket | None:
    rows = Ticket.objects.select_related("brand", "requester", "organisation")
    there = rows.filter(deleted_at=None, merged_into=None, status_category__in=FINISHED)
    return there.filter(pk=ticket_id).first()


def due_at(survey: Survey, brand: Brand, solved_at: datetime) -> datetime:
    """When the mail leaves: so many hours after, and not before the brand is open where that is wanted."""
    at = solved_at + timedelta(hours=survey.wait_hours)
    if not survey.in_office_hours or not any((brand.office_hours.get("weekly") or {}).values()):
        return at
    try:
        opening = read_opening({"timezone": brand.timezone, **brand.office_hours})
    except BadCalendar:
        return at
    return next((begin for begin, _end in opening.spans(at, days=40)), at)


def fits(survey: Survey, ticket: Ticket) -> bool:
    """Whether the survey is for that ticket and its requester: somebody has helped him, it is no machine's mail and no
    spam, and nothing in the settings is against it."""
    was_helped = ticket.first_response_at is not None or ticket.channel in SPOKEN
    if ticket.is_unconfirmed or not was_helped or _is_of_machine_or_spam(ticket):
        return False
    if not survey.asks_vip and is_vip(ticket):
        return False
    if NoSurveys.objects.filter(contact=ticket.requester_id).exists():
        return False
    return not survey.query or _fits_line(survey.query, ticket)


def _is_of_machine_or_spam(ticket: Ticket) -> bool:
    events = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk)
    marks = events.filter(kind__in=("spam.marked", "spam.unmarked")).order_by("-pk").values_list("kind", flat=True)
    made = events.filter(kind="ticket.created").values_list("changes", flat=True).first()
    return marks.first() == "spam.marked" or bool(made and made.get("quiet"))


def _fits_line(line: str, ticket: Ticket) -> bool:
    try:
        return apply_query(Ticket.objects.visible_to(SYSTEM).filter(pk=ticket.pk), line, SYSTEM).exists()
    except QueryError:  # a team, tag or field that it names is gone: nobody is asked by mistake
        return False


def was_asked_lately(survey: Survey, ticket: Ticket) -> bool:
    """Whether the person was asked about another ticket within the pause, or will be."""
    since = clock.now() - timedelta(days=survey.pause_days)
    others = Asked.objects.filter(contact=ticket.requester_id, due_at__gte=since).exclude(ticket=ticket.pk)
    return survey.pause_days > 0 and others.exclude(state=AskedState.DROPPED).exists()


def ask(asked_id: int) -> None:
    """The time of the mail has come. Puts it into the outbox, or drops it and says why; where the ticket was solved
    anew meanwhile, so that its time is later, it waits on."""
    from tresen.service.surveys.jobs import ask_now

    with transaction.atomic():
        row = Asked.objects.select_for_update(of=("self",)).select_related("ticket").filter(pk=asked_id).first()
        if row is None or row.mail_id or row.rating is not None or row.state == AskedState.DROPPED:
            return
        ticket = _finished(row.ticket_id)
        if ticket and row.due_at > clock.now():
            ask_now.enqueue(asked_id=row.pk, key=f"survey:{row.pk}", at=row.due_at)
            return
        survey = survey_of(ticket.brand_id) if ticket else None
        reason = Reason.TICKET if ticket is None or survey is None else _against(survey, ticket, row)
        if reason or ticket is None or survey is None:
            _drop(row, reason)
            return
        to, mailbox = main_identity(ticket.requester), sender_mailbox(ticket)
        assert to is not None  # _against has looked
        people = [{"role": "to", "name": ticket.requester.name, "address": to.value}]
        row.mail = queue(OutboxKind.SURVEY, ticket=ticket, message=None, recipients=people, mailbox=mailbox)
        row.state, row.asked_at = AskedState.ASKED, clock.now()
        row.save(update_fields=["mail", "state", "asked_at"])


def _drop(row: Asked, reason: str) -> None:
    row.state, row.reason = AskedState.DROPPED, reason
    row.save(update_fields=["state", "reason"])


def _against(survey: Survey, ticket: Ticket, row: Asked) -> str:
    """What speaks against the mail, in a word; nothing where it may leave. Counts it against the caps."""
    if not survey.is_active or not survey.by_mail or row.contact_id != ticket.requester_id:
        return Reason.SETTINGS
    if not fits(survey, ticket):
        return Reason.SETTINGS
    to, mailbox = main_identity(ticket.requester), sender_mailbox(ticket)
    if to is None or mailbox is None or to.undeliverable_at or not is_proven(to, ticket):
        return Reason.ADDRESS
    if fold_mail(to.value) in {fold_mail(box) for box in Mailbox.objects.values_list("address", flat=True)}:
        return Reason.ADDRESS
    verified = to.verified_at is not None
    return "" if may_answer_automatically(to.value, mailbox_id=mailbox.pk, verified=verified) else Reason.CAPS


def is_proven(identity: Identity, ticket: Ticket) -> bool:
    """The address is confirmed, or the request came from it and was authenticated; never one that somebody typed."""
    if identity.verified_at:
        return True
    return not ticket.is_unconfirmed and bool(asked_from(identity, Ticket.objects.filter(pk=ticket.pk)))
