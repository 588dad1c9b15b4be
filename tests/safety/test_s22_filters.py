"""S22: filters, sorts and search take words of their own language only; nothing of the database leaks through (P4)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast, json, make_cast
from tresen.core.tickets.custom_fields import create_field
from tresen.faces.api.limits import requests_of_tokens

LISTS = (
    "/tickets", "/contacts", "/organisations", "/agents", "/teams", "/brands", "/statuses", "/tags", "/search?query=x",
)  # fmt: skip
ORM = (
    "requester__user__password__startswith", "assignee__user__password", "requester__identities__value__contains",
    "id__in", "pk", "team__agents__user__email", "_order_by", "is_unconfirmed", "order_by", "filter", "where",
)  # fmt: skip
SORTS = (
    "password", "requester__user__password", "-assignee__user__password", "?", "pk", "-pk", "id", "number",
    "updated_at,password",
    "updated_at; DROP TABLE people_user", "--updated_at", "updated_at\0", "RANDOM()", "(SELECT 1)", "{updated_at}",
)  # fmt: skip
LINES = (
    "' OR '1'='1", '" OR 1=1 --', "x') UNION SELECT password FROM people_user --", "%", "_", "*", "\\", "a & b | !c",
    "a:* <-> b",
    "NEAR(a b)", "tokens:x", "status:new OR 1=1", "status:' OR 1=1",
    "password:x", "requester__user__password:x", "team:'; --",
    "number:T1", "assignee:me' OR 'a'='a", "{0}", "%s%s%n", "\0", "(" * 200, "\u202e",
)  # fmt: skip


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    requests_of_tokens.forget()
    yield make_cast()


@pytest.mark.parametrize("path", LISTS)
def test_s22_a_field_of_the_database_is_no_parameter(cast: Cast, path: str) -> None:
    anna = cast.calls(cast.anna)
    sign = "&" if "?" in path else "?"
    for name in ORM:
        body = json(anna.get(f"{path}{sign}{name}=argon2"), 400)
        assert [error["field"] for error in body["errors"]] == [name]


@pytest.mark.parametrize("path", [p for p in LISTS if "search" not in p])
def test_s22_a_list_is_sorted_by_named_fields_only(cast: Cast, path: str) -> None:
    anna = cast.calls(cast.anna)
    for sort in SORTS:
        body = json(anna.get(f"{path}?sort={quote(sort)}"), 400)
        assert body["errors"][0]["field"] == "sort"


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_s22_a_search_line_is_never_sql(cast: Cast, line: str) -> None:
    hidden = cast.ticket(team=cast.orders)
    anna = cast.calls(cast.anna)
    for path in ("/tickets", "/search", "/contacts", "/organisations", "/tags"):
        with CaptureQueriesContext(connection) as queries:
            response = anna.get(f"{path}?query={quote(line)}")
        assert response.status_code in {200, 400}, (path, response.content)
        assert hidden.number not in response.content.decode()
        assert not any("DROP" in query["sql"] or "people_user WHERE password" in query["sql"] for query in queries)
        if path != "/contacts":
            assert b"argon2" not in response.content and b"md5$" not in response.content


def test_s22_a_field_of_the_desks_own_is_asked_and_sorted_by_its_name_alone(cast: Cast) -> None:
    slugs = [
        create_field(names={"en": name}, kind="number", by=TEST).slug for name in ("Rack", "rack__isnull", "a__gt")
    ]
    ticket, anna, browser = cast.ticket(), cast.calls(cast.anna), cast.browser(cast.anna)
    assert anna.patch(f"/tickets/{ticket.number}", {"fields": {slug: 7 for slug in slugs}}).status_code == 200
    for value in ({"$gt": 0}, {"__gt": 0}, "7 OR 1=1", [7], "7'--", True, 10**13, "__import__"):
        assert anna.patch(f"/tickets/{ticket.number}", {"fields": {"rack": value}}).status_code == 400
    for line in (
        "rack:' OR 1=1",
        "rack>=7;--",
        "rack__gt:1",
        "rack.__class__:1",
        "rack>7)",
        "fields__rack:7",
        "rack:%s",
    ):
        assert anna.get(f"/tickets?query={quote(line)}").status_code in (200, 400), line
        found = anna.get(f"/tickets?query={quote(line)}")
        assert found.status_code == 400 or json(found, 200)["items"] == []
    for slug in slugs:
        assert len(json(anna.get(f"/tickets?query={slug}:7"), 200)["items"]) == 1
        assert json(anna.get(f"/tickets?query={slug}:none"), 200)["items"] == []
        browser.post("/desk/views/all/edit/", {"sort": f"-f-{slug}", "grouping": "", "columns": [f"f-{slug}"]})
        assert ticket.number in browser.get("/desk/views/all/").content.decode()
    for sort in (
        "f-rack__owner",
        "f-",
        "--f-rack",
        "f-rack,password",
        "f-rack\0",
        "-f-password",
        "f-rack; DROP TABLE x",
    ):
        assert anna.get(f"/tickets?sort={quote(sort)}").status_code == 400
        assert browser.get(f"/desk/views/all/?sort={quote(sort)}").status_code == 200
        sent = {"sort": sort, "grouping": "", "columns": ["f-rack"]}
        assert browser.post("/desk/views/all/edit/", sent).status_code == 422
    assert browser.post("/desk/views/all/edit/", {"sort": "newest", "columns": ["f-rack__owner"]}).status_code == 422
