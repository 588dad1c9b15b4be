"""Custom fields in a search line: `rack:12`, `delivery>=2026-11-01`, `approved:yes`, `site:berlin,none`.

Both forms ask the same rows: those that are kept beside tickets, and those that a ticket's own values would make."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tresen.core.people.principals import Principal
from tresen.core.tickets.field_models import CustomField, FieldKind, FieldValue
from tresen.core.tickets.field_values import NO, YES, folded_word, rows_of
from tresen.service.search.analyser import fold
from tresen.service.search.conditions import Among, Between, Condition, Inverse, One, is_inside
from tresen.service.search.facts import Facts
from tresen.service.search.field_kinds import Moment, Offer, Wanted, begin_with, none_offer
from tresen.service.search.fields import SearchField, aliases_of, all_fields
from tresen.service.search.memory import read_once
from tresen.service.search.query import OPERATOR
from tresen.service.search.values import NONE_WORDS, folded

_NUMBER = re.compile(r"-?\d{1,13}(?:\.\d{1,6})?", re.ASCII)
_NAMES = re.compile(rf"([^\W\d_][\w-]*)(?:{OPERATOR})")


@dataclass(frozen=True)
class OfField:
    """One of a custom field's rows on the ticket is as the part says; without a part there is any."""

    field: CustomField
    part: Condition | None = None

    def q(self) -> Q:
        """As a filter over tickets."""
        rows = FieldValue.objects.filter(self.part.q() if self.part else Q(), field=self.field)
        return Q(pk__in=rows.order_by().values("ticket"))

    def holds(self, facts: Facts) -> bool:
        """Of this ticket."""
        rows = rows_of(self.field, facts.ticket.fields.get(self.field.slug))
        return any(self.part is None or self.part.holds(_Row(row)) for row in rows)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Row:
    """A value in the place of a ticket, for conditions over columns."""

    ticket: Any


@dataclass(frozen=True)
class CustomKind:
    """What may be written behind a custom field."""

    field: CustomField

    @property
    def compares(self) -> bool:
        """Numbers and times have an order."""
        return self.field.kind in (FieldKind.NUMBER, FieldKind.DATE, FieldKind.DATE_TIME)

    def condition(self, wanted: Wanted) -> Condition:
        """One of the values, more or less than one, or none."""
        return One(tuple(self._one(value, wanted) for value in wanted.values))

    def _one(self, value: str, wanted: Wanted) -> Condition:
        if folded(value) in NONE_WORDS and wanted.operator == ":":
            return Inverse(OfField(self.field))
        match self.field.kind:
            case FieldKind.NUMBER:
                return self._of(self._number(value, wanted))
            case FieldKind.YES_NO:
                return self._of(Among("number", frozenset({self._yes_no(value, wanted)})))
            case FieldKind.DATE | FieldKind.DATE_TIME:
                return self._time(value, wanted)
            case FieldKind.CHOICE | FieldKind.CHOICES:
                return self._of(Among("word", self._chosen(value, wanted)))
        return self._of(Among("word", frozenset({folded_word(value)})))

    def _of(self, part: Condition) -> Condition:
        return OfField(self.field, part)

    def _number(self, value: str, wanted: Wanted) -> Condition:
        if not _NUMBER.fullmatch(value):
            message = _("“%(value)s” is no number for “%(field)s”.") % {"value": value, "field": wanted.field}
            raise wanted.fault("bad_value", message)
        number: Any = float(value)
        if wanted.operator == ":":
            return Among("number", frozenset({number}))
        with_end = "=" in wanted.operator
        if ">" in wanted.operator:
            return Between("number", low=number, with_low=with_end)
        return Between("number", high=number, with_high=with_end)

    def _yes_no(self, value: str, wanted: Wanted) -> float:
        word = folded(value)
        if word not in YES | NO:
            raise wanted.unknown(value, ["yes", "no", "none"])
        return 1.0 if word in YES else 0.0

    def _time(self, value: str, wanted: Wanted) -> Condition:
        found = Moment("at")._one(value, wanted)
        if not isinstance(found, Between):
            return found
        if self.field.kind == FieldKind.DATE:
            # A day has no zone: it is kept as if it were one of UTC.
            found = Between("at", _as_utc(found.low), _as_utc(found.high), found.with_low, found.with_high)
        return self._of(found)

    def _chosen(self, value: str, wanted: Wanted) -> frozenset[str]:
        name = folded(value)
        known = {
            choice["slug"]: {folded(choice["slug"]), *map(folded, choice["names"].values())}
            for choice in self.field.choices
        }
        found = frozenset(slug for slug, names in known.items() if name in names)
        if not found:
            raise wanted.unknown(value, known)
        return found

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """The choices, yes and no, usual times."""
        match self.field.kind:
            case FieldKind.CHOICE | FieldKind.CHOICES:
                rows = [c["slug"] for c in self.field.choices if c["is_active"]]
                return begin_with([*(Offer(s, self.field.choice_name(s)) for s in rows), none_offer()], typed)
            case FieldKind.YES_NO:
                return begin_with([Offer("yes", _("yes")), Offer("no", _("no")), none_offer()], typed)
            case FieldKind.DATE | FieldKind.DATE_TIME:
                return [*Moment("at").offers(principal, typed), *begin_with([none_offer()], typed)]
        return begin_with([none_offer()], typed)


def is_timed(kind: Any) -> bool:
    """Whether what a value means depends on the time it is asked: `delivery<2d`."""
    return isinstance(kind, CustomKind) and kind.field.kind in (FieldKind.DATE, FieldKind.DATE_TIME)


def _as_utc(at: Any) -> datetime | None:
    return None if at is None else timezone.localtime(at).replace(tzinfo=UTC)


@read_once
def _fields() -> list[CustomField]:
    return list(CustomField.objects.all())


def custom_fields(principal: Principal) -> dict[str, SearchField]:
    """The desk's own fields by short name, with their names as aliases; for the desk alone. One query."""
    if not is_inside(principal):
        return {}
    return {
        field.slug: SearchField(field.slug, field.name, CustomKind(field), tuple(map(folded, field.names.values())))
        for field in _fields()
    }


def names_others(line: str, fields: Mapping[str, SearchField], aliases: Collection[str]) -> bool:
    """Whether the line may name fields beside those: only then the desk's own are read."""
    written = {fold(name.lower()) for name in _NAMES.findall(line)}
    return bool(written - set(fields) - set(aliases))


def names_taken() -> set[str]:
    """Names and aliases that no custom field can have."""
    return {*all_fields(), *aliases_of(all_fields())}
