"""One ticket in memory, with what stands beside it: read when somebody asks, and once only, for all questions of all
rules and views together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.service.search.analyser import analyse
from tresen.service.search.indexing import subject_text, text_of
from tresen.service.search.own_texts import own_words


@dataclass(frozen=True)
class Relation:
    """Rows beside tickets: all of them, the column that names the ticket, and the one that names what they link to."""

    rows: Callable[[], QuerySet[Any]]
    ticket: str
    key: str


class Facts:
    """A ticket as conditions see it. It stays as it was when it was first asked: make a new one after a change."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self._linked: dict[Relation, frozenset[int]] = {}
        self._texts: dict[str, list[str]] = {}

    def linked(self, relation: Relation) -> frozenset[int]:
        """The keys that rows beside this ticket name."""
        if relation not in self._linked:
            rows = relation.rows().filter(**{relation.ticket: self.ticket.pk}).order_by()
            self._linked[relation] = frozenset(rows.values_list(relation.key, flat=True)) - {None}
        return self._linked[relation]

    @cached_property
    def subject(self) -> str:
        """The index words of the subject."""
        return analyse(subject_text(self.ticket))[1]

    def texts(self, principal: Principal) -> list[str]:
        """The index words of the subject, then of each message that this reader may see; inside also of own fields."""
        inside = principal.is_staff or principal.kind == "system"
        whose = "" if inside else f"{principal.kind} {principal.contact and principal.contact.pk}"
        if whose not in self._texts:
            messages = self.ticket.messages.defer("html_source", "html").prefetch_related("attachments").order_by("id")
            shown = messages if inside else messages.visible_to(principal)
            own = own_words(self.ticket) if inside else []
            self._texts[whose] = [self.subject, *own, *(analyse(text_of(message))[1] for message in shown)]
        return self._texts[whose]
