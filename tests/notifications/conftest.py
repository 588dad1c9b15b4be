"""The cast, and what leaves by mail."""

from __future__ import annotations

import pytest
from django.conf import settings
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


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The mails that were handed over: to, subject, text."""
    from tresen.service.notifications import mails

    assert settings.BASE_URL
    handed: list[dict[str, str]] = []
    monkeypatch.setattr(mails, "send_account_mail", lambda **mail: handed.append(mail))
    return handed
