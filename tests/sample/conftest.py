"""One loaded sample desk for the tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from tresen.faces.cli.sample.loader import SampleResult, load_sample

# A Tuesday morning, far from any change of the clocks.
NOW = datetime(2026, 11, 17, 9, 42, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(django_db_setup: Any, django_db_blocker: Any) -> Iterator[SampleResult]:
    """The written desk, taken back when the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_sample(seed=1, tickets=0, base_url="http://127.0.0.1:8000", now=NOW)
        transaction.set_rollback(True)
