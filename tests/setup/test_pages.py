"""Who gets into the settings, and that every page of them can be read in every language."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tresen.channels.mail.models import Mailbox, RawMail
from tresen.channels.mail.spool import store_mail
from tresen.core.tickets.models import Status, Tag

PAGES = (
    "overview", "agents", "agent-invite", "teams", "team-new", "brands", "brand-new", "mailboxes", "mailbox-new",
    "statuses", "status-new", "tags", "tokens", "outgoing", "ledger", "jobs",
)  # fmt: skip
QUERIES = 24


def rows_of(cast: Cast) -> dict[str, Any]:
    """One page of each kind that shows one row."""
    store_mail(b"Subject: Hallo\r\n\r\nText", mailbox=Mailbox.objects.get(), source="smtp")
    return {
        "agent": cast.anna.pk, "team": cast.netz.pk, "brand": cast.brand.pk, "mailbox": Mailbox.objects.get().pk,
        "status": Status.objects.first().pk, "tag": Tag.objects.create(name="vpn").pk,
        "received": RawMail.objects.get().pk,
    }  # fmt: skip


def every_page(cast: Cast) -> list[str]:
    return [reverse(f"setup:{name}") for name in PAGES] + [
        reverse(f"setup:{name}", args=[key]) for name, key in rows_of(cast).items()
    ]


@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_an_administrator_reads_every_page(cast: Cast, ada: Client, language: str) -> None:
    cast.ada.user.language = language
    cast.ada.user.save()
    for url in every_page(cast):
        answer = ada.get(url)
        assert answer.status_code == 200, url
        text = answer.content.decode()
        assert f'<html lang="{language}"' in text
        assert "<h1>" in text
        assert 'class="intro"' in text


def test_no_page_asks_the_database_more_the_more_there_is(cast: Cast, ada: Client) -> None:
    for url in every_page(cast):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ada.get(url)
        assert len(queries) <= QUERIES, (url, len(queries))


def test_nobody_is_sent_to_sign_in_and_comes_back(cast: Cast) -> None:
    for url in every_page(cast):
        answer = Client().get(url)
        assert answer.status_code == 302
        assert answer.url.startswith("/sign-in/?next=%2Fsettings%2F")


def test_to_an_agent_the_pages_do_not_exist(cast: Cast) -> None:
    anna = cast.browser(cast.anna)
    for url in every_page(cast)[1:]:
        assert anna.get(url).status_code == 404, url
    assert anna.get(reverse("setup:overview")).url == reverse("account:me")


def test_an_agent_can_post_to_none_of_them(cast: Cast) -> None:
    anna = cast.browser(cast.anna)
    urls = import_module("tresen.faces.setup.urls").urlpatterns
    keys = rows_of(cast)
    for pattern in urls:
        # Every agent keeps texts and working hours of the own.
        if pattern.name.startswith(
            ("overview", "saved-repl", "macro", "own-attendance", "own-on-call", "attendance-of")
        ):
            continue
        known = {"agent_id": "agent", "team_id": "team", "brand_id": "brand", "mailbox_id": "mailbox",
                 "status_id": "status", "level_id": "level", "tag_id": "tag", "raw_id": "received"}  # fmt: skip
        args = [keys.get(known.get(name, ""), 1) for name in pattern.pattern.converters]
        answer = anna.post(reverse(f"setup:{pattern.name}", args=args))
        assert answer.status_code == 404, pattern.name


def test_the_settings_stand_in_the_rail_for_administrators_alone(cast: Cast, ada: Client) -> None:
    assert 'href="/settings/"' in ada.get("/me/").content.decode()
    assert 'href="/settings/"' not in cast.browser(cast.anna).get("/me/").content.decode()
