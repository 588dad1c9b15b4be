"""The line above a request: arrived, in work, answered, confirmed. It tells only what happened."""

from __future__ import annotations

from django.test import Client

from tests.portal.conftest import Counter, send, status
from tests.portal.test_link_page import text_of
from tresen.core.tickets import services
from tresen.spine.events.actors import Actor


def test_the_way_of_a_request_is_marked_step_by_step(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket()
    path = counter.link(ticket)

    def steps() -> list[str]:
        track = text_of(browser, path).split('<ol class="track">')[1].split("</ol>")[0]
        marks = [part.split(">")[0] for part in track.split("<li")[1:]]
        return ["done" if "done" in mark else "current" if "current" in mark else "ahead" for mark in marks]

    assert steps() == ["current", "ahead", "ahead", "ahead"]
    services.update_ticket(ticket, by=Actor.agent(counter.anna), set={"assignee": counter.anna})
    assert steps() == ["done", "current", "ahead", "ahead"]
    counter.reply(ticket)
    assert steps() == ["done", "done", "current", "ahead"]
    counter.solve(ticket)
    assert steps() == ["done", "done", "done", "current"]
    send(browser, path, at=f"{path}close/")
    assert steps() == ["done"] * 4


def _track(browser: Client, path: str) -> list[tuple[str, bool]]:
    """The labels of the way, and whether each is marked as done."""
    track = text_of(browser, path).split('<ol class="track">')[1].split("</ol>")[0]
    return [
        (part.split("<strong>")[1].split("</strong>")[0], part.startswith(' class="done"'))
        for part in track.split("<li")[1:]
    ]


def test_the_way_of_a_request_tells_of_no_answer_that_never_was(counter: Counter, browser: Client) -> None:
    solved, closed, withdrawn = counter.ticket("A"), counter.ticket("B"), counter.ticket("C")
    counter.solve(solved)
    assert _track(browser, counter.link(solved)) == [("Arrived", True), ("In work", True), ("Confirmed by you", False)]
    services.update_ticket(closed, by=Actor.agent(counter.anna), set={"status": status("closed")})
    assert _track(browser, counter.link(closed)) == [("Arrived", True), ("In work", True), ("Closed", True)]
    send(browser, counter.link(withdrawn), at=f"{counter.link(withdrawn)}close/")
    assert _track(browser, counter.link(withdrawn)) == [("Arrived", True), ("Confirmed by you", True)]


def test_nobody_is_told_to_have_confirmed_what_another_did(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(copies=[counter.dave])
    counter.reply(ticket)
    counter.solve(ticket)
    copied = counter.link(ticket, counter.dave)
    send(browser, copied, at=f"{copied}close/")
    assert _track(browser, copied)[-1] == ("Confirmed by you", True)
    assert _track(browser, counter.link(ticket))[-1] == ("Confirmed", True)


def test_an_answered_request_that_is_put_back_keeps_its_answer(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket()
    counter.reply(ticket, set={"status": status("new")})
    assert ("In work", True) in _track(browser, counter.link(ticket))
