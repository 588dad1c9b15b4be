"""The cast, for those who work together."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Two teams, two organisations, their people (tests/cast.py)."""
    return make_cast()


@pytest.fixture
def anna(cast: Cast) -> Client:
    """A browser in which anna of team Netz is signed in."""
    return cast.browser(cast.anna)
