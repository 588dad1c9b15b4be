"""R30: the search index can be lost and costs the search alone: it is told, rights hold, one command brings it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.cache import cache
from django.db import connection

from tests.cast import TEST, Cast, json, make_cast
from tresen.core.tickets.choices import Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.services import add_received
from tresen.faces.api.limits import requests_of_tokens
from tresen.faces.cli.main import main
from tresen.service.search.index import drop_index
from tresen.service.search.models import NameWord, SearchDocument
from tresen.spine.jobs.models import Job, JobState
from tresen.spine.jobs.worker import drain


def without_index() -> None:
    """As after a restore without it."""
    drop_index(connection)


def without_table() -> None:
    """The triggers that keep it are still there, and fail."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TABLE search_index")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE search_searchdocument DROP COLUMN vector")


def without_texts() -> None:
    """The index is there, but empty."""
    SearchDocument.objects.all().delete()
    NameWord.objects.all().delete()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    requests_of_tokens.forget()
    made = make_cast()
    for n in range(4):
        made.ticket(f"The printer {n}", "It smokes.")
    made.ticket("Secret printer", "It smokes.", team=made.orders, requester=made.dave)
    return made


def titles(client: Any, line: str) -> list[str]:
    body = client.get("/desk/search/", {"q": line}).content.decode()
    return [part.partition('"')[0] for part in body.split('title="') if "printer" in part.partition('"')[0]]


@pytest.mark.parametrize("lose", [without_index, without_table, without_texts])
def test_r30_a_lost_index_is_told_costs_no_mail_and_comes_back(cast: Cast, lose: Callable[[], None]) -> None:
    anna, program = cast.browser(cast.anna), cast.calls(cast.anna)
    assert len(titles(anna, "printer")) == 4
    assert "search index is lost" not in anna.get("/desk/views/all/").content.decode()
    lose()
    cache.clear()  # a minute later
    page = anna.get("/desk/views/all/").content.decode()
    assert "tresen search rebuild" in page or "texts are not found yet" in page
    # Fields need no index, words say that it is gone; either way nothing of another team is shown.
    assert len(titles(anna, "status:new")) == 4
    for line in ("printer", "smokes status:new", "-printer status:closed", "prniter"):
        answer = anna.get("/desk/search/", {"q": line})
        assert answer.status_code in {200, 400} and b"Secret" not in answer.content
        assert program.get(f"/search?query={line}").status_code in {200, 400}
        assert anna.get("/desk/search/complete/", {"q": line}).status_code == 200
    # Mail goes on coming in.
    ticket = cast.ticket("A printer after that", "It burns.")
    add_received(ticket, by=TEST, contact=cast.carol, content=Content("Fire!"), channel="mail", trust=Trust.CLAIMED)
    assert anna.get(f"/desk/tickets/{ticket.number}/").status_code == 200
    assert json(program.get("/tickets"), 200)["items"][0]["number"] == ticket.number
    told = CliRunner().invoke(main, ["search", "rebuild"])
    assert told.exit_code == 0 and "indexed: 13" in told.output
    cache.clear()
    drain("default")
    assert not Job.objects.filter(state=JobState.FAILED).exists()
    assert len(titles(anna, "printer")) == 5 and len(titles(anna, "fire")) == 1
    assert titles(cast.browser(cast.piotr), "printer") == ["Secret printer"]
    body = anna.get("/desk/views/all/").content.decode()
    assert "search index is lost" not in body and "texts are not found yet" not in body
