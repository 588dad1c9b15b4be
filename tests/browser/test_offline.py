"""Reading without a connection: off at first, sealed, at most a day, gone with the session and when rights change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tests.browser.sample_desk import SampleDesk
from tests.outside import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

ROWS = """async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === "tresen-offline")) return null;
  const database = await new Promise(done => {
    const request = indexedDB.open("tresen-offline");
    request.onsuccess = () => done(request.result);
  });
  const read = name => new Promise(done => {
    const request = database.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => done(request.result);
  });
  const [[session], tickets] = [await read("session"), await read("tickets")];
  database.close();
  const text = tickets.map(({ data }) => new TextDecoder("latin1").decode(data)).join("");
  return { tickets: tickets.length, text, canLeave: session?.key.extractable ?? null };
}"""


@pytest.fixture
def page(sample_desk: SampleDesk, chromium: Any) -> Iterator[Any]:
    """A browser of its own: what it keeps must not meddle with others."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    opened.goto(f"{sample_desk.url}/sign-in/?lang=en")
    sign_in(sample_desk, opened)
    yield opened
    context.set_offline(False)
    context.close()


def sign_in(desk: SampleDesk, page: Any) -> None:
    """The second agent of the sample."""
    account = [account for account in desk.accounts if account["role"] == "agent"][1]
    page.context.add_cookies([{"name": "tresen-language", "value": "en", "url": desk.url}])
    page.goto(f"{desk.url}/sign-in/")
    page.fill("[name=email]", account["email"])
    page.fill("[name=password]", account["password"])
    with page.expect_navigation():
        page.click("main form .primary")


def switch(desk: SampleDesk, page: Any, on: bool) -> None:
    """The switch in My account."""
    page.goto(f"{desk.url}/me/")
    page.set_checked("[name=keeps_offline]", on)
    with page.expect_navigation():
        page.click(".own-form .primary >> nth=0")


def open_tickets(desk: SampleDesk, page: Any, count: int) -> list[str]:
    """Opens some tickets from the list, each until it is kept; their numbers."""
    kept = (page.evaluate(ROWS) or {"tickets": 0})["tickets"]
    page.goto(f"{desk.url}/desk/views/open/")
    numbers = page.eval_on_selector_all("li.row", "all => all.map(row => row.dataset.number)")[:count]
    for place, number in enumerate(numbers, 1):
        page.goto(f"{desk.url}/desk/tickets/{number}/")
        page.wait_for_function("() => navigator.serviceWorker.controller")
        wait_for_rows(page, kept + place)  # in a quiet moment: who leaves before does not keep it
    return [str(number) for number in numbers]


def wait_for_rows(page: Any, count: int) -> dict[str, Any]:
    """What is kept, once it is so many."""
    wait_for(lambda: (page.evaluate(ROWS) or {"tickets": 0})["tickets"] == count, what=f"{count} kept tickets")
    return dict(page.evaluate(ROWS) or {})


def test_nothing_is_kept_until_it_is_switched_on(sample_desk: SampleDesk, page: Any) -> None:
    page.goto(f"{sample_desk.url}/desk/views/open/")
    page.locator("a.subject").first.click()
    page.wait_for_selector("#timeline")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(ROWS) is None
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_what_was_open_is_read_offline_and_gone_after_signing_out(sample_desk: SampleDesk, page: Any) -> None:
    switch(sample_desk, page, True)
    page.goto(f"{sample_desk.url}/desk/views/open/")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    numbers = open_tickets(sample_desk, page, 3)
    subject = page.inner_text("#t-head h1")
    rows = wait_for_rows(page, 3)
    assert subject not in rows["text"] and rows["canLeave"] is False
    page.context.set_offline(True)
    page.goto(f"{sample_desk.url}/desk/tickets/{numbers[-1]}/")
    page.wait_for_selector(".offline-ticket:not([hidden])")
    assert page.inner_text(".offline-ticket h2") == subject
    assert page.locator(".offline-ticket .text").count() >= 1
    page.click(".offline .to-all")
    assert page.locator(".offline-list li").count() == 3
    page.goto(f"{sample_desk.url}/desk/views/mine/")
    page.wait_for_selector(".offline-list li")
    page.context.set_offline(False)
    page.goto(f"{sample_desk.url}/desk/views/mine/")
    page.locator("details.me > summary").click()
    with page.expect_navigation():
        page.click("details.me form button")
    assert (page.evaluate(ROWS) or {"tickets": 0})["tickets"] == 0


def test_a_session_ended_elsewhere_and_changed_rights_empty_it(sample_desk: SampleDesk, page: Any) -> None:
    switch(sample_desk, page, True)
    page.goto(f"{sample_desk.url}/desk/views/open/")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    open_tickets(sample_desk, page, 2)
    wait_for_rows(page, 2)
    with another_team(sample_desk):
        page.goto(f"{sample_desk.url}/desk/views/mine/")
        wait_for_rows(page, 0)
    page.goto(f"{sample_desk.url}/desk/views/mine/")
    open_tickets(sample_desk, page, 2)
    wait_for_rows(page, 2)
    page.context.clear_cookies()
    page.goto(f"{sample_desk.url}/desk/views/mine/")
    assert "/sign-in/" in page.url
    wait_for_rows(page, 0)
    sign_in(sample_desk, page)
    switch(sample_desk, page, False)
    page.goto(f"{sample_desk.url}/desk/views/mine/")
    count = "async () => (await navigator.serviceWorker.getRegistrations()).length"
    wait_for(lambda: page.evaluate(count) == 0, what="no worker left")


@contextmanager
def another_team(desk: SampleDesk) -> Iterator[None]:
    """The second agent is in one team more."""
    email = [account for account in desk.accounts if account["role"] == "agent"][1]["email"]
    with closing(sqlite3.connect(desk.instance.data / "tresen.sqlite3")) as database:
        agent, team = database.execute(
            "SELECT a.id, t.id FROM people_agent a JOIN people_user u ON u.id = a.user_id, people_team t"
            " WHERE u.email = ? AND t.id NOT IN (SELECT team_id FROM people_agent_teams WHERE agent_id = a.id)",
            [email],
        ).fetchone()
        with database:
            database.execute("INSERT INTO people_agent_teams (agent_id, team_id) VALUES (?, ?)", [agent, team])
        yield
        with database:
            database.execute("DELETE FROM people_agent_teams WHERE agent_id = ? AND team_id = ?", [agent, team])
