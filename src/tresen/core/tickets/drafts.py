"""Keeping what somebody writes: as he types, on the server, so that no reload, crash or sign-out costs a word.

A draft is no change of the ticket, so it records no event. Nothing is overwritten in silence: who saves says which
version he had, and gets the other text back when it is another by now (StaleDraft).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from tresen.core.people.models import Agent
from tresen.core.tickets.draft_models import Draft, DraftKind
from tresen.core.tickets.models import Attachment, Ticket
from tresen.core.tickets.rows import lock
from tresen.core.tickets.side_models import SideThread
from tresen.kit import clock, files

MAX_TEXT = 200_000
# What an agent may have uploaded and not sent, over all tickets (S43).
MAX_UNSENT_FILES = 200
MAX_UNSENT_BYTES = 1024 * 1024 * 1024
MAX_FILES = 10
EMPTY_FOR = timedelta(days=2)
LAST_TURN = 2**31 - 1
# What stands in the composer besides the text, and how much of it is kept.
DETAILS: dict[str, int] = {
    "html": 400_000, "left_out": 50, "places": 50, "add_cc": 1000, "add_bcc": 1000,
    "forward_to": 1000, "forward_subject": 300, "forwards": 20, "without_files": 1,
    "side_to": 1000, "side_subject": 300, "side_remind": 40, "side_waits_not": 1,
    "later_at": 40, "unless_answered": 1, "later_then": 20, "staged": 60,
}  # fmt: skip


class StaleDraft(Exception):
    """It was written elsewhere meanwhile, in another tab, on another device. `draft` is as it is now; `files`, where
    its text is no other, are those that were put into it there."""

    def __init__(self, draft: Draft, files: Sequence[Attachment] = ()) -> None:
        super().__init__("the draft has changed")
        self.draft, self.files = draft, list(files)


class DraftSent(Exception):
    """The page that brings a file has sent its text already, with that file."""


class TooMuchUnsent(Exception):
    """The agent has too many files, or too large ones, in drafts."""


@dataclass(frozen=True)
class Writing:
    """What is written, from which page (`writer`, its how manyth time `turn`), and over which version."""

    text: str
    details: dict[str, Any] = field(default_factory=dict)
    seen_message: int = 0
    seen_event: int = 0
    version: int = 0
    writer: str = ""
    turn: int = 0


def save_draft(
    ticket: Ticket,
    *,
    agent: Agent,
    kind: str,
    writing: Writing,
    by: Agent | None = None,
    side: SideThread | None = None,
) -> Draft:
    """Keeps the draft of that agent under a new version, written by himself or by who reviews it (`by`). The same
    page's later words win over its earlier ones in whatever order they arrive. Raises StaleDraft, ValueError for a
    text above 200,000 characters."""
    if len(writing.text) > MAX_TEXT:
        raise ValueError("text too long")
    at = clock.now()
    with transaction.atomic():
        row = _lock(ticket, agent, kind, side) or _create(ticket, agent, kind, side, version=writing.version)
        if not _may_write(row, writing):
            if row.writer == writing.writer and row.writer:
                return row
            raise StaleDraft(row)
        same = row.text == writing.text and row.details == kept_details(writing.details)
        row.text, row.details = writing.text, kept_details(writing.details)
        row.seen_message, row.seen_event = writing.seen_message, writing.seen_event
        row.version += 0 if same else 1
        row.changed_by = by or agent
        row.writer, row.turn, row.updated_at = writing.writer[:64], min(writing.turn, LAST_TURN), at
        row.save()
    return row


def kept_details(details: dict[str, Any]) -> dict[str, Any]:
    """The known ones that say something, cut to their lengths."""
    kept: dict[str, Any] = {}
    for name, most in DETAILS.items():
        value = details.get(name)
        if value:
            kept[name] = value[:most] if isinstance(value, str | list) else value
    return kept


def _lock(ticket: Ticket, agent: Agent, kind: str, side: SideThread | None = None) -> Draft | None:
    return Draft.objects.select_for_update().filter(ticket=ticket, agent=agent, kind=kind, side=side).first()


def _create(ticket: Ticket, agent: Agent, kind: str, side: SideThread | None = None, *, version: int) -> Draft:
    if kind not in DraftKind.values:
        raise ValueError(kind)
    at = clock.now()
    try:
        with transaction.atomic():
            return Draft.objects.create(
                ticket=ticket, agent=agent, kind=kind, side=side, version=version, created_at=at, updated_at=at
            )
    except IntegrityError:  # another page was a moment faster
        return Draft.objects.select_for_update().get(ticket=ticket, agent=agent, kind=kind, side=side)


def _may_write(row: Draft, writing: Writing) -> bool:
    if row.writer and row.writer == writing.writer:
        return writing.turn > row.turn
    return row.version == writing.version or row.text == writing.text


def spend_draft(
    ticket: Ticket, *, agent: Agent, kind: str, text: str, version: int, writer: str, sent: Iterable[Attachment] = (),
    known: Set[str] = frozenset(), side: SideThread | None = None,
) -> None:  # fmt: skip
    """The text leaves with the files `sent`: its draft is empty from now on, for that page's late words and files, too.
    Inside the transaction of the sending. Raises StaleDraft when something else was written elsewhere, or a file was
    put into it that the page does not show (`known`: the keys of those it shows, also of those it leaves out, and
    "size:name" of those that were taken out while they were on their way here), StaleTicket when it was merged: then
    the draft is where it went."""
    lock(ticket)
    row = _lock(ticket, agent, kind, side) or _create(ticket, agent, kind, side, version=version)
    if row.version != version and row.text.strip() and row.text.strip() != text.strip() and row.writer != writer:
        raise StaleDraft(row)
    left = list(row.files.exclude(pk__in=[file.pk for file in sent]))
    # One that was still on its way to the draft when the form left came along with that, as a row of its own.
    along = {(file.filename, file.sha256) for file in sent}
    unseen = [file for file in left if not known & _names_of(file) and (file.filename, file.sha256) not in along]
    if unseen:
        raise StaleDraft(row, unseen)
    for file in left:
        file.delete()
        transaction.on_commit(partial(files.remove, file.storage_key))
    empty(row, writer=writer, turn=LAST_TURN)


def discard_draft(draft: Draft, *, writing: Writing, known: Set[str] = frozenset()) -> Draft:
    """Thrown away by the page that shows `writing` and the files `known`: text, details and files. The row, empty.
    Raises StaleDraft when something else was written, or another file put into it, elsewhere."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft.pk)
        kept = list(row.files.all())
        if not _may_write(row, writing):
            raise StaleDraft(row)
        if unseen := [file for file in kept if not known & _names_of(file)]:
            raise StaleDraft(row, unseen)
        empty(row, writer=writing.writer, turn=writing.turn)
    for file in kept:
        remove_file(file)
    return row


def _names_of(file: Attachment) -> set[str]:
    return {str(file.pk), f"{file.size}:{file.filename}"}


def empty(row: Draft, *, writer: str, turn: int) -> None:
    """Nothing is left of it but its row, under a new version, written last by that page; the caller holds it."""
    row.text, row.details, row.took_back = "", {}, []
    row.asked_at = row.reviewer = row.review_team = None
    row.comments.all().delete()
    row.version += 1
    row.writer, row.turn, row.updated_at = writer[:64], turn, clock.now()
    row.save()


def put_back(
    ticket: Ticket, *, agent: Agent, text: str, uploads: Iterable[Attachment], message_id: int = 0,
    kind: str = DraftKind.REPLY, details: dict[str, Any] | None = None, typed: str = "",
    side: SideThread | None = None,
) -> Draft:  # fmt: skip
    """A reply or note that was undone (`message_id`), or what was written where nothing can be written any more, goes
    into the agent's draft, in the caller's transaction; what stands there, and what is `typed` in the open page by now,
    stays below it."""
    at = clock.now()
    row = _lock(ticket, agent, kind, side) or _create(ticket, agent, kind, side, version=0)
    row.text = joined([text, typed, row.text])[:MAX_TEXT]
    row.details = kept_details({**row.details, **(details or {})})
    if row.text != joined([text]):  # formatting is said of one text alone
        row.details.pop("html", None)
    if message_id:
        row.took_back = [*row.took_back, message_id][-20:]
    row.seen_message = max(row.seen_message, message_id)
    row.version += 1
    row.writer, row.turn, row.updated_at = "", 0, at
    row.save()
    for file in uploads:
        file.message, file.draft, file.uploaded_by, file.created_at = None, row, agent, at
        file.is_inline, file.content_id = False, ""
        file.save()
    return row


def joined(texts: Sequence[str]) -> str:
    """Texts below each other, each once: one that stands in another already is not repeated."""
    kept: list[str] = []
    for text in (text.strip("\n") for text in texts):
        if text.strip() and not any(text in there for there in kept):
            kept.append(text)
    return "\n\n".join(kept)


def taken_back_before(message_id: int, *, agent: Agent) -> Draft | None:
    """The draft into which this agent has undone that message already."""
    rows = Draft.objects.filter(agent=agent).exclude(took_back=[]).select_related("ticket")
    return next((row for row in rows if message_id in row.took_back), None)


def keep_file(
    ticket: Ticket, *, agent: Agent, kind: str, file: Attachment, by: Agent | None = None, writer: str = ""
) -> Draft:
    """An upload (by `by`, else by himself) from the page `writer` belongs to the agent's draft, made if there is none.
    Raises TooMuchUnsent, DraftSent; the caller removes the bytes."""
    with transaction.atomic():
        row = _lock(ticket, agent, kind) or _create(ticket, agent, kind, version=0)
        if writer and (row.writer, row.turn) == (writer[:64], LAST_TURN):
            raise DraftSent
        unsent = Attachment.objects.filter(message=None, uploaded_by=by or agent)
        size = unsent.aggregate(all=Sum("size"))["all"] or 0
        if row.files.count() >= MAX_FILES or unsent.count() >= MAX_UNSENT_FILES:
            raise TooMuchUnsent
        if size + file.size > MAX_UNSENT_BYTES:
            raise TooMuchUnsent
        file.draft, file.uploaded_by = row, by or agent
        file.save()
    return row


def remove_file(file: Attachment) -> None:
    """Taken out of the draft, with its bytes; one that has left with a message meanwhile stays."""
    if Attachment.objects.filter(pk=file.pk, message=None).delete()[0]:
        files.remove(file.storage_key)


def sweep_drafts() -> int:
    """Removes drafts that have been empty for two days; how many."""
    over = clock.now() - EMPTY_FOR
    return Draft.objects.filter(text="", files=None, updated_at__lt=over).delete()[0]
