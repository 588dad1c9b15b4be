"""R31: parallel numbering: unique numbers with right check digits (P17)."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from django.db import connection

from tresen.core.people.models import Brand
from tresen.core.tickets.numbers import check_digit, make_number, read_number, show_number, take_number


@pytest.mark.django_db(transaction=True)
def test_r31_numbers_taken_in_parallel_are_unique(full_size: bool) -> None:
    brand = Brand.objects.create(name="Lindhafen IT", letters="T", is_default=True)
    threads, each = (50, 40) if full_size else (8, 15)
    taken: list[str] = []

    def take() -> None:
        try:
            for _ in range(each):
                taken.append(take_number(brand))
        finally:
            connection.close()

    running = [threading.Thread(target=take) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert len(taken) == len(set(taken)) == threads * each
    assert all(read_number(number) == number for number in taken)


def test_r31_a_misheard_number_is_noticed() -> None:
    number = make_number("T", 20418)
    digits = number[1:]
    for place, digit in enumerate(digits):
        for other in "0123456789".replace(digit, ""):
            assert read_number(f"T{digits[:place]}{other}{digits[place + 1 :]}") is None
    for place, (first, second) in enumerate(pairwise(digits)):
        if first != second:
            assert read_number(f"T{digits[:place]}{second}{first}{digits[place + 2 :]}") is None


@pytest.mark.parametrize("spoken", ["T 20418-{c}", "t20418{c}", "#T20418{c}", " T\u00a020418-{c} ", "t 2 0 4 1 8 {c}"])
def test_r31_a_number_is_read_as_people_write_it(spoken: str) -> None:
    assert read_number(spoken.format(c=check_digit("20418"))) == make_number("T", 20418)


def test_r31_a_shown_number_reads_as_itself() -> None:
    assert read_number(show_number(make_number("ABC", 7))) == make_number("ABC", 7)
