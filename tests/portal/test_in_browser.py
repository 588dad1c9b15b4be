"""The portal in a real browser: forms behind a link arrive although its pages tell no referrer, files can be pasted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.portal.conftest import Counter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


PASTE = """field => {
    const bag = new DataTransfer();
    bag.items.add(new File(["png"], "pasted.png", {type: "image/png"}));
    field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: bag, bubbles: true, cancelable: true}));
}"""


def test_an_answer_behind_a_link_arrives_with_a_pasted_picture(
    counter: Counter, live_server: Any, chromium: Any
) -> None:
    ticket = counter.ticket()
    page = chromium.new_page(locale="en")
    leaks: list[str] = []
    page.on("request", lambda r: leaks.append(r.url) if not r.url.startswith((live_server.url, "data:")) else None)
    page.goto(live_server.url + counter.link(ticket))
    page.locator("textarea").fill("From the browser")
    page.locator("textarea").evaluate(PASTE)
    page.locator(".dropped li", has_text="pasted.png").wait_for()
    page.get_by_role("button", name="Send the message").click()
    page.get_by_text("Thank you, your message has arrived.").wait_for()
    message = ticket.messages.get(text="From the browser")
    assert [file.filename for file in message.attachments.all()] == ["pasted.png"]
    page.get_by_role("button", name="This solved it").click()
    page.get_by_text("We are glad that it is solved.").wait_for()
    ticket.refresh_from_db()
    assert (ticket.status_category, leaks) == ("solved", [])
    page.close()


def test_without_a_script_the_same_works(counter: Counter, live_server: Any, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{live_server.url}/requests/new/")
    for name, value in {"name": "Erika", "email": "e@firma.example", "subject": "Silent", "text": "No sound"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Send the request").click()
    page.get_by_role("link", name="See my request").click()
    page.locator("textarea").fill("It works again")
    page.get_by_role("button", name="This solved it").click()
    assert "Done" in page.locator(".stand h2").inner_text()
    context.close()
