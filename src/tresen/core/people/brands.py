"""Brands: what the outside sees of the desk."""

from __future__ import annotations

import struct
from typing import Any

from django.db import transaction

from tresen.core.people.hosts import main_host
from tresen.core.people.models import Brand, Team
from tresen.core.people.refusals import InUse
from tresen.kit import files
from tresen.kit.filetypes import type_of
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, take_over
from tresen.spine.events.services import record

FIELDS = (
    "name", "letters", "language", "languages", "timezone", "host", "phone", "fax", "off_hours", "accent_hue",
    "accent_chroma", "office_hours", "team", "is_default", "is_active",
)  # fmt: skip
LOGO_BYTES = 512 * 1024
LOGO_PIXELS = 4000
LOGO_TYPES = ("image/png", "image/jpeg")


class LettersTaken(Exception):
    """Another brand numbers its tickets with these letters."""


class HostTaken(Exception):
    """Another brand answers at this host name, or the desk itself."""


class LettersInUse(Exception):
    """Tickets already carry the old letters; a number never changes."""


class WrongLogo(Exception):
    """The file cannot be a logo: neither PNG nor JPEG, too large, or broken."""


def brand_for_outside(brand_id: int) -> Brand | None:
    """The active brand of that key: its look is for everybody."""
    return Brand.objects.filter(pk=brand_id, is_active=True).first()


def brand_values(brand: Brand) -> dict[str, Any]:
    """What a form shows of a brand, for its mark."""
    return values_of(brand, FIELDS)


@transaction.atomic
def create_brand(*, set: dict[str, Any], by: Actor) -> Brand:
    """A new brand from FIELDS. Event `brand.created`. Raises LettersTaken, HostTaken, KeyError."""
    if unknown := [field for field in set if field not in FIELDS]:
        raise KeyError(unknown[0])
    _lock_all()
    if Brand.objects.filter(letters=set["letters"]).exists():
        raise LettersTaken
    _check_host(set.get("host", ""))
    wanted = {**set, "is_default": False}
    brand = Brand.objects.create(**wanted)
    if set.get("is_default") or not Brand.objects.filter(is_default=True).exists():
        _make_default(brand)
    record("brand.created", stream=brand, by=by, changes={"name": [None, brand.name], "letters": [None, brand.letters]})
    return brand


@transaction.atomic
def change_brand(brand: Brand, *, set: dict[str, Any], by: Actor, expected: str = "") -> Brand:
    """Changes FIELDS. Event `brand.changed`.

    There is always exactly one default brand: making one the default takes it from the other, and the default can
    neither be given up nor put to rest. Raises ChangedMeanwhile, LettersTaken, LettersInUse, HostTaken, InUse,
    KeyError.
    """
    locked = _lock_all()[brand.pk]
    refuse_if_changed(brand_values(locked), expected)
    changes = changed_fields(locked, set, FIELDS)
    _check(locked, changes)
    default = changes.get("is_default", [None, None])[1]
    take_over(locked, {field: change for field, change in changes.items() if field != "is_default"})
    locked.save()
    if default:
        _make_default(locked)
    if changes:
        shown = {field: [_shown(old), _shown(new)] for field, (old, new) in changes.items()}
        record("brand.changed", stream=locked, by=by, changes=shown)
    return locked


def _shown(value: Any) -> Any:
    return value.name if isinstance(value, Team) else value


def _lock_all() -> dict[int, Brand]:
    """Every brand as it is now, held in the order of the keys: those who make another the default stand in line."""
    return {brand.pk: brand for brand in Brand.objects.select_for_update(no_key=True).order_by("pk")}


def _check(brand: Brand, changes: dict[str, Any]) -> None:
    if "letters" in changes:
        if Brand.objects.filter(letters=changes["letters"][1]).exclude(pk=brand.pk).exists():
            raise LettersTaken
        if has_tickets(brand):
            raise LettersInUse
    if "host" in changes:
        _check_host(changes["host"][1], but=brand)
    if changes.get("is_default") == [True, False] or (brand.is_default and changes.get("is_active") == [True, False]):
        raise InUse([str(brand)])
    if changes.get("is_active") == [True, False]:
        mailboxes: Any = getattr(brand, "mailboxes", None)  # the mail channel's, seen through its relation only
        if mailboxes is not None and (used := [str(m) for m in mailboxes.filter(is_active=True)]):
            raise InUse(used)


def _check_host(host: str, *, but: Brand | None = None) -> None:
    if host and (host == main_host() or Brand.objects.filter(host=host).exclude(pk=but.pk if but else 0).exists()):
        raise HostTaken


def has_tickets(brand: Brand) -> bool:
    """Whether tickets carry this brand's letters already."""
    tickets: Any = getattr(brand, "tickets", None)
    return tickets is not None and bool(tickets.exists())


def _make_default(brand: Brand) -> None:
    Brand.objects.filter(is_default=True).exclude(pk=brand.pk).update(is_default=False)
    brand.is_default = True
    brand.save(update_fields=["is_default"])


def set_logo(brand: Brand, *, data: bytes | None, by: Actor) -> Brand:
    """Takes a PNG or JPEG of at most 512 KB and 4,000 pixels a side as the logo; None removes it.

    Event `brand.changed`. Raises WrongLogo. The old file goes once the change is safe.
    """
    kind, key = "", ""
    if data is not None:
        kind = logo_type(data)
        key = files.store_bytes(data).key
    with transaction.atomic():
        locked = Brand.objects.select_for_update().get(pk=brand.pk)
        old = locked.logo_key
        locked.logo_key, locked.logo_type = key, kind
        locked.save(update_fields=["logo_key", "logo_type"])
        if old or key:
            record("brand.changed", stream=locked, by=by, changes={"logo": [bool(old), bool(key)]})
        if old:
            transaction.on_commit(lambda: files.remove(old))
    return locked


def logo_type(data: bytes) -> str:
    """`image/png` or `image/jpeg`, by the bytes themselves. Raises WrongLogo for anything else, too large or broken."""
    kind = type_of("logo", data[:1024])
    if kind not in LOGO_TYPES or len(data) > LOGO_BYTES:
        raise WrongLogo
    width, height = _png_size(data) if kind == "image/png" else _jpeg_size(data)
    if not (0 < width <= LOGO_PIXELS and 0 < height <= LOGO_PIXELS):
        raise WrongLogo
    return kind


def _png_size(data: bytes) -> tuple[int, int]:
    """Width and height of the IHDR chunk (PNG specification, 11.2.1); zeros when it is not there."""
    if data[12:16] != b"IHDR" or len(data) < 24:
        return 0, 0
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height of the first frame header (ITU T.81, B.2.2); zeros when none is found."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(2, length)
    return 0, 0
