"""Messages and events in one line of time. Pure: rows in, what the templates draw out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tresen.channels.mail.reasons import why_here
from tresen.core.people.identities import fold_mail
from tresen.core.tickets.choices import UNDELIVERED, Delivery, MessageKind, Trust
from tresen.core.tickets.models import Attachment, Message, PlannedReply
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.previews import has_preview
from tresen.faces.desk.ticket.event_words import Names, actor_name, sentences
from tresen.kit import clock
from tresen.kit.filetypes import INLINE_TYPES
from tresen.kit.linking import linked
from tresen.kit.replies import split_quote
from tresen.spine.events.models import Event

SHOWN_CHARACTERS = 25 * 1024
SHOWN_PREVIEW_BYTES = 3 * 1024 * 1024
_NUMBER = re.compile(r"(?<![\w#])#?[A-Z]{1,3}(?: |\u00a0)?\d{2,11}-?\d\b")
RESENDABLE = {Delivery.FAILED, Delivery.BOUNCED, Delivery.DEFERRED}
# How long a page asks by itself where a reply is.
WATCHED = timedelta(minutes=2)


@dataclass(frozen=True)
class Sending:
    """Where a reply is, and what can be done about it."""

    message: Message

    @property
    def plan(self) -> PlannedReply | None:
        """When it leaves, as long as it has not."""
        return getattr(self.message, "plan", None)

    @property
    def can_undo(self) -> bool:
        """It leaves in some seconds."""
        return self.message.delivery == Delivery.PLANNED and bool(self.plan and not self.plan.is_later)

    @property
    def is_planned(self) -> bool:
        """It leaves at a time that was chosen."""
        return self.message.delivery == Delivery.PLANNED and not self.can_undo

    @property
    def is_stopped(self) -> bool:
        """It was to leave and did not, for a reason."""
        return self.message.delivery == Delivery.STOPPED

    @property
    def can_send_again(self) -> bool:
        """It has not arrived, as far as we know."""
        return self.message.delivery in RESENDABLE

    @property
    def can_be_noted(self) -> bool:
        """Lists show that it did not arrive."""
        return self.message.delivery in UNDELIVERED and not self.message.delivery_noted

    @property
    def is_watched(self) -> bool:
        """It changes in a moment: a page asks again by itself."""
        since = self.message.delivery_at
        moves = self.can_undo or self.message.delivery == Delivery.QUEUED
        return moves and since is not None and clock.now() - since < WATCHED


@dataclass
class MessageEntry:
    """A message as the timeline draws it."""

    message: Message
    text: SafeString
    quote: SafeString
    framed: bool
    is_new: bool
    cut: int
    files: list[Attachment]
    why: str
    # People on the mail who are not on the ticket: offered to the agent, never added by themselves.
    offered: list[dict[str, str]] = field(default_factory=list)
    # How many more there are than are named here.
    more: int = 0
    # Where the sender wants answers, when that is another address than his and not on the ticket yet.
    other_address: str = ""
    template: str = "desk/ticket/entry_message.html"

    @property
    def css(self) -> str:
        """How it looks: received, reply, note."""
        return str(self.message.kind)

    @property
    def at(self) -> datetime:
        """When it was written."""
        return self.message.created_at

    @property
    def sending(self) -> Sending:
        """Where it is."""
        return Sending(self.message)

    @property
    def is_received(self) -> bool:
        """It came from outside: it has a reason to be here, and may belong elsewhere."""
        return self.message.kind == MessageKind.RECEIVED

    @property
    def not_confirmed(self) -> bool:
        """Nothing says that the sender is who he says."""
        return self.message.kind == MessageKind.RECEIVED and self.message.trust == Trust.ANONYMOUS

    @property
    def images(self) -> str:
        """Images from outside: "blocked", shown for "once" or "always" for this sender, "" when there are none that
        could be shown."""
        message: Any = self.message
        if not message.blocked_images or not self.framed:
            return ""
        if message.images_always and message.trust != Trust.ANONYMOUS:
            return "always"
        return "once" if message.images_shown else "blocked"

    @property
    def pictures(self) -> list[Attachment]:
        """Raster images small enough to be shown at once."""
        return [f for f in self.files if f.content_type in INLINE_TYPES and f.size <= SHOWN_PREVIEW_BYTES]

    @property
    def previews(self) -> list[Attachment]:
        """Files of which there is something to see, once one asks."""
        return [f for f in self.files if has_preview(f)]


@dataclass(frozen=True)
class Line:
    """One change: who, what, when."""

    who: str
    text: str
    at: datetime


@dataclass
class EventsEntry:
    """Changes between two messages, folded into one line."""

    lines: list[Line] = field(default_factory=list)
    template: str = "desk/ticket/entry_events.html"

    @property
    def at(self) -> datetime:
        """When the first of them happened."""
        return self.lines[0].at

    @property
    def first(self) -> Line:
        """The one that stands in the folded line."""
        return self.lines[0]

    @property
    def more(self) -> int:
        """How many there are behind it."""
        return len(self.lines) - 1


@dataclass(frozen=True)
class DayEntry:
    """A new day begins."""

    at: datetime
    template: str = "desk/ticket/entry_day.html"


Entry = MessageEntry | EventsEntry | DayEntry


def build_timeline(
    messages: Sequence[Message], events: Iterable[Event], *, names: Names, read_up_to: int,
    sanitiser: int, known: frozenset[str] = frozenset(),
) -> tuple[list[Entry], EventsEntry | None]:  # fmt: skip
    """The entries in order, and the changes after the last message apart (they are refreshed on their own).

    `known`: folded addresses of who takes part;
    `read_up_to`: the last message the agent has read; `sanitiser`: the version whose HTML may be shown.
    """
    moments: list[tuple[datetime, int, Any]] = [(m.created_at, 0, m) for m in messages]
    moments += [(e.at, 1, e) for e in events if sentences(e, names=names)]
    moments.sort(key=lambda moment: (moment[0], moment[1], moment[2].pk))
    entries: list[Entry] = []
    fold: EventsEntry | None = None
    for at, _order, row in moments:
        if isinstance(row, Message):
            entries.append(message_entry(row, read_up_to=read_up_to, sanitiser=sanitiser, known=known))
            fold = None
            continue
        if fold is None:
            fold = EventsEntry()
            entries.append(fold)
        fold.lines += [Line(actor_name(row), text, at) for text in sentences(row, names=names)]
    tail = entries.pop() if fold is not None else None
    return with_days(entries), tail if isinstance(tail, EventsEntry) else None


def with_days(entries: Iterable[Entry]) -> list[Entry]:
    """The same with a heading before the first entry of each day, in the reader's zone."""
    out: list[Entry] = []
    last: date | None = None
    for entry in entries:
        day = timezone.localtime(entry.at).date()
        if day != last:
            out.append(DayEntry(entry.at))
            last = day
        out.append(entry)
    return out


def message_entry(
    message: Any, *, read_up_to: int, sanitiser: int, known: frozenset[str] = frozenset()
) -> MessageEntry:
    """What is drawn of one message; it carries `shown_text`, `shown_reply`, `text_length`, `has_html` (see reading)."""
    framed = bool(message.has_html) and message.html_version == sanitiser
    text, quote = split_quote(message.shown_text, message.shown_reply)
    show = note_text(message) if message.kind == MessageKind.NOTE else linked
    files = [f for f in message.attachments.all() if not (framed and f.is_inline)]
    answers_at = str(message.why.get("reply_to") or "")
    return MessageEntry(
        message=message, text=show(text), quote=show(quote), framed=framed,
        is_new=message.kind == MessageKind.RECEIVED and message.pk > read_up_to,
        cut=message.text_length if message.text_length > SHOWN_CHARACTERS else 0,
        files=sorted(files, key=lambda f: (f.is_inline, f.created_at, f.filename)), why=why_here(message.why),
        offered=[p for p in message.why.get("offered", []) if fold_mail(p["address"]) not in known],
        more=int(message.why.get("more") or 0), other_address="" if fold_mail(answers_at) in known else answers_at,
    )  # fmt: skip


def note_text(message: Any) -> Callable[[str], SafeString]:
    """How the text of a note is drawn: addresses and ticket numbers are links, those it calls are marked."""
    calls = [str(typed) for typed in message.why.get("mentions", [])]
    return lambda text: linked(text, between=lambda part: _calls_marked(part, calls))


def _calls_marked(text: str, calls: Sequence[str]) -> str:
    if not calls:
        return _number_links(text)
    longest_first = sorted(calls, key=lambda typed: -len(typed))
    parts = re.split(f"({'|'.join(re.escape(typed) for typed in longest_first)})", text)
    marked = [
        f'<span class="mention">{escape(part)}</span>' if n % 2 else _number_links(part) for n, part in enumerate(parts)
    ]
    return mark_safe("".join(marked))  # noqa: S308 - every piece is escaped


def _number_links(text: str) -> str:
    out, at = [], 0
    for match in _NUMBER.finditer(text):
        number = read_number(match.group())
        if number is None:
            continue
        out += [escape(text[at : match.start()]), f'<a href="{reverse("desk:ticket", args=[number])}">',
                escape(match.group()), "</a>"]  # fmt: skip
        at = match.end()
    out.append(escape(text[at:]))
    return mark_safe("".join(out))  # noqa: S308 - every piece is escaped above
