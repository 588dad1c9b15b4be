"""The front page: the one question, the ways to reach us, and whether somebody is there."""

from __future__ import annotations

import time_machine
from django.test import Client

from tests.portal.conftest import Counter

WEEK = {
    "timezone": "Europe/Berlin",
    "weekly": {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}  # fmt: skip


def home(counter: Counter, at: str, language: str = "en") -> str:
    counter.brand.office_hours = WEEK
    counter.brand.save()
    with time_machine.travel(at, tick=False):
        return str(Client(headers={"accept-language": language}).get("/").content.decode())


def test_the_front_page_says_who_we_are_and_how_to_reach_us(counter: Counter, browser: Client) -> None:
    page = browser.get("/").content.decode()
    assert "How can we help?" in page and 'href="/requests/new/"' in page
    assert "hilfe@lindhafen.example" in page and "Lindhafen IT" in page
    assert f'href="/brand/{counter.brand.pk}.css"' in page


def test_the_hours_of_today_and_that_we_are_there(counter: Counter) -> None:
    page = home(counter, "2026-11-23T09:30:00+01:00")
    assert "08:00 to 12:00, 13:00 to 17:00" in page and "Open now, until 12:00" in page


def test_when_we_are_there_again(counter: Counter) -> None:
    assert "Closed now, open again: 13:00" in home(counter, "2026-11-23T12:30:00+01:00")
    sunday = home(counter, "2026-11-22T20:00:00+01:00")
    assert "Nobody is here today" in sunday and "open again: tomorrow, 08:00" in sunday
    assert "wieder da: Mo, 08:00" in home(counter, "2026-11-20T18:00:00+01:00", "de")


def test_a_brand_without_hours_says_nothing_of_them(counter: Counter, browser: Client) -> None:
    page = browser.get("/").content.decode()
    assert "Closed now" not in page and "Open now" not in page


def test_customers_see_their_newest_requests(counter: Counter) -> None:
    for n in range(7):
        counter.ticket(f"Request {n}")
    client = Client(headers={"accept-language": "en"})
    client.force_login(counter.account(counter.carol))
    page = client.get("/").content.decode()
    assert "Request 6" in page and "Request 1" not in page and "All my requests" in page
    assert "Sign out" in page and "Lost the link?" not in page


def test_colleagues_find_the_way_back_to_the_desk(counter: Counter) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(counter.anna.user)
    assert 'href="/desk/"' in client.get("/").content.decode()
