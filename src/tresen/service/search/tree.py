"""The typed tree of a search line. It knows nothing of the database; `compiling.py` turns it into conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word; with `prefix` it may be the beginning of one."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in quotes: they stand one after the other, as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class TicketNumber:
    """A ticket number with a right check digit. Typed without `number:` it may as well be text, which `words` keeps."""

    number: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """`name:value,value`: the ticket has one of the values; or `name>=value`. `span` is its place in the line."""

    name: str
    values: tuple[str, ...]
    operator: str = ":"
    span: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All parts must hold; there are two or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the parts must hold; there are two or more."""

    parts: tuple[Node, ...]


Leaf = Word | Phrase | TicketNumber | Field
Node = Leaf | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A search line: every part must hold. Without parts it asks for everything."""

    parts: tuple[Node, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The plain words and phrases that the line looks for, to be marked in what was found."""
        found: list[str] = []
        for leaf in wanted_leaves(self.parts):
            match leaf:
                case Word() | Phrase():
                    found.append(leaf.text)
                case TicketNumber():
                    found += [word.text for word in leaf.words]
        return tuple(found)


def leaves(parts: tuple[Node, ...]) -> Iterator[Leaf]:
    """All leaves, in the order of the line."""
    for part in parts:
        match part:
            case Not():
                yield from leaves((part.part,))
            case And() | Or():
                yield from leaves(part.parts)
            case _:
                yield part


def wanted_leaves(parts: tuple[Node, ...]) -> Iterator[Leaf]:
    """The leaves that are looked for, without those under a `not`."""
    for part in parts:
        match part:
            case Not():
                continue
            case And() | Or():
                yield from wanted_leaves(part.parts)
            case _:
                yield part


def all_of(parts: list[Node]) -> Node | None:
    """One node for parts that must all hold; None for none."""
    return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else None


def any_of(parts: list[Node]) -> Node | None:
    """One node for parts of which one must hold; None for none."""
    return parts[0] if len(parts) == 1 else Or(tuple(parts)) if parts else None
