"""A desk with its counter, and short words for announcing there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from tests.portal.conftest import Counter, browser, counter  # noqa: F401
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.announcements.models import Announcement
from tresen.core.announcements.services import create_announcement, post_update, publish
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

TITLES = {"en": "VPN drops every 20 minutes", "de": "VPN bricht alle 20 Minuten ab", "pl": "VPN zrywa połączenie"}
Announce = Callable[..., Announcement]


@pytest.fixture(autouse=True)
def _empty_folder() -> Iterator[None]:
    folder = outgoing_folder() / "new"
    for path in folder.iterdir() if folder.is_dir() else ():
        path.unlink()
    yield


@pytest.fixture
def announce(counter: Counter) -> Announce:  # noqa: F811
    """Announces a disturbance as anna would; `draft=True` leaves it unpublished."""

    def act(*, draft: bool = False, **fields: Any) -> Announcement:
        by = Actor.agent(counter.anna)
        wanted = {"titles": TITLES, "texts": {"en": "A card is broken."}, "language": "en", **fields}
        row = create_announcement(set=wanted, agent=counter.anna, by=by)
        return row if draft else publish(row, by=by)

    return act


def say(row: Announcement, counter: Counter, stage: str = "identified", **texts: str) -> None:  # noqa: F811
    """Anna says what is new."""
    by = Actor.agent(counter.anna)
    post_update(
        row, stage=stage, texts=texts or {"en": "Still at it.", "de": "Wir sind dran."}, agent=counter.anna, by=by
    )


def sent() -> list[EmailMessage]:
    """What has left since the test began, but for confirmations of receipt."""
    return [mail for mail in every_mail() if "[#" not in str(mail["Subject"])]


def every_mail() -> list[EmailMessage]:
    """All that has left since the test began."""
    for _round in range(3):
        drain()
    folder = outgoing_folder() / "new"
    paths = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns) if folder.is_dir() else []
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]  # type: ignore[misc]


def link_in(mail: EmailMessage, part: str) -> str:
    """The path of the first link of that kind in a mail."""
    body = mail.get_body(("plain",))
    found = re.search(rf"https?://[^/\s]+(/status/{part}/\S+)", body.get_content() if body else "")
    assert found, part
    return found[1]


def signed_in(counter: Counter, contact: Any) -> Client:  # noqa: F811
    """A browser in which the customer is signed in."""
    client = Client()
    client.force_login(counter.account(contact))
    return client
