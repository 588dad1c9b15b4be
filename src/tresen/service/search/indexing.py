"""Keeping the search documents in step with tickets and messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from tresen.core.tickets.choices import MessageKind
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.querysets import INTERNAL, MessageQuerySet
from tresen.kit.prepared import is_read, prepared
from tresen.service.search.analyser import analyse
from tresen.service.search.index import create_index, drop_index
from tresen.service.search.memory import names_read_once
from tresen.service.search.models import PLACE_BITS, SearchDocument
from tresen.service.search.own_texts import OWN_PLACE, own_document

CHUNK = 50

_STALE = (
    Q(search_document=None)
    | ~Q(search_document__ticket=F("ticket"))
    | (INTERNAL & Q(search_document__internal=False))
    | (~INTERNAL & Q(search_document__internal=True))
)


def index_subject(ticket: Ticket, *, is_new: bool = False) -> None:
    """Write the document of a ticket's number and subject, if it changed (`is_new`: if there is none). The ticket's row
    is locked by the caller."""
    new = _subject_document(ticket)
    changed = SearchDocument.objects.filter(pk=new.pk).exclude(tokens=new.tokens)
    if is_new or not changed.update(ticket=ticket, message=None, lang=new.lang, tokens=new.tokens):
        SearchDocument.objects.bulk_create([new], ignore_conflicts=True)


def stale_messages(ticket_id: int) -> MessageQuerySet:
    """Return the messages of a ticket that have no document, were moved here, or became internal or public since."""
    stale = Message.objects.filter(_STALE, ticket=ticket_id).select_related("search_document")
    return stale.defer("html_source", "html").prefetch_related("attachments").order_by("id")


def named_message(ticket_id: int, message_id: int) -> list[Message]:
    """The same for one message: it, or nothing when its document is up to date. Cheaper to ask."""
    found = Message.objects.filter(pk=message_id, ticket=ticket_id).select_related("search_document")
    for message in found.defer("html_source", "html").prefetch_related("attachments"):
        document = getattr(message, "search_document", None)
        if document is None or document.ticket_id != ticket_id or document.internal != message.is_internal:
            return [message]
    return []


def index_messages(messages: Iterable[Message], *, is_new: bool = False) -> None:
    """Write the documents of these messages of one ticket anew (`is_new`: there is none yet). The caller has locked the
    ticket's row."""
    listed = list(messages)
    if not listed:
        return
    if not is_new and any(_is_indexed(message) for message in listed):
        SearchDocument.objects.filter(message__in=listed).delete()
    base = listed[0].ticket_id << PLACE_BITS
    here = SearchDocument.objects.filter(pk__gte=base, pk__lt=base + OWN_PLACE)
    last = None if is_new else here.aggregate(last=Max("pk"))["last"]
    start = 1 + (base if last is None else last)
    SearchDocument.objects.bulk_create([_document(message, key) for key, message in enumerate(listed, start)])


def _is_indexed(message: Message) -> bool:
    """Whether it has a document already; no query for what `stale_messages` gives."""
    return getattr(message, "search_document", None) is not None


def index_tickets(ticket_ids: Iterable[int]) -> int:
    """Write all documents of these tickets anew, in one transaction; return how many. Give 50 at a time."""
    keys = list(ticket_ids)
    with transaction.atomic():
        tickets = {
            ticket.pk: ticket for ticket in Ticket.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        }
        messages = (
            Message.objects.filter(ticket__in=tickets).prefetch_related("attachments").order_by("ticket_id", "id")
        )
        SearchDocument.objects.filter(Q(ticket__in=tickets) | Q(message__ticket__in=tickets)).delete()
        with names_read_once():
            documents = [own for ticket in tickets.values() if (own := own_document(ticket))]
        documents += [_subject_document(ticket) for ticket in tickets.values()]
        last = {key: key << PLACE_BITS for key in tickets}
        for message in messages:
            last[message.ticket_id] += 1
            documents.append(_document(message, last[message.ticket_id]))
        SearchDocument.objects.bulk_create(documents, batch_size=500)
    return len(documents)


def documents_of(ticket: Ticket, messages: Iterable[Message]) -> list[SearchDocument]:
    """Return the documents, not yet written, of a ticket that has none: for loading in bulk. Messages in order."""
    first = ticket.pk << PLACE_BITS
    return [_subject_document(ticket), *(_document(message, first + n) for n, message in enumerate(messages, 1))]


def rebuild(progress: Callable[[int, int], None] | None = None, *, chunk: int = CHUNK) -> int:
    """Make the word index anew from tickets and messages, newest first, and return the number of documents.

    It repairs a lost or damaged index. The desk may go on meanwhile: what is not indexed yet is not found yet.
    `progress` is called with the tickets done and the tickets in all.
    """
    with transaction.atomic():
        drop_index(connection)
        SearchDocument.objects.all().delete()
        create_index(connection)
    total = Ticket.objects.count()
    below: int | None = None
    tickets = documents = 0
    while keys := _next_keys(below, chunk):
        documents += index_tickets(keys)
        tickets += len(keys)
        below = keys[-1]
        if progress:
            progress(tickets, max(total, tickets))
    return documents


def count_missing() -> int:
    """Return how many messages and subjects have no document; 0 when the index is complete."""
    of_subject = SearchDocument.objects.filter(ticket=OuterRef("pk"), message=None, internal=False)
    subjects = Ticket.objects.filter(~Exists(of_subject)).count()
    return subjects + Message.objects.filter(search_document=None).count()


def _next_keys(below: int | None, chunk: int) -> list[int]:
    tickets = Ticket.objects.order_by("-pk")
    if below is not None:
        tickets = tickets.filter(pk__lt=below)
    return list(tickets.values_list("pk", flat=True)[:chunk])


def _subject_document(ticket: Ticket) -> SearchDocument:
    lang, tokens = analyse(subject_text(ticket))
    return SearchDocument(pk=ticket.pk << PLACE_BITS, ticket=ticket, lang=lang, tokens=tokens)


def _document(message: Message, key: int) -> SearchDocument:
    lang, tokens = analyse(text_of(message))
    return SearchDocument(
        pk=key, ticket_id=message.ticket_id, message=message, lang=lang, internal=message.is_internal, tokens=tokens
    )


def subject_text(ticket: Ticket) -> str:
    """What a ticket is found by without its messages."""
    return f"{ticket.subject}\n{ticket.number}"


def text_of(message: Message) -> str:
    """What a message is found by: its text, its own subject, who wrote it from outside, the names of its files."""
    author = message.author_name if message.kind == MessageKind.RECEIVED else ""
    names = [file.filename for file in message.attachments.all()] if is_read(message, "attachments") else None
    files = "\n".join(_file_names.rows(message.pk) if names is None else names)
    return f"{message.subject}\n{author}\n{files}\n{message.text}"


@prepared
def _file_names(message: int) -> QuerySet[Attachment, str]:
    return Attachment.objects.filter(message=message).values_list("filename", flat=True)
