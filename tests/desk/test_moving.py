"""“This belongs elsewhere” on the ticket page: where to, who could then read it, and the way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import tree, words
from tresen.core.tickets.models import Message, Ticket

Received = Callable[..., Message]


@pytest.fixture
def message(cast: Cast, received: Received) -> Message:
    """Carol's second mail on her ticket, which is about something else."""
    why = {"rule": "message_id", "strength": "strong", "sender": "participant", "role": "requester", "verdict": "pass",
           "at": "2026-05-03T10:00:00+00:00"}  # fmt: skip
    return received(cast.ticket(), "And the printer?", why=why)


def test_every_received_message_says_why_it_is_there(anna: Client, message: Message) -> None:
    page = tree(anna.get(f"/desk/tickets/{message.ticket.number}/"))
    entry = words(page.css_first(f"#m{message.pk}"))
    assert "Reply to our mail of 3 May 2026; the sender is the requester." in entry
    assert page.css_first(f'#m{message.pk} a[href="/desk/messages/{message.pk}/move/"]')


@pytest.mark.parametrize(("language", "sentence"), [
    ("de", "Antwort auf unsere Mail vom 3. Mai 2026; der Absender ist der Anfragende."),
    ("pl", "Odpowiedź na naszą wiadomość z 3 maja 2026; nadawcą jest osoba zgłaszająca."),
])  # fmt: skip
def test_the_reason_is_told_in_the_agents_language(
    cast: Cast, anna: Client, message: Message, language: str, sentence: str
) -> None:
    cast.anna.user.language = language
    cast.anna.user.save()
    assert sentence in anna.get(f"/desk/tickets/{message.ticket.number}/").content.decode()


def test_a_message_is_moved_to_a_new_ticket_and_taken_back(anna: Client, message: Message) -> None:
    old = message.ticket
    response = anna.post(f"/desk/messages/{message.pk}/move/", {"to": "new"})
    new = Ticket.objects.exclude(pk=old.pk).get()
    assert response["Location"].startswith(f"/desk/tickets/{new.number}/?moved=")
    page = tree(anna.get(response["Location"]))
    assert "And the printer?" in words(page.css_first("#timeline"))
    back = page.css_first(".banner.moved form").attributes["action"]
    assert back
    assert anna.post(back)["Location"] == f"/desk/tickets/{old.number}/"
    message.refresh_from_db()
    assert message.ticket == old and not Ticket.objects.filter(pk=new.pk).exists()
    assert "back from" in words(tree(anna.get(f"/desk/tickets/{old.number}/")).css_first("#timeline"))
    again = anna.post(back)
    assert again.status_code == 302 and again["Location"] == "/desk/"


def test_the_senders_other_tickets_are_offered(cast: Cast, anna: Client, message: Message) -> None:
    other = cast.ticket(subject="Printer")
    page = tree(anna.get(f"/desk/messages/{message.pk}/move/"))
    assert page.css_first(f'button[name="to"][value="{other.number}"]')
    anna.post(f"/desk/messages/{message.pk}/move/", {"to": other.number})
    message.refresh_from_db()
    assert message.ticket == other


def test_who_could_then_read_it_is_said_before(cast: Cast, anna: Client, message: Message) -> None:
    daves = cast.ticket(subject="Printer", requester=cast.dave)
    form = {"number": f"{daves.shown_number}", "later": "1"}
    response = anna.post(f"/desk/messages/{message.pk}/move/", form)
    assert response.status_code == 409 and str(cast.dave) in words(tree(response).css_first(".banner.warn"))
    message.refresh_from_db()
    assert message.ticket != daves
    anna.post(f"/desk/messages/{message.pk}/move/", {"to": daves.number, "sure": "1", "later": "1"})
    message.refresh_from_db()
    assert message.ticket == daves


@pytest.mark.parametrize("typed", ["", "T999999", "nonsense", "own", "unseen", "\0"])
def test_a_number_that_is_none_changes_nothing(cast: Cast, anna: Client, message: Message, typed: str) -> None:
    unseen = cast.ticket(team=cast.orders)
    number = {"own": message.ticket.number, "unseen": unseen.number}.get(typed, typed)
    response = anna.post(f"/desk/messages/{message.pk}/move/", {"number": number})
    assert response.status_code == 422 and "no other ticket" in words(tree(response).css_first(".banner.bad"))
    message.refresh_from_db()
    assert message.ticket.number not in (unseen.number, "")


def test_a_move_is_not_taken_back_by_who_does_not_see_both_tickets(cast: Cast, anna: Client, message: Message) -> None:
    place = anna.post(f"/desk/messages/{message.pk}/move/", {"to": "new"})["Location"]
    back = tree(anna.get(place)).css_first(".banner.moved form").attributes["action"]
    Ticket.objects.exclude(pk=message.ticket_id).update(team=cast.orders)
    assert back and anna.post(back).status_code == 404
    assert cast.browser(cast.piotr).post(back).status_code == 404


def test_people_on_a_later_mail_are_offered_and_joined_by_a_click(cast: Cast, anna: Client, received: Received) -> None:
    boss = {"name": "Boss", "address": "boss@evil.example"}
    ticket = cast.ticket()
    message = received(ticket, "Look, boss.", why={"rule": "message_id", "offered": [boss], "reply_to": "x@y.example"})
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    entry = page.css_first(f"#m{message.pk}")
    assert "Boss" in words(entry.css_first(".offered")) and "x@y.example" in words(entry)
    assert page.css('#composer-to input[value="boss@evil.example"]') == []
    anna.post(f"/desk/tickets/{ticket.number}/people/add/", {"q": "boss@evil.example"})
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    assert page.css(f"#m{message.pk} .offered button[value='boss@evil.example']") == []
    assert page.css('#composer-to input[value="boss@evil.example"]')
