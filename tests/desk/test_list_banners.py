"""What stands above the list: mail that does not leave, mail that could not be read, a desk in the clear."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.desk.test_list_views import tree
from tresen.channels.mail.models import Mailbox, Outcome, RawMail
from tresen.core.people.models import Agent
from tresen.kit import clock


def banners(cast: Cast, agent: Agent) -> list[str]:
    """The banners' words, each with where its link leads."""
    found = tree(cast.browser(agent), "/desk/views/mine/").css(".list-head .banner")
    return [
        n.css_first("p").text() + " " + (n.css_first("a").attributes["href"] if n.css_first("a") else "") for n in found
    ]


@pytest.fixture
def quiet(cast: Cast) -> Cast:
    """A desk with nothing to say: its one mailbox has a server."""
    Mailbox.objects.update_or_create(
        address="help@lindhafen.example", defaults={"brand": cast.brand, "smtp_host": "mail.lindhafen.example"}
    )
    return cast


def test_a_desk_in_order_says_nothing(quiet: Cast) -> None:
    assert banners(quiet, quiet.anna) == banners(quiet, quiet.ada) == []


def test_without_a_server_everybody_learns_that_answers_stay_here(quiet: Cast) -> None:
    Mailbox.objects.update(smtp_host="")
    for_agent, for_admin = banners(quiet, quiet.anna), banners(quiet, quiet.ada)
    assert "outgoing folder" in for_agent[0] and "/settings/" not in for_agent[0]
    assert "/settings/mailboxes/" in for_admin[0]


def test_mail_that_could_not_be_read_is_told_to_administrators(quiet: Cast) -> None:
    RawMail.objects.create(
        source="pipe", raw=b"", size=0, sha256="", received_at=clock.now(), outcome=Outcome.QUARANTINED
    )
    assert banners(quiet, quiet.anna) == []
    assert banners(quiet, quiet.ada) == ["1 mail could not be taken in. /settings/mail/ledger/"]


@pytest.mark.parametrize(
    ("url", "warned"),
    [("http://127.0.0.1:8000", False), ("http://localhost:8000", False), ("http://desk.example", True),
     ("https://desk.example", False)],
)  # fmt: skip
def test_plain_http_from_elsewhere_is_told(quiet: Cast, settings: Any, url: str, warned: bool) -> None:
    settings.BASE_URL, settings.HTTPS = url, url.startswith("https")
    assert any("HTTP" in words for words in banners(quiet, quiet.anna)) is warned
