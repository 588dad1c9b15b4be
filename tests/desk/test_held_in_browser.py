"""Two agents in two browsers answer the same ticket: one is held back, sees the other's answer, and loses nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tresen.core.tickets.models import Message, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_agents_answer_and_nobody_answers_over_the_other(cast: Cast, page: Any, chromium: Any) -> None:
    cast.piotr.teams.add(cast.netz)
    ticket = cast.ticket()
    session = Client()
    session.force_login(cast.piotr.user)
    where = f"/desk/tickets/{ticket.number}/"
    page.goto(where)
    page.wait_for_selector("reply-composer:defined")
    page.fill("#reply-text", "Dear Carol, the file is attached.")
    page.wait_for_selector("#composer .forgot:has-text('speaks of an attachment')")
    page.wait_for_selector("#composer .saved:has-text('Saved')")
    base = page.url.split("/desk/")[0]
    context = chromium.new_context(base_url=base)
    context.add_cookies([{"name": "tresen", "value": session.cookies["tresen"].value, "url": base}])
    other = context.new_page()
    other.goto(where)
    other.wait_for_selector("reply-composer:defined")
    other.keyboard.press("r")
    other.keyboard.type("It was the gateway.")
    other.click("#composer .split summary")
    other.click("#composer .split button[value=solved]")
    other.wait_for_selector("#timeline li.reply:has-text('It was the gateway.')")
    context.close()
    page.focus("#reply-text")
    page.keyboard.press("Control+Enter")
    news = page.locator("#composer .news[role=alert]")
    news.locator("text=It was the gateway.").wait_for()
    assert "with your reply" in news.inner_text() and "Solved" in news.inner_text()
    assert page.input_value("#reply-text") == "Dear Carol, the file is attached."
    page.click("#composer [data-close-news]")
    assert page.evaluate("document.activeElement.id") == "reply-text"
    page.keyboard.press("Control+a")
    page.keyboard.type("As Piotr wrote.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply:has-text('As Piotr wrote.')")
    assert [m.author_name for m in Message.objects.filter(kind="reply").order_by("pk")] == [
        "Piotr Wieczorek",
        "Anna Kowalczyk",
    ]
    assert Ticket.objects.get(pk=ticket.pk).status_category == "waiting"
    assert page.faults == []
