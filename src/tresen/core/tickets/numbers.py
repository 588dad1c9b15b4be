"""Ticket numbers that can be read out on the telephone: brand letters, running number, Damm check digit.

`T204187` is shown as `T 20418-7`. The check digit (H. M. Damm, 2004) finds every single wrong digit and every
swap of two neighbours, so a misheard number is noticed instead of opening another customer's ticket.
"""

from __future__ import annotations

import re

from django.db import connection, transaction
from django.db.models import F

from tresen.core.people.models import Brand

QUASIGROUP = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
SPOKEN = re.compile(r"^\s*#?\s*([A-Za-z]{1,3})[\s\-–.]*((?:\d[\s\-–.]*){2,12})$")
SIDE_TOKEN = re.compile(r"\[#([A-Z]{1,3}\d{2,12})/(\d{1,15})\]")
TOKEN = re.compile(r"\[#([A-Z]{1,3}\d{2,12})\]")


def check_digit(digits: str) -> str:
    """Damm's check digit of a string of digits."""
    interim = 0
    for digit in digits:
        interim = int(QUASIGROUP[interim][int(digit)])
    return str(interim)


def make_number(letters: str, running: int) -> str:
    """`T` and 20418 → `T204187`."""
    return f"{letters}{running}{check_digit(str(running))}"


def show_number(number: str) -> str:
    """`T204187` → `T 20418-7`, with a no-break space so that it is not torn apart."""
    letters = number.rstrip("0123456789")
    digits = number[len(letters):]  # fmt: skip
    return f"{letters}\u00a0{digits[:-1]}-{digits[-1:]}"


def read_number(text: str) -> str | None:
    """The number in what a person typed or said, with or without blanks, hyphen, `#`, case; None when it is none
    or its check digit is wrong."""
    number = _spelt(text)
    return number if number and _fits(number) else None


def read_digits(text: str) -> str | None:
    """The digits of a number that was typed without its letters, as `read_number` else; at least five of them."""
    digits = re.sub(r"[\s#\-–.]", "", text) if len(text) <= 40 else ""
    right = digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 12
    return digits if right and check_digit(digits[:-1]) == digits[-1] else None


def misheard_number(text: str) -> str | None:
    """What is written like a ticket number but can be none, since its check digit does not fit; None for all else."""
    number = _spelt(text)
    return number if number and not _fits(number) else None


def _spelt(text: str) -> str | None:
    """Letters and digits of what is written like a number, right or wrong."""
    match = SPOKEN.match(text) if len(text) <= 40 else None
    if not match:
        return None
    digits = "".join(c for c in match.group(2) if c in "0123456789")
    return match.group(1).upper() + digits if len(digits) >= 2 else None


def _fits(number: str) -> bool:
    digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return check_digit(digits[:-1]) == digits[-1]


def tokens_in(subject: str) -> list[str]:
    """Numbers of subject tokens `[#T204187]` with a right check digit, in order."""
    return [number for number in TOKEN.findall(subject[:2000]) if read_number(number)]


def side_tokens_in(subject: str) -> list[int]:
    """Keys of side threads in subject tokens `[#T204187/57]`, in order."""
    return [int(key) for number, key in SIDE_TOKEN.findall(subject[:2000]) if read_number(number)]


TAKE = "UPDATE people_brand SET last_number = last_number + 1 WHERE id = %s RETURNING last_number"


def take_number(brand: Brand) -> str:
    """The next number of the brand; unique under any concurrency.

    Call it before the long transaction: inside one, the counter's row would stay locked until its end. Numbers
    taken and not used are gaps, which are allowed.
    """
    if connection.features.can_return_columns_from_insert:  # and so from an update, in one statement
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [brand.pk])
            running = int(cursor.fetchall()[0][0])
    else:
        with transaction.atomic():
            Brand.objects.filter(pk=brand.pk).update(last_number=F("last_number") + 1)
            running = Brand.objects.values_list("last_number", flat=True).get(pk=brand.pk)
    return make_number(brand.letters, running)
