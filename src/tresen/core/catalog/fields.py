"""The fields of a service's form: their shape, and what a form must be like to be kept. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypedDict

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MOST_FIELDS, MOST_OPTIONS = 60, 60
MOST_LABEL, MOST_HELP, MOST_PLACEHOLDER, MOST_VALUE = 200, 1000, 120, 120
# What somebody may write in at most, whatever the form says.
MOST_LINE, MOST_TEXT, MOST_NUMBER, MOST_FILES = 300, 10_000, 10**12, 10
CODES = ("en", "de", "pl")


class Kind(models.TextChoices):
    TEXT = "text", _("Text, one line")
    LONG_TEXT = "long_text", _("Text, several lines")
    NUMBER = "number", pgettext_lazy("kind of field", "Number")
    CHOICE = "choice", _("One of several")
    CHOICES = "choices", _("Several of several")
    YES_NO = "yes_no", _("Yes or no")
    DATE = "date", pgettext_lazy("kind of field", "Date")
    MAIL = "mail", _("Mail address")
    PHONE = "phone", _("Telephone number")
    FILE = "file", _("Files")
    PERSON = "person", _("Person")
    HEADING = "heading", _("Heading")
    HINT = "hint", _("Text to read")


# What is read and not answered.
SILENT = frozenset({Kind.HEADING, Kind.HINT})
WITH_OPTIONS = frozenset({Kind.CHOICE, Kind.CHOICES})
LINES = frozenset({Kind.TEXT, Kind.MAIL, Kind.PHONE, Kind.PERSON})
# On what a condition can look.
ASKED_ABOUT = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.CHOICE, Kind.CHOICES, Kind.YES_NO})


class How(models.TextChoices):
    IS = "is", _("is")
    CONTAINS = "contains", _("contains")


class Pattern(models.TextChoices):
    """What a line of text may look like; each is found in one pass (answering.PATTERNS)."""

    ANY = "", _("anything")
    DIGITS = "digits", _("digits only")
    LETTERS = "letters", _("letters only")
    CODE = "code", _("letters, digits and - . / (an inventory number)")
    POSTCODE_DE = "postcode_de", _("a German postcode")
    POSTCODE_PL = "postcode_pl", _("a Polish postcode")
    HOST = "host", _("the name of a computer")
    IP = "ip", _("an IP address")


class Condition(TypedDict):
    """A field is shown when the answer to an earlier `field` is `value`, or contains it: the key of an option, `yes`
    or `no`, a number, a text."""

    field: str
    how: str
    value: str


class Option(TypedDict):
    """Something that can be chosen."""

    key: str
    names: dict[str, str]


class Field(TypedDict):
    """One field. Words are by language. `least`, `most`: letters of a text, the range of a number, how many choices
    or files. `in_subject`: the answer stands in the subject of the ticket."""

    key: str
    kind: str
    labels: dict[str, str]
    helps: dict[str, str]
    placeholders: dict[str, str]
    required: bool
    options: list[Option]
    least: float | None
    most: float | None
    pattern: str
    when: Condition | None
    in_subject: bool


class WrongForm(ValueError):
    """A form cannot be kept. `place`: which field (from 0). `why`: many, kind, label, options, range, pattern,
    condition, key."""

    def __init__(self, place: int, why: str) -> None:
        super().__init__(f"field {place}: {why}")
        self.place, self.why = place, why


def new_field(kind: str, labels: Mapping[str, str], **more: Any) -> Field:
    """A field of that kind, with what is usual for the rest; its key comes with `checked`."""
    usual = Field(
        key="", kind=kind, labels=dict(labels), helps={}, placeholders={}, required=False, options=[], least=None,
        most=None, pattern="", when=None, in_subject=False,
    )  # fmt: skip
    return Field(**{**usual, **more})  # type: ignore[typeddict-item]


def checked(fields: Sequence[Field]) -> list[Field]:
    """The fields as they are kept, each with a key. Raises WrongForm."""
    if len(fields) > MOST_FIELDS:
        raise WrongForm(MOST_FIELDS, "many")
    kept: list[Field] = []
    for place, field in enumerate(fields):
        keys = {one["key"] for one in kept} | {one["key"] for one in fields[place + 1 :]}
        kept.append(_checked(place, field, keys, kept))
    return kept


def _checked(place: int, field: Field, taken: Collection[str], before: Sequence[Field]) -> Field:
    if field["kind"] not in Kind.values:
        raise WrongForm(place, "kind")
    kind, labels = Kind(field["kind"]), words(field["labels"], MOST_LABEL)
    helps = words(field["helps"], MOST_HELP, lines=True)
    if not labels and not (kind == Kind.HINT and helps):
        raise WrongForm(place, "label")
    key = field["key"] or key_for(next(iter((labels or helps).values())), taken)
    if not KEY.fullmatch(key) or key in {one["key"] for one in before}:
        raise WrongForm(place, "key")
    silent, (least, most) = kind in SILENT, _range(place, kind, field)
    return Field(
        key=key, kind=kind.value, labels=labels, helps=helps,
        placeholders=words(field["placeholders"], MOST_PLACEHOLDER) if kind in LINES | {Kind.LONG_TEXT} else {},
        required=bool(field["required"]) and not silent, options=_options(place, kind, field["options"]),
        least=least, most=most, pattern=_pattern(place, kind, field["pattern"]),
        when=_condition(place, field["when"], before),
        in_subject=bool(field["in_subject"]) and kind in LINES | {Kind.CHOICE, Kind.CHOICES},
    )  # fmt: skip


def words(given: Mapping[str, str], most: int, *, lines: bool = False) -> dict[str, str]:
    """A text by language as it is kept: empty ones left out, one line unless `lines`."""
    kept: dict[str, str] = {}
    for code in CODES:
        text = str(given.get(code) or "").replace("\0", "").replace("\r\n", "\n")
        text = text.strip()[:most] if lines else " ".join(text.split())[:most]
        if text:
            kept[code] = text
    return kept


KEY = re.compile(r"[a-z]{1,30}(_[a-z]{1,30}){0,3}")


def key_for(label: str, taken: Collection[str]) -> str:
    """A key for what is called like that: small letters with `_` between, as answers are named in texts and by other
    systems."""
    plain = unicodedata.normalize("NFKD", label.replace("ß", "ss").replace("ł", "l").replace("Ł", "l")).lower()
    parts = re.findall(r"[a-z]+", "".join(c for c in plain if not unicodedata.combining(c)))
    base = "_".join(part[:30] for part in parts[:3]) or "field"
    if base not in taken:
        return base
    tails = (f"{base}_{a}{b}" for a in ("", *"abcdefghij") for b in "bcdefghijklmnopqrstuvwxyz")
    return next(tail for tail in tails if tail not in taken)


def _options(place: int, kind: Kind, given: Sequence[Option]) -> list[Option]:
    if kind not in WITH_OPTIONS:
        return []
    kept: list[Option] = []
    for option in given:
        names = words(option["names"], MOST_VALUE)
        if not names:
            continue
        taken = {one["key"] for one in kept} | {one["key"] for one in given if one is not option}
        key = option["key"] or key_for(next(iter(names.values())), taken)
        if not KEY.fullmatch(key) or key in {one["key"] for one in kept}:
            raise WrongForm(place, "options")
        kept.append(Option(key=key, names=names))
    if not 1 <= len(kept) <= MOST_OPTIONS:
        raise WrongForm(place, "options")
    return kept


def _range(place: int, kind: Kind, field: Field) -> tuple[float | None, float | None]:
    ends = {Kind.TEXT: MOST_LINE, Kind.LONG_TEXT: MOST_TEXT, Kind.NUMBER: MOST_NUMBER, Kind.CHOICES: MOST_OPTIONS,
            Kind.FILE: MOST_FILES}  # fmt: skip
    if kind not in ends:
        return None, None
    least, most, end = field["least"], field["most"], ends[kind]
    lowest = -MOST_NUMBER if kind == Kind.NUMBER else 0
    for one in (least, most):
        if one is not None and not lowest <= one <= end:
            raise WrongForm(place, "range")
    if least is not None and most is not None and least > most:
        raise WrongForm(place, "range")
    return least, most


def _pattern(place: int, kind: Kind, pattern: str) -> str:
    if kind != Kind.TEXT:
        return ""
    if pattern not in Pattern.values:
        raise WrongForm(place, "pattern")
    return pattern


def _condition(place: int, when: Condition | None, before: Sequence[Field]) -> Condition | None:
    if not when or not when["field"]:
        return None
    asked = next((one for one in before if one["key"] == when["field"]), None)
    value = " ".join(str(when["value"]).split())[:MOST_VALUE]
    if asked is None or asked["kind"] not in ASKED_ABOUT or when["how"] not in How.values or not value:
        raise WrongForm(place, "condition")
    known = {option["key"] for option in asked["options"]}
    if asked["kind"] == Kind.YES_NO:
        known = {"yes", "no"}
    if known and value not in known:
        raise WrongForm(place, "condition")
    return Condition(field=when["field"], how=when["how"], value=value)
