"""S20: a personal link goes to nobody whom a colleague of another team has put beside the person it is for (P4, P7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.cast import TEST, Cast, json, make_cast
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.people.services import update_contact, verify_mail
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_participant, add_reply
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

OWN, OTHER = "carol@faehrholm.example", "piotr.private@elsewhere.example"
REASON = "This contact is on tickets that you do not see."


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def left(act: Callable[[], object]) -> tuple[str, str]:
    """To whom the one mail leaves that follows from this, and its text."""
    folder = outgoing_folder() / "new"
    before = set(folder.iterdir()) if folder.is_dir() else set()
    act()
    drain()
    (path,) = set(folder.iterdir()) - before
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    return str(mail["To"]), str(body.get_content()) if body else ""


def reply_to(cast: Cast, ticket: Ticket) -> tuple[str, str]:
    content = Content("Here is your new password.")
    return left(lambda: add_reply(ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=content))


def as_requester(cast: Cast) -> None:
    cast.ticket()


def as_participant(cast: Cast) -> None:
    add_participant(cast.ticket(requester=cast.dave), by=TEST, contact=cast.carol)


@pytest.mark.parametrize("on_a_ticket", [as_requester, as_participant])
def test_s20_addresses_are_changed_by_who_sees_all_tickets(cast: Cast, on_a_ticket) -> None:  # type: ignore[no-untyped-def]
    on_a_ticket(cast)
    path = f"/contacts/{cast.carol.pk}"
    for mails in ([OTHER, OWN], [OWN, OTHER], [OTHER], []):
        refused = json(cast.calls(cast.piotr).patch(path, {"emails": mails}), 403)
        assert refused["detail"].startswith(REASON)
    assert [i.value for i in cast.carol.identities.all()] == [OWN]
    assert cast.calls(cast.piotr).patch(path, {"emails": [OWN], "notes": "calls late"}).status_code == 200
    assert cast.calls(cast.anna).patch(path, {"emails": [OWN, "carol@home.example"]}).status_code == 200
    assert cast.calls(cast.ada).patch(path, {"emails": [OWN]}).status_code == 200


def test_s20_the_desk_shows_them_and_says_why_they_stay(cast: Cast) -> None:
    cast.ticket()
    piotr, path = cast.browser(cast.piotr), f"/desk/contacts/{cast.carol.pk}/edit/"
    page = LexborHTMLParser(piotr.get(path).content.decode())
    field = page.css_first("textarea[name=mails]")
    assert "disabled" in field.attributes and field.text().strip() == OWN and REASON in page.text()
    version = page.css_first("input[name=version]").attributes["value"]
    sent = {"name": "Carol B.", "mails": f"{OTHER}\n{OWN}", "version": version}
    assert piotr.post(path, sent).status_code == 302
    cast.carol.refresh_from_db()
    assert (cast.carol.name, [i.value for i in cast.carol.identities.all()]) == ("Carol B.", [OWN])
    assert REASON not in cast.browser(cast.anna).get(path).content.decode()
    again = piotr.post(path, sent | {"name": "Carola"})  # the version is old by now
    assert again.status_code == 409 and OTHER not in again.content.decode()


def test_s20_an_added_address_gets_no_link_until_it_is_verified(cast: Cast) -> None:
    update_contact(cast.carol, set={"mails": [OTHER, OWN]}, by=Actor.agent(cast.piotr))
    ticket = cast.ticket()
    to, text = reply_to(cast, ticket)
    assert OTHER in to and not re.search(r"/t/", text)
    verify_mail(cast.carol, address=OTHER, by=TEST)
    assert re.search(r"/t/[\w-]{20,}/", reply_to(cast, ticket)[1])


def test_s20_the_only_address_gets_one(cast: Cast) -> None:
    to, text = reply_to(cast, cast.ticket())
    assert OWN in to and re.search(r"/t/[\w-]{20,}/", text)


def test_s20_the_confirmation_of_receipt_speaks_of_no_link_then(cast: Cast) -> None:
    Mailbox.objects.update(acknowledges=True)
    update_contact(cast.carol, set={"mails": [OTHER, OWN]}, by=Actor.agent(cast.piotr))
    text = left(lambda: cast.ticket())[1]
    assert "/t/" not in text and "Here you can follow it" not in text and "Its number is" in text
