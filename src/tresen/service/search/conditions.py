"""What a search line asks of a ticket, each in two forms that must always agree: a database filter, and a question to
one ticket in memory. tests/search/test_both_forms.py throws everything at both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any, Protocol

from django.db.models import Model, Q, QuerySet

from tresen.core.people.principals import Principal
from tresen.service.search.analyser import Term, holds
from tresen.service.search.facts import Facts, Relation
from tresen.service.search.index import subjects_matching, tickets_matching
from tresen.service.search.models import SearchDocument

NOTHING = Q(pk__in=())


class Condition(Protocol):
    """Something that holds of a ticket or does not."""

    def q(self) -> Q:
        """As a filter over tickets."""

    def holds(self, facts: Facts) -> bool:
        """Of this ticket, as it is in memory."""


@dataclass(frozen=True)
class All:
    """All parts hold."""

    parts: tuple[Condition, ...]

    def q(self) -> Q:
        """As a filter over tickets; what the word index alone can answer, it is asked at once."""
        words = [part.term for part in self.parts if isinstance(part, Written) and part.is_of_index]
        if len(words) < 2:
            return reduce(and_, (part.q() for part in self.parts), Q())
        others = (part.q() for part in self.parts if not (isinstance(part, Written) and part.is_of_index))
        return reduce(and_, others, Q(pk__in=tickets_matching(*words)))

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        return all(part.holds(facts) for part in self.parts)


@dataclass(frozen=True)
class One:
    """One of the parts holds; without parts, nothing does."""

    parts: tuple[Condition, ...] = ()

    def q(self) -> Q:
        """As a filter over tickets."""
        return reduce(or_, (part.q() for part in self.parts)) if self.parts else NOTHING

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        return any(part.holds(facts) for part in self.parts)


@dataclass(frozen=True)
class Inverse:
    """The part does not hold."""

    part: Condition

    def q(self) -> Q:
        """As a filter over tickets."""
        return ~self.part.q()

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        return not self.part.holds(facts)


@dataclass(frozen=True)
class Among:
    """A column of the ticket has one of these values; `or_none`: or none at all."""

    column: str
    values: frozenset[Any]
    or_none: bool = False

    def q(self) -> Q:
        """As a filter over tickets."""
        found = Q(**{f"{self.column}__in": sorted(self.values)})
        return found | Q(**{f"{self.column}__isnull": True}) if self.or_none else found

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        value = getattr(facts.ticket, self.column)
        return self.or_none if value is None else value in self.values


@dataclass(frozen=True)
class Rows:
    """A column of the ticket names one of these rows. For rows that may be many: they are not read."""

    column: str
    rows: QuerySet[Any]

    def q(self) -> Q:
        """As a filter over tickets."""
        return Q(**{f"{self.column}__in": self.rows.order_by().values("pk")})

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        value = getattr(facts.ticket, self.column)
        return value is not None and self.rows.filter(pk=value).exists()


@dataclass(frozen=True)
class Between:
    """A column of the ticket lies from `low` to `high`, the ends counted or not; an end that is None is open. A column
    without a value lies nowhere."""

    column: str
    low: datetime | int | None = None
    high: datetime | int | None = None
    with_low: bool = True
    with_high: bool = False

    def q(self) -> Q:
        """As a filter over tickets."""
        found = Q()
        if self.low is not None:
            found &= Q(**{f"{self.column}__{'gte' if self.with_low else 'gt'}": self.low})
        if self.high is not None:
            found &= Q(**{f"{self.column}__{'lte' if self.with_high else 'lt'}": self.high})
        return found or Q(**{f"{self.column}__isnull": False})

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        value = getattr(facts.ticket, self.column)
        if value is None:
            return False
        above = self.low is None or value > self.low or (self.with_low and value == self.low)
        below = self.high is None or value < self.high or (self.with_high and value == self.high)
        return bool(above and below)


@dataclass(frozen=True)
class Linked:
    """Rows beside the ticket (tags, participants …) name one of these keys; `keys` None: there is any such row."""

    relation: Relation
    keys: frozenset[int] | None = None

    def q(self) -> Q:
        """As a filter over tickets."""
        rows = self.relation.rows()
        if self.keys is not None:
            rows = rows.filter(**{f"{self.relation.key}__in": sorted(self.keys)})
        return Q(pk__in=rows.order_by().values(self.relation.ticket))

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        found = facts.linked(self.relation)
        return bool(found) if self.keys is None else not found.isdisjoint(self.keys)


@dataclass(frozen=True)
class LinkedRows:
    """Rows beside the ticket name one of those rows, which may be many: they are not read."""

    relation: Relation
    targets: QuerySet[Any]

    def q(self) -> Q:
        """As a filter over tickets."""
        wanted = {f"{self.relation.key}__in": self.targets.order_by().values("pk")}
        return Q(pk__in=self.relation.rows().filter(**wanted).order_by().values(self.relation.ticket))

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        found = facts.linked(self.relation)
        return bool(found) and self.targets.filter(pk__in=found).exists()


@dataclass(frozen=True)
class Asked:
    """Anything else: a filter, and the same question to one ticket."""

    filter: Callable[[], Q]
    test: Callable[[Facts], bool]

    def q(self) -> Q:
        """As a filter over tickets."""
        return self.filter()

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        return self.test(facts)


@dataclass(frozen=True)
class Written:
    """A text of the ticket that this reader may see has the term; `subject_only`: its subject (or number) has it."""

    term: Term
    principal: Principal
    subject_only: bool = False

    @property
    def is_of_index(self) -> bool:
        """Every text of a ticket is open to whoever sees the ticket from inside: the word index alone can answer."""
        return not self.subject_only and is_inside(self.principal)

    def q(self) -> Q:
        """As a filter over tickets."""
        if self.subject_only:
            return Q(pk__in=subjects_matching(self.term))
        if self.is_of_index:
            return Q(pk__in=tickets_matching(self.term))
        return Q(pk__in=SearchDocument.objects.visible_to(self.principal).matching(self.term).values("ticket"))

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        texts = [facts.subject] if self.subject_only else facts.texts(self.principal)
        return any(holds(text, self.term) for text in texts)


def is_inside(principal: Principal) -> bool:
    """Staff, or Tresen itself."""
    return principal.is_staff or principal.kind == "system"


def keys_of(rows: list[Model]) -> frozenset[int]:
    """The primary keys of rows."""
    return frozenset(row.pk for row in rows)
