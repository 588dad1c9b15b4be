"""From the tree of a search line to one condition: as a database filter, and as a question to one ticket in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from tresen.core.people.principals import Principal
from tresen.kit import clock
from tresen.service.search.analyser import PHONE, Term, phrase_term, query_terms
from tresen.service.search.conditions import All, Among, Condition, Inverse, LinkedRows, One, Rows, Written, is_inside
from tresen.service.search.custom_kind import custom_fields
from tresen.service.search.field_kinds import Wanted
from tresen.service.search.fields import CONTACTS_OF_TICKET, fields_for
from tresen.service.search.lookups import find_contacts
from tresen.service.search.tree import And, Field, Node, Not, Or, Phrase, Query, TicketNumber, Word, wanted_leaves


def compile_query(query: Query, principal: Principal, *, now: datetime | None = None) -> Condition:
    """Return what a search line means to this reader; ages in it count from `now`.

    It says nothing of which tickets the reader may see: its filter belongs onto `Ticket.objects.visible_to(principal)`.
    Text that the reader must not see never lets a ticket match. Raises `QueryError` for a value that no field has.
    """
    compiler = _Compiler(principal, now or clock.now())
    found = [part for node in query.parts if (part := compiler.node(node)) is not None]
    if not found and query.parts:
        return One()
    return found[0] if len(found) == 1 else All(tuple(found))


class _Compiler:
    def __init__(self, principal: Principal, now: datetime) -> None:
        self.principal = principal
        self.now = now
        self.fields = fields_for(principal)

    def node(self, node: Node) -> Condition | None:
        """The condition of one part; None where it has no letter or digit to look for."""
        match node:
            case Word():
                return self._word(node)
            case Phrase(text=text):
                term = phrase_term(text)
                return self._terms([term] if term else [])
            case TicketNumber(number=number, words=words):
                is_number = Among("number", frozenset({number}))
                in_text = self._terms(query_terms(" ".join(word.text for word in words)))
                return One((is_number, in_text)) if in_text else is_number
            case Field():
                return self._field(node)
            case Not(part=part):
                inner = self.node(part)
                return Inverse(inner) if inner else None
            case And(parts=parts):
                found = self._nodes(parts)
                return All(found) if found else None
            case Or(parts=parts):
                found = self._nodes(parts)
                return One(found) if found else None

    def _nodes(self, parts: Iterable[Node]) -> tuple[Condition, ...]:
        return tuple(found for part in parts if (found := self.node(part)) is not None)

    def _word(self, word: Word) -> Condition | None:
        in_text = self._terms(query_terms(word.text, prefix_last=word.prefix))
        names_somebody = "@" in word.text[:-1] or PHONE.fullmatch(word.text) is not None
        if in_text is None or not names_somebody or not is_inside(self.principal):
            return in_text
        # An address or number is also that of whoever takes part, though nobody wrote it into a message.
        people = find_contacts(self.principal, word.text)
        return One((in_text, Rows("requester_id", people), LinkedRows(CONTACTS_OF_TICKET, people)))

    def _terms(self, terms: Iterable[Term]) -> Condition | None:
        found = tuple(Written(term, self.principal) for term in terms)
        return found[0] if len(found) == 1 else All(found) if found else None

    def _field(self, field: Field) -> Condition:
        known = self.fields.get(field.name) or custom_fields(self.principal)[field.name]
        wanted = Wanted(field.name, field.operator, field.values, self.principal, self.now, field.span)
        if field.operator != ":" and not known.kind.compares:
            message = _("“%(field)s” cannot be compared: please write “%(field)s:” and a value.")
            raise wanted.fault("bad_operator", message % {"field": field.name})
        if field.operator != ":" and len(field.values) > 1:
            raise wanted.fault("bad_value", _("Please compare “%(field)s” with one value.") % {"field": field.name})
        return known.kind.condition(wanted)


def wanted_terms(query: Query) -> list[Term]:
    """Return the terms that the words and phrases of a line look for in texts, without those under a `not`."""
    found: list[Term] = []
    for leaf in wanted_leaves(query.parts):
        match leaf:
            case Word(text=text, prefix=prefix):
                found += query_terms(text, prefix_last=prefix)
            case Phrase(text=text):
                found += [term] if (term := phrase_term(text)) else []
            case TicketNumber(number=number):
                found += query_terms(number)
    return found
