"""Two agents in two browsers on one desk: what one does appears at the other, and nothing moves under his hands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.test import Client

from tests.cast import TEST, Cast, make_cast
from tests.outside import free_port, wait_for
from tresen.core.people.accounts import end_sessions
from tresen.core.people.models import Agent
from tresen.core.tickets.content import Content
from tresen.core.tickets.services import add_received, add_reply, update_ticket
from tresen.service.live.hub import HUB
from tresen.spine.events.actors import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NOTE_MOVES = """() => { window.moves = 0; new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moves += shift.value;
}).observe({type: "layout-shift", buffered: false}); }"""
Open = Callable[..., Any]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    made = make_cast()
    made.piotr.teams.add(made.netz)
    return made


@pytest.fixture
def desk(cast: Cast) -> Iterator[str]:
    """The product's own web server, in a thread; its address."""
    import uvicorn

    from tresen.faces.cli.server import config

    made = config("127.0.0.1", free_port())
    made.load()
    made.loaded_app = ASGIStaticFilesHandler(made.loaded_app)  # type: ignore[arg-type]
    server = uvicorn.Server(made)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started, seconds=20, what="the web server")
    yield f"http://127.0.0.1:{made.port}"
    HUB.end_all()
    server.should_exit = True
    thread.join(20)
    HUB.is_closing = False


@pytest.fixture
def browse(chromium: Any, desk: str) -> Iterator[Open]:
    """Opens an address in a browser of that agent's own."""
    made: list[Any] = []

    def open_page(agent: Agent, path: str, *, blocked: bool = False) -> Any:
        client = Client()
        client.force_login(agent.user)
        context = chromium.new_context(base_url=desk, viewport={"width": 1300, "height": 900})
        context.add_cookies([{"name": "tresen", "value": client.cookies["tresen"].value, "url": desk}])
        made.append(context)
        if blocked:
            context.route("**/desk/live/stream/**", lambda route: route.abort())
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.goto(path)
        page.wait_for_selector("body[data-live-state]")
        return page

    yield open_page
    for context in made:
        context.close()


def test_two_agents_on_one_ticket_see_each_other_and_what_the_other_writes(cast: Cast, browse: Open) -> None:
    ticket = cast.ticket()
    address = f"/desk/tickets/{ticket.number}/"
    anna, piotr = browse(cast.anna, address), browse(cast.piotr, address)
    anna.wait_for_selector(".presence:has-text('Piotr Wieczorek is looking')")
    piotr.wait_for_selector(".presence:has-text('Anna Kowalczyk is looking')")
    assert not Axe().run(anna, options=AXE_OPTIONS).response["violations"]
    anna.keyboard.press("n")
    anna.keyboard.type("I am in the middle of a")
    piotr.wait_for_selector(".presence:has-text('Anna Kowalczyk is writing a note')")
    piotr.wait_for_selector("#voice:has-text('Anna Kowalczyk is writing a note')")
    anna.evaluate(NOTE_MOVES)
    piotr.keyboard.press("r")
    piotr.keyboard.type("It works again.")
    anna.wait_for_selector(".presence:has-text('Piotr Wieczorek is writing a reply')")
    piotr.keyboard.press("Control+Enter")
    anna.wait_for_selector("#timeline li.reply:has-text('It works again.')")
    anna.wait_for_selector("#prop-status:has-text('Waiting')")
    anna.keyboard.type(" word")
    assert anna.input_value("#note-text") == "I am in the middle of a word"
    assert anna.evaluate("window.moves") < 0.1
    piotr.goto("/desk/views/mine/")
    anna.wait_for_selector(".presence", state="hidden")
    assert not anna.faults
    assert not piotr.faults


def test_rows_counts_and_the_open_ticket_change_in_place(cast: Cast, browse: Open) -> None:
    mine = [cast.ticket(f"Ticket {n}", assignee=cast.anna) for n in range(3)]
    page = browse(cast.anna, "/desk/views/mine/")
    page.wait_for_selector("body[data-live-state=stream]")
    page.focus(f"li.row[data-number={mine[0].number}] a.subject")
    update_ticket(mine[0], by=TEST, set={"subject": "Quite another subject"})
    page.wait_for_selector(f"li.row[data-number={mine[0].number}]:has-text('Quite another subject')")
    assert page.evaluate("document.activeElement.closest('li.row').dataset.number") == mine[0].number
    update_ticket(mine[0], by=TEST, set={"assignee": cast.piotr})
    page.wait_for_selector(f"li.row.left[data-number={mine[0].number}]:has-text('no longer in this view')")
    page.focus(f"li.row[data-number={mine[1].number}] a.subject")
    page.wait_for_selector(f"li.row[data-number={mine[0].number}]", state="detached")
    page.wait_for_function("() => document.querySelector('[data-count=mine]').textContent === '2'")
    cast.ticket("New one", assignee=cast.anna)
    page.wait_for_selector(".list-head .pill-new:has-text('new')", timeout=15_000)
    assert page.locator("li.row").count() == 2
    assert not page.faults


def test_what_happened_while_the_line_was_down_is_there_when_it_is_back(cast: Cast, browse: Open) -> None:
    ticket = cast.ticket("Before", assignee=cast.anna)
    page = browse(cast.anna, f"/desk/tickets/{ticket.number}/?view=mine")
    page.wait_for_selector("body[data-live-state=stream]")
    page.fill("#reply-text", "Half a rep")
    page.context.set_offline(True)
    page.wait_for_selector("#toasts:has-text('No connection')", timeout=20_000)
    assert page.get_attribute("body", "data-live-state") == "lost"
    update_ticket(ticket, by=TEST, set={"subject": "Meanwhile"})
    content = Content("Are you there?")
    add_received(ticket, by=TEST, contact=cast.carol, content=content, channel="mail", trust="claimed")
    page.context.set_offline(False)
    page.wait_for_selector("#timeline li.received:has-text('Are you there?')", timeout=20_000)
    page.wait_for_selector("#t-head h1:has-text('Meanwhile')")
    page.wait_for_selector("li.row a.subject:has-text('Meanwhile')")
    page.wait_for_selector("#toasts:has-text('The connection is back')")
    assert page.input_value("#reply-text") == "Half a rep"
    assert not page.faults


def test_where_streams_do_not_get_through_the_page_asks(cast: Cast, browse: Open) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    page = browse(cast.anna, f"/desk/tickets/{ticket.number}/", blocked=True)
    page.wait_for_selector("body[data-live-state=poll]", timeout=20_000)
    add_reply(ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, content=Content("Heard without a stream."))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # looked at again: it asks at once
    page.wait_for_selector("#timeline li.reply:has-text('Heard without a stream.')")
    assert not page.faults


def test_the_tabs_of_one_browser_share_one_line_until_the_session_ends(cast: Cast, browse: Open) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    first = browse(cast.anna, "/desk/views/mine/")
    first.wait_for_selector("body[data-live-state=stream]")
    second = first.context.new_page()
    second.goto(f"/desk/tickets/{ticket.number}/")
    second.wait_for_selector("reply-composer:defined")
    update_ticket(ticket, by=TEST, set={"subject": "Told to both"})
    first.wait_for_selector("li.row:has-text('Told to both')")
    second.wait_for_selector("#t-head h1:has-text('Told to both')")
    assert len(HUB.streams) == 1
    first.close()
    second.wait_for_selector("body[data-live-state=stream]")
    update_ticket(ticket, by=TEST, set={"subject": "Told to the one that is left"})
    second.wait_for_selector("#t-head h1:has-text('the one that is left')")
    end_sessions(cast.anna.user, by=TEST)
    second.wait_for_selector("#toasts:has-text('You are signed out')")
