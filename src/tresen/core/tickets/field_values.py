"""Values of custom fields: what may stand in one, how it is kept, looked for and shown.

On a ticket they are JSON, by the field's short name: text, number, true, `2026-11-28`, `2026-11-28T09:30:00Z`, the
short name of a choice or a list of those. A field without a value is not there.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import JSONField, Q, Value
from django.db.models.fields.json import KeyTransform, KeyTransformExact
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from tresen.core.tickets.field_models import CustomField, FieldKind, FieldValue

KEY = "fields."
MOST_TEXT = {FieldKind.TEXT: 300, FieldKind.LONG_TEXT: 10_000}
MOST_NUMBER = 10**12
YEARS = range(1900, 2200)
YES, NO = frozenset({"yes", "ja", "tak"}), frozenset({"no", "nein", "nie"})


def keys_in(changes: Iterable[str]) -> list[str]:
    """The custom fields among the names of an event's changes, `fields.rack`."""
    return [name for name in changes if name.startswith(KEY)]


def gathered(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as `update_ticket(set=…)` takes them: `fields.rack` becomes part of `fields`."""
    own = {name.removeprefix(KEY): value for name, value in wanted.items() if name.startswith(KEY)}
    rest = {name: value for name, value in wanted.items() if not name.startswith(KEY)}
    return {**rest, "fields": own} if own else rest


def usable(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the changes named `fields.rack` that are possible, as they are kept: the field is in use and can have
    the value. One query where there are any."""
    slugs = [name.removeprefix(KEY) for name in keys_in(wanted)]
    found: dict[str, Any] = {}
    for field in CustomField.objects.active().filter(slug__in=slugs) if slugs else ():
        try:
            found[KEY + field.slug] = checked(field, wanted[KEY + field.slug])
        except ValueError:
            continue
    return found


def is_value(slug: str, value: Any) -> Q:
    """Tickets on which the field has that value; None: none."""
    if value is None:
        return ~Q(fields__has_key=slug)
    return Q(KeyTransformExact(KeyTransform(slug, "fields"), Value(value, JSONField())))


def checked(field: CustomField, value: Any, now: Any = None) -> Any:
    """The value as it is kept; None for none. `now`: what the ticket has, which may stay though not offered any more.
    Raises ValueError."""
    if value is None or value in ("", []):
        return None
    return _CHECKS[FieldKind(field.kind)](field, value, now)


def _text(field: CustomField, value: Any, now: Any) -> str | None:
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ValueError("not text")
    is_line = field.kind == FieldKind.TEXT
    text = " ".join(value.split()) if is_line else value.replace("\r\n", "\n").strip()
    if len(text) > MOST_TEXT[FieldKind(field.kind)]:
        raise ValueError("too long")
    return text or None


def _url(field: CustomField, value: Any, now: Any) -> str:
    if not isinstance(value, str) or len(value) > 500:
        raise ValueError("not an address")
    try:
        URLValidator(schemes=["http", "https"])(value.strip())
    except ValidationError as fault:
        raise ValueError("not an address") from fault
    return value.strip()


def _number(field: CustomField, value: Any, now: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > MOST_NUMBER:
        raise ValueError("not a number")
    if math.isnan(value):
        raise ValueError("not a number")
    plain = round(float(value), 6)
    return int(plain) if plain.is_integer() else plain


def _yes_no(field: CustomField, value: Any, now: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither yes nor no")
    return value


def _date(field: CustomField, value: Any, now: Any) -> str:
    day = date.fromisoformat(value) if isinstance(value, str) else None
    if day is None or day.year not in YEARS:
        raise ValueError("not a date")
    return day.isoformat()


def _date_time(field: CustomField, value: Any, now: Any) -> str:
    at = datetime.fromisoformat(value) if isinstance(value, str) else None
    if at is None or at.tzinfo is None or at.year not in YEARS:
        raise ValueError("not a time with its zone")
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _choice(field: CustomField, value: Any, now: Any) -> str:
    if not isinstance(value, str) or value not in {value if value == now else "", *offered(field)}:
        raise ValueError("not offered")
    return value


def _choices(field: CustomField, value: Any, now: Any) -> list[str]:
    kept = now if isinstance(now, list) else []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("not a list")
    if not set(value) <= {*offered(field), *kept}:
        raise ValueError("not offered")
    return [choice["slug"] for choice in field.choices if choice["slug"] in value]


_CHECKS: dict[FieldKind, Callable[[CustomField, Any, Any], Any]] = {
    FieldKind.TEXT: _text, FieldKind.LONG_TEXT: _text, FieldKind.NUMBER: _number, FieldKind.YES_NO: _yes_no,
    FieldKind.DATE: _date, FieldKind.DATE_TIME: _date_time, FieldKind.CHOICE: _choice, FieldKind.CHOICES: _choices,
    FieldKind.URL: _url,
}  # fmt: skip


def read_written(field: CustomField, text: str) -> Any:
    """A value as one writes it in one line, in whatever language: `12.5`, `yes`, `2026-11-28`, the name of a choice,
    several with commas between; None for nothing. Raises ValueError."""
    text = text.strip()
    if not text:
        return None
    match field.kind:
        case FieldKind.NUMBER:
            return checked(field, float(text.replace(",", ".")))
        case FieldKind.YES_NO:
            word = folded_word(text)
            if word not in YES | NO:
                raise ValueError("neither yes nor no")
            return word in YES
        case FieldKind.DATE_TIME:
            at = datetime.fromisoformat(text)
            return checked(field, (timezone.make_aware(at) if at.tzinfo is None else at).isoformat())
        case FieldKind.CHOICE:
            return checked(field, _named_choice(field, text))
        case FieldKind.CHOICES:
            return checked(field, [_named_choice(field, one) for one in text.split(",") if one.strip()])
    return checked(field, text)


def _named_choice(field: CustomField, text: str) -> str:
    word = folded_word(text)
    for choice in field.choices:
        if choice["is_active"] and word in {choice["slug"], *map(folded_word, choice["names"].values())}:
            return str(choice["slug"])
    raise ValueError("not offered")


def written(field: CustomField, value: Any) -> str:
    """The same value as `read_written` reads it."""
    match field.kind:
        case FieldKind.YES_NO if value is not None:
            return "yes" if value else "no"
        case FieldKind.CHOICES if value:
            return ", ".join(value)
    return "" if value is None else str(value)


def offered(field: CustomField) -> list[str]:
    """The short names of the choices in use."""
    return [choice["slug"] for choice in field.choices if choice["is_active"]]


def folded_word(text: str) -> str:
    """A text as it is compared: without regard to capitals, blanks and forms of letters."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())[:200]


def rows_of(field: CustomField, value: Any) -> list[FieldValue]:
    """The value as it is looked for, not saved and without its ticket; the question in memory asks these, too."""
    if value is None:
        return []
    match field.kind:
        case FieldKind.NUMBER | FieldKind.YES_NO:
            return [FieldValue(field=field, number=float(value))]
        case FieldKind.DATE:
            return [FieldValue(field=field, at=datetime.fromisoformat(value).replace(tzinfo=UTC))]
        case FieldKind.DATE_TIME:
            return [FieldValue(field=field, at=datetime.fromisoformat(value))]
        case FieldKind.CHOICES:
            return [FieldValue(field=field, word=one) for one in value]
    return [FieldValue(field=field, word=folded_word(value))]


def words_in(field: CustomField, value: Any) -> str:
    """What a ticket is found by where the field is searched: texts, numbers, the names of choices in every language;
    nothing for times, and for yes and no."""
    match field.kind:
        case FieldKind.CHOICE | FieldKind.CHOICES:
            chosen = value if isinstance(value, list) else [value]
            names = (name for choice in field.choices if choice["slug"] in chosen for name in choice["names"].values())
            return "\n".join(names)
        case FieldKind.YES_NO | FieldKind.DATE | FieldKind.DATE_TIME:
            return ""
    return str(value)


def shown_value(field: CustomField, value: Any) -> str:
    """In the reader's words; empty for none."""
    if value is None:
        return ""
    match field.kind:
        case FieldKind.YES_NO:
            return _("yes") if value else _("no")
        case FieldKind.NUMBER:
            return formats.number_format(value, use_l10n=True)
        case FieldKind.DATE:
            return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
        case FieldKind.DATE_TIME:
            return formats.date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
        case FieldKind.CHOICE:
            return field.choice_name(value)
        case FieldKind.CHOICES:
            return ", ".join(field.choice_name(one) for one in value)
    return str(value)
