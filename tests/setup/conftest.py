"""A desk with its people, and a browser in which the administrator is signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(cast: Cast) -> Client:
    """The administrator's browser."""
    return cast.browser(cast.ada)
