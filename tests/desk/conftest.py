"""The cast at the desk, and short words for reading its pages."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.cast import TEST, Cast, make_cast
from tresen.channels.mail.models import Mailbox, RawMail
from tresen.core.people.models import Contact
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.services import add_received
from tresen.kit import clock

HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast(db: None) -> Cast:
    """Two teams, two organisations, their people (tests/cast.py)."""
    return make_cast()


@pytest.fixture
def anna(cast: Cast) -> Client:
    """A browser in which anna of team Netz is signed in."""
    return cast.browser(cast.anna)


@pytest.fixture
def received() -> Callable[..., Message]:
    """Writes a message of a contact on a ticket."""

    def write(ticket: Ticket, text: str = "Still broken.", contact: Contact | None = None, **more: Any) -> Message:
        names = {"html", "html_version", "html_source", "reply_text", "blocked_images"}
        content = Content(text, **{name: more.pop(name) for name in names & set(more)})
        more = {"channel": "mail", "trust": "claimed", **more}
        return add_received(ticket, by=TEST, contact=contact or ticket.requester, content=content, **more)

    return write


@pytest.fixture
def file() -> Callable[..., Attachment]:
    """Puts a file on a message."""

    def put(message: Message, name: str, data: bytes, **more: Any) -> Attachment:
        row = prepare_file([data], filename=name, **more)
        row.message = message
        row.save()
        return row

    return put


@pytest.fixture
def raw_mail(cast: Cast) -> Callable[..., RawMail]:
    """The mail from which a message was made."""

    def keep(message: Message, raw: bytes) -> RawMail:
        mailbox = Mailbox.objects.get_or_create(address="support@lindhafen.example", defaults={"brand": cast.brand})[0]
        return RawMail.objects.create(
            mailbox=mailbox, source="smtp", raw=zlib.compress(raw), size=len(raw), sha256="0" * 64,
            received_at=clock.now(), outcome="reply", message=message, ticket=message.ticket,
        )  # fmt: skip

    return keep


@pytest.fixture
def page(cast: Cast, chromium: Any, live_server: Any) -> Iterator[Any]:
    """Anna’s page; its console told `page.complaints`, nobody caught `page.faults`, no answer had `page.refused`."""
    session = Client()
    session.force_login(cast.anna.user)
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1300, "height": 900}, has_touch=True)
    context.add_cookies([{"name": "tresen", "value": session.cookies["tresen"].value, "url": live_server.url}])
    made = context.new_page()
    made.complaints, made.faults, made.refused, made.waiting = [], [], [], []
    made.on("console", lambda line: made.complaints.append(line.text) if line.type == "error" else None)
    made.on("pageerror", lambda fault: (made.complaints.append(str(fault)), made.faults.append(str(fault))))
    made.on("response", lambda got: made.refused.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    made.on("requestfailed", lambda asked: made.refused.append(f"{asked.failure} {asked.url}"))
    made.on("request", lambda asked: made.waiting.append(asked.url))
    for end in ("requestfinished", "requestfailed"):
        made.on(end, lambda asked: made.waiting.remove(asked.url) if asked.url in made.waiting else None)
    yield made
    context.close()


def tree(response: Any) -> LexborHTMLParser:
    """The parsed page."""
    return LexborHTMLParser(response.content.decode().replace("<wbr>", ""))


def words(node: Any) -> str:
    """The text of an element, blanks joined."""
    return " ".join(node.text(separator=" ").split())


def value(page: LexborHTMLParser, selector: str) -> str:
    """The value of a form control."""
    node = page.css_first(selector)
    assert node is not None, selector
    return node.attributes.get("value") or ""
