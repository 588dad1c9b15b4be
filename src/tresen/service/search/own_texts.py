"""Words of the desk's own fields, where a field says that it is found by them: for colleagues, in one document a ticket
that stands behind those of its messages."""

from __future__ import annotations

from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.field_values import words_in
from tresen.core.tickets.models import Ticket
from tresen.service.search.analyser import analyse
from tresen.service.search.memory import read_once
from tresen.service.search.models import PLACE_BITS, SearchDocument

OWN_PLACE = (1 << PLACE_BITS) - 1


@read_once
def _searched() -> list[CustomField]:
    return list(CustomField.objects.filter(is_searched=True))


def own_text(ticket: Ticket) -> str:
    """What a ticket is found by in its own fields; empty for nothing. One query where it has any."""
    if not ticket.fields:
        return ""
    found = ((field, ticket.fields.get(field.slug)) for field in _searched())
    return "\n".join(words_in(field, value) for field, value in found if value is not None)


def own_words(ticket: Ticket) -> list[str]:
    """Its index words, as one text; none for nothing."""
    text = own_text(ticket)
    return [analyse(text)[1]] if text else []


def own_document(ticket: Ticket) -> SearchDocument | None:
    """The document, not yet written; None for nothing."""
    text = own_text(ticket)
    if not text:
        return None
    lang, tokens = analyse(text)
    key = (ticket.pk << PLACE_BITS) + OWN_PLACE
    return SearchDocument(pk=key, ticket=ticket, lang=lang, internal=True, tokens=tokens)


def index_own(ticket: Ticket) -> None:
    """Write it, or take it away. The ticket's row is locked by the caller."""
    SearchDocument.objects.filter(pk=(ticket.pk << PLACE_BITS) + OWN_PLACE).delete()
    if document := own_document(ticket):
        document.save(force_insert=True)
