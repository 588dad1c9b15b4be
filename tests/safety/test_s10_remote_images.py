"""S10 at the image proxy: a mail that points inside opens nothing there, and every refusal looks the same (P5)."""

from __future__ import annotations

import socket
from html import escape
from typing import Any

import pytest

from tests.cast import TEST, make_cast
from tests.desk.conftest import tree
from tests.safety.hostile_urls import hostile_urls, names
from tresen.core.tickets.content import Content
from tresen.core.tickets.services import add_received
from tresen.kit.html import SANITISER_VERSION, clean_html
from tresen.kit.http import client

pytestmark = pytest.mark.once

A_MAIL = 90


@pytest.mark.django_db
def test_s10_images_that_point_inside_are_not_fetched(monkeypatch: pytest.MonkeyPatch, full_size: bool) -> None:
    cast = make_cast()
    begun: list[Any] = []

    def note(self: socket.socket, address: Any) -> None:
        begun.append(address)
        raise OSError("no connection in this test")

    monkeypatch.setattr(client, "system_names", names)
    browser, ticket = cast.browser(cast.anna), cast.ticket()
    urls = hostile_urls(8025)
    urls = urls if full_size else urls[::3]
    answers: set[tuple[int, bytes]] = set()
    asked = 0
    for start in range(0, len(urls), A_MAIL):
        images = "".join(f'<img src="{escape(url)}" alt="x">' for url in urls[start : start + A_MAIL])
        cleaned = clean_html(f"<p>x</p>{images}")
        mail = add_received(
            ticket, by=TEST, contact=ticket.requester, channel="mail", trust="claimed",
            content=Content("x", html=cleaned.html, html_source="x", html_version=SANITISER_VERSION,
                            blocked_images=cleaned.remote_images),
        )  # fmt: skip
        browser.post(f"/desk/messages/{mail.pk}/images/", {"act": "show"})
        for image in tree(browser.get(f"/desk/messages/{mail.pk}/html/")).css("img[src]"):
            with monkeypatch.context() as patched:
                patched.setattr(socket.socket, "connect", note)
                response = browser.get(str(image.attributes["src"]))
            answers.add((response.status_code, response.content))
            asked += 1
    assert asked >= (80 if full_size else 50)
    assert begun == []
    assert len(answers) == 1 and answers.pop()[0] == 404
