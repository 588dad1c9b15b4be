"""Claims and counters wait for no disk; everything else does, also right after them."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tresen.kit.durability import durable_with_the_next

pytestmark = pytest.mark.sqlite_only
NORMAL, FULL = 1, 2


def _synchronous() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA synchronous").fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_the_disk_is_waited_for_again_afterwards_whatever_happened() -> None:
    assert _synchronous() == FULL
    with durable_with_the_next():
        assert _synchronous() == NORMAL
    assert _synchronous() == FULL
    with pytest.raises(ValueError), durable_with_the_next():
        raise ValueError
    assert _synchronous() == FULL


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_under_way_keeps_its_promise() -> None:
    with transaction.atomic(), durable_with_the_next():
        assert _synchronous() == FULL
