"""Everything the page of a request shows, read in a fixed number of queries (tests/portal/test_budgets.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import BooleanField
from django.db.models.functions import Left, Length
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tresen.core.catalog.showing import answers_of
from tresen.core.people.pins import shown_pin
from tresen.core.tickets.choices import MessageKind, ParticipantRole
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.field_values import shown_value
from tresen.core.tickets.models import Attachment, Message
from tresen.core.tickets.nudging import is_our_turn, nudges_of
from tresen.faces.portal.request.doors import Door
from tresen.faces.portal.request.promises import Hurry, Promise, hurry_of, promises_of
from tresen.faces.portal.request.stand import History, Stand, Step, history_of, stand_of, track_of
from tresen.faces.portal.surroundings import mail_address
from tresen.kit import clock
from tresen.kit.filetypes import INLINE_TYPES
from tresen.kit.html import SANITISER_VERSION
from tresen.kit.linking import linked
from tresen.kit.replies import split_quote
from tresen.service.sla.models import ClockStrip
from tresen.spine.events.models import Event

SHOWN_LETTERS = 25 * 1024
NEWEST_MESSAGES = 50
# A page of older ones, each at its full length.
MORE_MESSAGES = 100
EVENTS_READ = 50


class FileLink(NamedTuple):
    """A file of a message and where it is fetched."""

    url: str
    name: str
    size: int
    is_picture: bool


@dataclass(frozen=True)
class Entry:
    """A message as the person outside sees it."""

    message: Any
    is_mine: bool
    text: SafeString
    quote: SafeString
    is_framed: bool
    is_cut: bool
    files: list[FileLink]

    @property
    def is_ours(self) -> bool:
        """An answer of the desk."""
        return bool(self.message.kind == MessageKind.REPLY)

    @property
    def at(self) -> datetime:
        """When it was written."""
        written: datetime = self.message.created_at
        return written


@dataclass(frozen=True)
class RequestPage:
    """One request as the person outside sees it; built by `read_page`."""

    door: Door
    stand: Stand
    track: list[Step]
    entries: list[Entry]
    # Where the messages before these are, or these and those before them; empty when there are none.
    earlier_url: str
    # It ends before the newest message.
    is_old: bool
    copies: list[str]
    mail_address: str
    promises: list[Promise]
    # Asking for more speed; None where it is not offered.
    hurry: Hurry | None
    # Fields of the desk's own that are for customers, with their values in words.
    own: list[tuple[str, str]]

    @property
    def ticket(self) -> Any:
        """The ticket behind the door."""
        return self.door.ticket

    @property
    def last_said(self) -> Entry | None:
        """The newest message; None on a page of older ones."""
        return self.entries[-1] if self.entries and not self.is_old else None

    @property
    def pin(self) -> str:
        """What he says on the telephone; for who is signed in, not for a link that may have been passed on."""
        return shown_pin(self.door.contact) if self.door.link is None else ""

    @property
    def my_name(self) -> str:
        """For the initials beside one's own messages; not told to a browser that has proven nothing."""
        return self.door.contact.name if self.door.is_proven else ""

    @property
    def to_clean(self) -> list[Any]:
        """Messages whose HTML was cleaned by other rules than ours: their text is shown until it is done anew."""
        rows = [entry.message for entry in self.entries]
        return [row for row in rows if row.has_source and row.html_version != SANITISER_VERSION]


def read_page(door: Door, *, whole: bool = False, before: int = 0) -> RequestPage:
    """The page behind a door, with its newest messages; with `before` those before the message of that key. `whole`:
    each at its full length, and more of them."""
    most = MORE_MESSAGES if whole else NEWEST_MESSAGES
    rows = _messages(door, whole=whole)
    found = list((rows.filter(pk__lt=before) if before else rows)[: most + 1])
    messages = found[:most][::-1]
    key = f"&before={messages[0].pk}" if messages and (whole or before) else ""
    history, now = read_history(door), clock.now()
    return RequestPage(
        door=door, stand=stand_of(door.ticket, is_confirmed=history.confirmed_at is not None),
        track=track_of(door.ticket, history, is_requester=door.is_requester),
        entries=[_entry(message, door, whole=whole) for message in messages], is_old=bool(before),
        earlier_url=f"{door.base}?all{key}" if len(found) > most else "",
        copies=_copies(door), mail_address=mail_address(door.ticket.brand), own=_own(door),
        promises=promises_of(_clocks(door), now) if is_our_turn(door.ticket) else [],
        hurry=hurry_of(nudges_of(door.ticket), now) if door.may_nudge else None,
    )  # fmt: skip


def _clocks(door: Door) -> list[dict[str, Any]]:
    strip: ClockStrip | None = getattr(door.ticket, "clock_strip", None)
    return strip.clocks if strip else []


def visible_messages(door: Door) -> Any:
    """The messages of the request that this person may see."""
    return Message.objects.visible_to(door.principal).filter(ticket=door.ticket.pk)


def _messages(door: Door, *, whole: bool) -> Any:
    """Newest first, with what is drawn of them and no more: large texts and HTML stay in the database."""
    rows = (
        visible_messages(door)
        .select_related("agent__user")
        .defer("html_source", "html")
        .prefetch_related("attachments")
        .annotate(
            has_html=ExpressionWrapper(~Q(html=""), output_field=BooleanField()),
            has_source=ExpressionWrapper(~Q(html_source=""), output_field=BooleanField()),
            letters=Length("text"),
        )
        .order_by("-id")
    )
    if whole:
        return rows
    cut = {"shown_text": Left("text", SHOWN_LETTERS), "shown_reply": Left("reply_text", SHOWN_LETTERS)}
    return rows.defer("html_source", "html", "text", "reply_text").annotate(**cut)


def _entry(message: Any, door: Door, *, whole: bool) -> Entry:
    all_of_it = message.text if whole else message.shown_text
    new = message.reply_text if whole else message.shown_reply
    text, quote = split_quote(all_of_it, new)
    framed = is_framed(message)
    files = sorted(message.attachments.all(), key=lambda file: (file.created_at, file.filename))
    return Entry(
        message=message, is_mine=message.contact_id == door.contact.pk, text=linked(text), quote=linked(quote),
        is_framed=framed, is_cut=not whole and not framed and message.letters > SHOWN_LETTERS,
        files=[_file(file, door) for file in files if not (framed and file.is_inline)],
    )  # fmt: skip


def is_framed(message: Any) -> bool:
    """Whether cleaned HTML of the present sanitiser is there to be shown; else the text stands for it."""
    return bool(message.has_html) and message.html_version == SANITISER_VERSION


def _file(file: Attachment, door: Door) -> FileLink:
    return FileLink(f"{door.base}files/{file.pk}/", file.filename, file.size, file.content_type in INLINE_TYPES)


def read_history(door: Door) -> History:
    """When work began and whether the solution was confirmed."""
    rows = Event.objects.filter(stream_kind="ticket", stream_id=door.ticket.pk).order_by("id")
    first = rows.filter(actor_kind="agent", kind__in=["ticket.changed", "reply.added"])[:1]
    since = door.ticket.solved_at or door.ticket.closed_at
    said = rows.filter(actor_kind="contact", at__gte=since)[:EVENTS_READ] if since else []
    return history_of(door.ticket, [*first, *said], contact_id=door.contact.pk)


def _own(door: Door) -> list[tuple[str, str]]:
    """What was answered in the form of a service, then the fields of the desk's own. Told only to those who have proven
    who they are; one query where the ticket has any fields."""
    if not door.is_proven:
        return []
    request, values = getattr(door.ticket, "service_request", None), door.ticket.fields
    answered = [(_("Asked for"), request.service.name), *answers_of(request)] if request else []
    rows = fields_for(door.principal).for_customers().filter(slug__in=list(values)) if values else ()
    return [*answered, *((row.name, shown_value(row, values[row.slug])) for row in rows)]


def _copies(door: Door) -> list[str]:
    """Who else reads along; told only to those who have proven who they are."""
    if not door.is_proven:
        return []
    rows = door.ticket.participants.filter(role=ParticipantRole.CC, contact__isnull=False)
    names = rows.exclude(contact=door.contact).order_by("id").values_list("contact__name", flat=True)
    return list(names)
