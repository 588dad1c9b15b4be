"""The cast for the interface."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cast import Cast, make_cast
from tresen.faces.api.limits import requests_of_tokens


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    requests_of_tokens.forget()
    yield make_cast()
