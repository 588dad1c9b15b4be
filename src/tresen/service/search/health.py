"""Whether the word index can answer: lost, incomplete, or whole. Losing it costs the search alone (R30): mail comes in
and tickets go on, and `tresen search rebuild` makes it anew from the messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from tresen.core.tickets.models import Message, Ticket
from tresen.service.search.index import index_is_there
from tresen.service.search.models import SearchDocument
from tresen.service.search.query import QueryError

# Long texts wait a moment for their job; fewer than this is no news.
FEW = 5
# What the databases say is missing: FTS5's table; the column, or its function.
_PARTS = ("search_index", "search_vector", "column vector", 'column "vector"')
_KEY, _SECONDS = "search.missing", 60


class IndexLost(Exception):
    """The word index is not there: what had to be indexed is tried again later, by a job."""


def missing_texts() -> int | None:
    """Return about how many subjects and messages are not found, or None where the index is lost altogether. Looked at
    once a minute in each process: some counts."""
    known: int | None = cache.get(_KEY, -1)
    if known != -1:
        return known
    missing = None
    if index_is_there(connection):
        own = SearchDocument.objects.filter(message=None, internal=True).count()
        missing = max(0, Ticket.objects.count() + Message.objects.count() - SearchDocument.objects.count() + own)
    cache.set(_KEY, missing, _SECONDS)
    return missing


def _is_lost(fault: DatabaseError) -> bool:
    """In a transaction that a fault has ended nothing more can be asked: then its words tell."""
    return any(part in str(fault) for part in _PARTS) or not index_is_there(connection)


@contextmanager
def while_searching() -> Iterator[None]:
    """Makes a sentence of what the database says about a lost index. Raises `QueryError` with code `no_index`."""
    try:
        yield
    except DatabaseError as fault:
        if not _is_lost(fault):
            raise
        message = _("The search index is lost, so words cannot be searched for at present. Fields and numbers can.")
        raise QueryError("no_index", message) from fault


@contextmanager
def while_indexing() -> Iterator[None]:
    """Lets a lost index cost nothing but the indexing. Raises `IndexLost`, on which the change itself goes on."""
    try:
        yield
    except DatabaseError as fault:
        if not _is_lost(fault):
            raise
        raise IndexLost from fault
