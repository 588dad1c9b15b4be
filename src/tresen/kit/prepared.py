"""Queries that are put together once.

Django takes longer to put together a query of many joins and conditions than the database to answer it. A prepared one
is put together the first time with marks in place of its values; after that the values alone are filled in. What the
database is asked stays the same, and it is asked every time: only its words are kept.

    @prepared
    def notes_of(principal: Principal, ticket: int) -> QuerySet[Note]: ...

    notes_of.rows(principal, ticket.pk)    # what list(notes_of(principal, ticket.pk)) gives

Values are whole numbers, texts and times, also in tuples, sets and `Q`, and whatever has `parts` (see Parted). All else
belongs to the shape of the query and must be hashable. A function may look at the shape and at the time zone, never at
a value, the clock or the language: it is called with marks, and once. A mark that ends up changed in the query, or in
none of its parameters, raises TypeError at the first use.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Generic, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.hashable import make_hashable

A = ParamSpec("A")
R = TypeVar("R")
Value = int | str | datetime
MOST_SHAPES = 512
# No key and no number that is asked for lies here, and no text holds this character.
_NUMBERS = range(2_100_000_000, 2_147_000_000)
_STEP = 1000
_SIGN = "\ue0f7"
_NEW: Any = object()
_AGES = datetime(2299, 1, 1, tzinfo=UTC)


class Parted:
    """Something whose values can be taken out and put in."""

    def parts(self) -> tuple[Hashable, tuple[int, ...]]:
        """What shapes a query, and the values in it."""
        raise NotImplementedError

    def with_parts(self, values: tuple[int, ...]) -> Any:
        """The same shape with other values."""
        raise NotImplementedError


@dataclass(frozen=True)
class _Ready:
    """A query as the database understands it; `places`: which value belongs at which parameter."""

    rows: QuerySet[Any]
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]

    def filled(self, values: Sequence[Value]) -> tuple[Any, ...]:
        """The parameters with these values."""
        params = list(self.params)
        for place, number in self.places:
            params[place] = _adapted(values[number])
        return tuple(params)

    def read(self, values: Sequence[Value]) -> list[Any]:
        """The rows, made by Django as ever."""
        compiler, rows = copy.copy(self.compiler), self.rows.all()
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        answer = self.sql, self.filled(values)
        compiler.as_sql = lambda *_, **__: answer
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(rows)


class Prepared(Generic[A, R]):
    """A function that makes a query; called as it is, it makes it anew."""

    def __init__(self, build: Callable[A, QuerySet[Any, R]]) -> None:
        self.build, self.__doc__ = build, build.__doc__
        self._ready: dict[Hashable, _Ready | None] = {}

    def __call__(self, *args: A.args, **named: A.kwargs) -> QuerySet[Any, R]:
        return self.build(*args, **named)

    def rows(self, *args: A.args, **named: A.kwargs) -> list[R]:
        """Its rows with these values, all given by place."""
        ready, values = self._find(args, named)
        return list(self.build(*args, **named)) if ready is None else ready.read(values)

    def sql(self, *args: A.args, **named: A.kwargs) -> tuple[str, tuple[Any, ...]]:
        """It as a text with its parameters. Raises EmptyResultSet where Django knows without asking."""
        ready, values = self._find(args, named)
        if ready is None:
            return self.build(*args, **named).query.sql_with_params()
        return ready.sql, ready.filled(values)

    def _find(self, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[_Ready | None, list[Value]]:
        if named:
            raise TypeError("the values of a prepared query are given by place")
        values: list[Value] = []
        shape = timezone.get_current_timezone_name(), *(_take(arg, values) for arg in args)
        if (ready := self._ready.get(shape, _NEW)) is _NEW:
            if len(self._ready) >= MOST_SHAPES:
                self._ready.clear()
            ready = self._ready[shape] = self._prepare(args, values)
        return ready, values

    def _prepare(self, args: tuple[Any, ...], values: list[Value]) -> _Ready | None:
        marks = [_mark(value, number) for number, value in enumerate(values)]
        turn = iter(marks)
        rows: Any = self.build(*(_put(arg, turn) for arg in args))  # type: ignore[call-arg]
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        known = {_adapted(mark): number for number, mark in enumerate(marks)}
        places = tuple((place, known[param]) for place, param in enumerate(params) if _is_marked(param, known))
        self._check(args, rows, known, {number for _, number in places})
        return _Ready(rows, compiler, sql, tuple(params), places)

    def _check(self, args: tuple[Any, ...], rows: Any, known: dict[Any, int], found: set[int]) -> None:
        given = [getattr(lookup, "queryset", None) for lookup in rows._prefetch_related_lookups]
        beside = [one for one in given if one is not None]
        if any(_is_marked(param, known) for one in beside for param in one.query.sql_with_params()[1]):
            raise TypeError("what is read beside the rows must not depend on a value")
        place, passed = 0, list[Value]()
        for arg in args:
            _take(arg, passed)
            if isinstance(arg, int | str | datetime) and len(passed) > place and place not in found:
                raise TypeError(f"nothing asks for {arg!r}")
            place = len(passed)


def prepared(build: Callable[A, QuerySet[Any, R]]) -> Prepared[A, R]:
    """The function, with `rows` beside it."""
    return Prepared(build)


def is_read(row: Model, relation: str) -> bool:
    """Whether the rows of a relation were read along with this one, so that `all()` asks nothing."""
    return relation in getattr(row, "_prefetched_objects_cache", {})


def _take(arg: Any, values: list[Value]) -> Any:
    """The shape of an argument; its values are put behind those found so far."""
    match arg:
        case None | bool() | Enum():
            return arg
        case int() | str() | datetime():
            values.append(arg)
            return type(arg)
        case tuple() | list() | set() | frozenset():
            return type(arg), *(_take(one, values) for one in arg)
        case Q():
            return Q, arg.connector, arg.negated, *(_take_child(child, values) for child in arg.children)
        case Parted():
            shape, own = arg.parts()
            values.extend(own)
            return type(arg), shape, len(own)
    return arg


def _take_child(child: Any, values: list[Value]) -> Any:
    """Of a condition the times alone are values: a number may be too large for its field once it is a mark."""
    if isinstance(child, tuple):
        name, value = child
        return name, _take(value, values) if _is_of_times(value) else make_hashable(value)
    return _take(child, values)


def _put(arg: Any, marks: Iterator[Any]) -> Any:
    """The argument with marks for its values, taken in the same order."""
    match arg:
        case None | bool() | Enum():
            return arg
        case int() | str() | datetime():
            return next(marks)
        case tuple() | list() | set() | frozenset():
            return type(arg)(_put(one, marks) for one in arg)
        case Q():
            children = [_put_child(child, marks) for child in arg.children]
            return Q.create(children, arg.connector, arg.negated)
        case Parted():
            return arg.with_parts(tuple(next(marks) for _ in arg.parts()[1]))
    return arg


def _put_child(child: Any, marks: Iterator[Any]) -> Any:
    if isinstance(child, tuple):
        name, value = child
        return name, _put(value, marks) if _is_of_times(value) else value
    return _put(child, marks)


def _is_of_times(value: Any) -> bool:
    """A time, or some: a range, a choice."""
    if isinstance(value, tuple | list):
        return bool(value) and all(isinstance(one, datetime) for one in value)
    return isinstance(value, datetime)


def _mark(value: Value, number: int) -> Value:
    if isinstance(value, int):
        return _NUMBERS[number * _STEP]
    return f"{_SIGN}{number}{_SIGN}" if isinstance(value, str) else _AGES + timedelta(microseconds=number)


def _is_marked(param: Any, known: dict[Any, int]) -> bool:
    """Whether a parameter is a mark. Raises TypeError for one that was made of it."""
    if isinstance(param, list | tuple):
        if any(_is_marked(one, known) for one in param):
            raise TypeError("a value stands in a list of its own")
        return False
    if isinstance(param, Hashable) and param in known:
        return True
    # psycopg's numbers are of classes of their own, which a range looks for one by one: seconds for each.
    if (isinstance(param, str) and _SIGN in param) or (isinstance(param, int) and int(param) in _NUMBERS):
        raise TypeError(f"{param!r} is no plain value any more")
    return False


def _adapted(value: Value) -> Any:
    """As the database driver is given it."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
