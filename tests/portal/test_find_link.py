"""The link is lost: it goes to its owner's mailbox, and nobody else learns whether there is one."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.test import Client

from tests.portal.conftest import MAIL, Counter, send, status
from tresen.channels.mail.models import RawMail
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.people.models import Identity
from tresen.core.people.services import add_identity
from tresen.core.tickets.services import update_ticket
from tresen.faces.portal.find_link.mail import open_requests
from tresen.kit import clock
from tresen.spine.jobs.worker import drain

ASK = "/requests/link/"


@pytest.fixture(autouse=True)
def _empty_folder() -> Iterator[None]:
    for path in mails():
        path.unlink()
    yield


def mails() -> list[Path]:
    folder = outgoing_folder() / "new"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def texts() -> list[str]:
    """What left, without the confirmations of receipt."""
    drain()
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in mails()]
    return [f"{m['To']}\n{m['Subject']}\n{m.get_body(('plain',)).get_content()}" for m in found
            if "[#" not in str(m["Subject"])]  # fmt: skip


def test_fresh_links_go_to_the_stored_address(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket("VPN drops")
    answer = send(browser, ASK, email="CAROLA@kunde.example")
    assert answer["Location"] == "/requests/link/sent/"
    (text,) = texts()
    assert text.startswith("carola@kunde.example\nThe links to your requests")
    assert "VPN drops" in text and ticket.shown_number in text
    path = re.search(r"http://[^/\s]+(/t/\S+/)", text)
    assert path and browser.get(path[1]).status_code == 200


def test_an_unknown_address_gets_the_same_answer_and_no_mail(counter: Counter, browser: Client) -> None:
    counter.ticket()
    answers = [send(Client(enforce_csrf_checks=True), ASK, email=a) for a in ("carola@kunde.example", "x@y.example")]
    assert [(a.status_code, a["Location"], a.content) for a in answers] == [(302, "/requests/link/sent/", b"")] * 2
    assert len(texts()) == 1


def test_the_links_are_sent_once_an_hour(counter: Counter, browser: Client) -> None:
    counter.ticket()
    for _n in range(4):
        assert send(browser, ASK, email="carola@kunde.example").status_code == 302
        drain()
    assert len(texts()) == 1


def test_the_subject_of_an_unconfirmed_request_is_not_mailed(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket("Words of a stranger", is_unconfirmed=True)
    send(browser, ASK, email="carola@kunde.example")
    (text,) = texts()
    assert ticket.shown_number in text and "stranger" not in text


def test_an_address_nobody_has_confirmed_gets_one_automatic_mail_an_hour(counter: Counter, browser: Client) -> None:
    Identity.objects.update(verified_at=None)
    counter.ticket()  # its confirmation of receipt was the one mail
    send(browser, ASK, email="carola@kunde.example")
    assert texts() == []


def test_closed_requests_are_left_out(counter: Counter, browser: Client) -> None:
    update_ticket(counter.ticket("Over"), by=MAIL, set={"status": status("closed")})
    send(browser, ASK, email="carola@kunde.example")
    assert texts() == []


def test_too_many_tries_from_a_place_wait(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tresen.faces.portal.limits.LINKS_A_PLACE", 2)
    codes = [send(Client(enforce_csrf_checks=True), ASK, email=f"a{n}@b.example").status_code for n in range(3)]
    assert codes == [302, 302, 429]


def test_an_address_that_is_none_is_said_so(counter: Counter, browser: Client) -> None:
    answer = send(browser, ASK, email="nonsense")
    assert answer.status_code == 422 and "This is not a whole mail address" in answer.content.decode()


def test_an_address_that_an_agent_merely_typed_gets_no_links(counter: Counter, browser: Client) -> None:
    counter.ticket("For carola alone")
    add_identity(counter.carol, kind="mail", value="typo@elsewhere.example")
    send(browser, ASK, email="typo@elsewhere.example")
    assert texts() == []


def test_an_unverified_address_gets_the_links_of_what_was_asked_from_it(counter: Counter, browser: Client) -> None:
    counter.ticket("Asked from elsewhere", quiet=True)
    own = counter.ticket("Asked from here", quiet=True)
    add_identity(counter.carol, kind="mail", value="second@kunde.example")
    RawMail.objects.create(
        mailbox=counter.mailbox, source="smtp", raw=zlib.compress(b""), size=0, sha256="", received_at=clock.now(),
        sender="Second@kunde.example", ticket=own, message=own.messages.get(),
    )  # fmt: skip
    send(browser, ASK, email="second@kunde.example")
    (text,) = texts()
    assert "Asked from here" in text and "elsewhere" not in text


def test_who_asked_by_the_form_gets_the_link_again(counter: Counter, browser: Client) -> None:
    asked = {"name": "New", "email": "new@firma.example", "subject": "Mine", "text": "x", "reach": "me"}
    send(browser, "/requests/new/", **asked)
    found = Identity.objects.get(value="new@firma.example")
    add_identity(found.contact, kind="mail", value="typo@elsewhere.example")
    assert [open_requests(identity).count() for identity in found.contact.identities.order_by("pk")] == [1, 0]
