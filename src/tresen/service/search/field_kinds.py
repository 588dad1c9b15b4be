"""The kinds of fields a search line may have: what may be written behind each, what that asks of a ticket, and what to
offer while somebody types. `fields.py` is the table that is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Choices, QuerySet
from django.utils.translation import gettext as _

from tresen.core.people.principals import Principal
from tresen.service.search.analyser import query_terms
from tresen.service.search.conditions import (
    All,
    Among,
    Between,
    Condition,
    Inverse,
    Linked,
    LinkedRows,
    One,
    Rows,
    Written,
)
from tresen.service.search.facts import Relation
from tresen.service.search.query import QueryError
from tresen.service.search.spelling import near
from tresen.service.search.values import (
    ME_WORDS,
    MINE_WORDS,
    NONE_WORDS,
    did_you_mean,
    folded,
    names_of,
    quoted,
    read_age,
    read_span,
)

MOST_OFFERED = 8


@dataclass(frozen=True)
class Wanted:
    """A field as it stands in a line, and who asks when."""

    field: str
    operator: str
    values: tuple[str, ...]
    principal: Principal
    now: datetime
    span: tuple[int, int] = (0, 0)

    def fault(self, code: str, message: str) -> QueryError:
        """An error at this place of the line."""
        return QueryError(code, message, self.span)

    def unknown(self, value: str, known: Iterable[str]) -> QueryError:
        """There is no such value; says the nearest one, or all."""
        names = {folded(name): name for name in reversed(list(known))}
        meant = near(folded(value), names)
        message = _("“%(field)s:” knows no “%(value)s”.") % {"field": self.field, "value": value}
        shown = list(reversed(names.values()))
        return self.fault("bad_value", message + did_you_mean(names[meant] if meant else None, shown))


@dataclass(frozen=True)
class Offer:
    """A value to choose from: as it is written, and as it is shown."""

    value: str
    label: str = ""


class Kind(Protocol):
    """What a field needs."""

    @property
    def compares(self) -> bool:
        """Whether `<` and `>` mean something."""

    def condition(self, wanted: Wanted) -> Condition:
        """What the written values ask of a ticket. Raises QueryError."""

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Values to choose from whose beginning is `typed`; only what the reader may see."""


@dataclass(frozen=True)
class Choice:
    """A column with fixed values; `ordered` ones can be compared. `more` are further words for several of them."""

    column: str
    choices: type[Choices]
    compares: bool = False
    more: dict[str, frozenset[Any]] = field(default_factory=dict, hash=False)

    def condition(self, wanted: Wanted) -> Condition:
        """One of the values, or those above or below one."""
        found = [self._values(value, wanted) for value in wanted.values]
        if wanted.operator == ":":
            return Among(self.column, frozenset().union(*found))
        (value,) = found[0]
        if ">" in wanted.operator:
            return Between(self.column, low=value, with_low="=" in wanted.operator)
        return Between(self.column, high=value, with_high="=" in wanted.operator)

    def _values(self, value: str, wanted: Wanted) -> frozenset[Any]:
        known = names_of(self.choices)
        if (name := folded(value)) in known:
            return frozenset({known[name]})
        if name in self.more and wanted.operator == ":":
            return self.more[name]
        raise wanted.unknown(value, [*self.more, *written_choices(self.choices)])

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """All whose written or shown name begins so."""
        offers = [Offer(word, "") for word in self.more]
        offers += [Offer(written(choice), str(choice.label)) for choice in self.choices]
        return begin_with(offers, typed)


def written(choice: Any) -> str:
    """A fixed choice as it is written in a line: `on-hold`, `high`."""
    return str(choice.name).lower().replace("_", "-")


def written_choices(choices: type[Choices]) -> list[str]:
    """All of them."""
    return [written(choice) for choice in choices]


def begin_with(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """Those of the offers that go on as typed, in their order: as a whole, or a word of the value."""
    start = folded(typed)

    def fits(offer: Offer) -> bool:
        names = (offer.value, offer.label, *offer.value.split())
        return any(folded(name).startswith(start) for name in names if name)

    return [offer for offer in offers if fits(offer)]


@dataclass(frozen=True)
class Moment:
    """A column with an instant. `created<2h`: less than two hours ago; `ahead` for instants to come: in less than two
    hours. A day or a month is meant as a whole, in the reader's time zone."""

    column: str
    ahead: bool = False
    compares: bool = True

    def condition(self, wanted: Wanted) -> Condition:
        """In, before or after the written times."""
        return One(tuple(self._one(value, wanted) for value in wanted.values))

    def _one(self, value: str, wanted: Wanted) -> Condition:
        if folded(value) in NONE_WORDS and wanted.operator == ":":
            return Inverse(Between(self.column))
        if value.count("..") == 1 and value != ".." and wanted.operator == ":":
            first, last = (self._span(part, wanted) if part else None for part in value.split(".."))
            return Between(self.column, low=first and first[0], high=last and last[1])
        if (age := read_age(value)) is not None:
            return self._by_age(wanted.now + age if self.ahead else wanted.now - age, wanted)
        low, high = self._span(value, wanted)
        match wanted.operator:
            case "<":
                return Between(self.column, high=low)
            case "<=":
                return Between(self.column, high=high)
            case ">":
                return Between(self.column, low=high)
            case ">=":
                return Between(self.column, low=low)
        return Between(self.column, low=low, high=high)

    def _by_age(self, at: datetime, wanted: Wanted) -> Condition:
        operator = "<=" if wanted.operator == ":" else wanted.operator
        if ("<" in operator) == self.ahead:
            return Between(self.column, high=at, with_high="=" in operator)
        return Between(self.column, low=at, with_low="=" in operator)

    def _span(self, value: str, wanted: Wanted) -> tuple[datetime, datetime]:
        found = read_span(value, wanted.now)
        if found is None:
            message = _(
                "“%(value)s” is no time for “%(field)s”. You can use an age (2h, 7d), today, or a date (%(date)s)."
            )
            shown = {"value": value, "field": wanted.field, "date": wanted.now.date().isoformat()}
            raise wanted.fault("bad_value", message % shown)
        return found

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Some usual ones."""
        usual = [
            Offer("today", _("today")), Offer("yesterday", _("yesterday")), Offer("2h", _("two hours")),
            Offer("7d", _("seven days")), Offer("30d", _("thirty days")),
        ]  # fmt: skip
        return begin_with(usual, typed)


def none_offer() -> Offer:
    """The word for nobody or nothing."""
    return Offer("none", _("nobody or nothing"))


Named = Callable[[Principal], Sequence[tuple[int, str, frozenset[str]]]]


@dataclass(frozen=True)
class Listed:
    """A column, or rows beside the ticket, that name one of a few rows (teams, colleagues, tags): all are read at once.

    `rows` gives key, name as written, and further names; `own` what `me` or `mine` means to a reader.
    """

    rows: Named
    column: str = ""
    relation: Relation | None = None
    own_words: frozenset[str] = frozenset()
    own: Callable[[Principal], frozenset[int]] = lambda principal: frozenset()
    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """One of the named rows, one's own, or none."""
        keys: set[int] = set()
        or_none, names = False, []
        for value in wanted.values:
            if (word := folded(value)) in NONE_WORDS:
                or_none = True
            elif word in self.own_words:
                keys |= self.own(wanted.principal)
            else:
                names.append(value)
        if names:
            keys |= self._keys(names, wanted)
        if self.relation is None:
            return Among(self.column, frozenset(keys), or_none)
        found = Linked(self.relation, frozenset(keys))
        return One((found, Inverse(Linked(self.relation)))) if or_none else found

    def _keys(self, values: list[str], wanted: Wanted) -> set[int]:
        rows = self.rows(wanted.principal)
        found: set[int] = set()
        for value in values:
            name = value.casefold()
            keys = {key for key, shown, more in rows if name == shown.casefold() or name in more}
            if not keys:
                raise wanted.unknown(value, [shown for _key, shown, _more in rows])
            found |= keys
        return found

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Own words, then the names."""
        own = {ME_WORDS: Offer("me", _("me")), MINE_WORDS: Offer("mine", _("my teams"))}
        first = [own[self.own_words]] if self.own_words in own else []
        first.append(none_offer())
        return begin_with([*first, *(Offer(quoted(shown)) for _key, shown, _more in self.rows(principal))], typed)


@dataclass(frozen=True)
class Looked:
    """A column, or rows beside the ticket, that name one of very many rows (contacts, organisations): they are looked
    up by their own index. `find` gives the rows a written value means; `offer` names to choose from."""

    find: Callable[[Principal, str], QuerySet[Any]]
    offer: Callable[[Principal, str], list[Offer]]
    column: str = ""
    relation: Relation | None = None
    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """One of the rows that the values mean."""
        return One(tuple(self._one(value, wanted) for value in wanted.values))

    def _one(self, value: str, wanted: Wanted) -> Condition:
        if folded(value) in NONE_WORDS and not self.relation:
            return Among(self.column, frozenset(), or_none=True)
        rows = self.find(wanted.principal, value)
        if not rows.exists():
            raise wanted.unknown(value, ())
        return LinkedRows(self.relation, rows) if self.relation else Rows(self.column, rows)

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Those that begin so."""
        return self.offer(principal, typed)


@dataclass(frozen=True)
class Words:
    """Words of the subject."""

    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """All words of one of the values stand in the subject."""
        return One(tuple(self._one(value, wanted.principal) for value in wanted.values))

    def _one(self, value: str, principal: Principal) -> Condition:
        terms = query_terms(value)
        return All(tuple(Written(term, principal, subject_only=True) for term in terms)) if terms else One()

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Nothing: it is free."""
        return []


@dataclass(frozen=True)
class Exact:
    """A column whose values are known to be right already."""

    column: str
    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """One of the values."""
        return Among(self.column, frozenset(wanted.values))

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """Nothing: one knows it."""
        return []


@dataclass(frozen=True)
class Signs:
    """`is:unread`, `has:attachment`: words, each with what it asks. `words` gives word, label and condition."""

    words: Callable[[Principal], Sequence[tuple[str, str, Condition]]]
    others: dict[str, str] = field(default_factory=dict, hash=False)
    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """One of the words holds."""
        known = {word: condition for word, _label, condition in self.words(wanted.principal)}
        found = []
        for value in wanted.values:
            word = folded(value)
            word = self.others.get(word, word)
            if word not in known:
                raise wanted.unknown(value, known)
            found.append(known[word])
        return One(tuple(found))

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """All of them."""
        return begin_with([Offer(word, label) for word, label, _c in self.words(principal)], typed)
