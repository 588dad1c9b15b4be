"""Sending a request: what arrives, what is said, what is kept when something is wrong."""

from __future__ import annotations

from tests.portal.conftest import Counter, send

from tresen.core.tickets.models import Ticket

ASKED = {
    "name": "Erika Muster", "email": "erika@firma.example", "subject": "Printer is silent",
    "text": "It does not print since this morning.", "reach": "several",
}  # fmt: skip


def test_a_request_without_account_becomes_a_numbered_ticket(counter: Counter, browser) -> None:
    answer = send(browser, "/requests/new/", **ASKED)
    assert (answer.status_code, answer["Location"]) == (302, "/requests/sent/"), answer.content.decode()
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.channel, ticket.is_unconfirmed) == ("Printer is silent", "web", True)
    assert (ticket.impact, ticket.urgency, ticket.requester.name) == (2, 2, "Erika Muster")
    assert ticket.messages.get().trust == "anonymous"
    page = browser.get("/requests/sent/").content.decode()
    assert ticket.shown_number in page
    page = browser.get(f"/requests/{ticket.number}/")
    assert "It does not print since this morning." in page.content.decode()
