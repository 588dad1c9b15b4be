"""The ticket page: what an agent sees of a ticket, and who sees nothing at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import PASSWORD, TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tresen.core.people.models import User
from tresen.core.people.services import note_absence
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, ReadMark, Ticket
from tresen.core.tickets.services import add_note, add_reply, update_ticket
from tresen.faces.desk.ticket import reading
from tresen.spine.events.actors import Actor


def test_received_reply_and_note_are_told_apart_in_words(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(text="The tunnel breaks every 20 minutes.")
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content("We are on it."))
    add_note(ticket, by=TEST, agent=cast.piotr, content=Content("Same as in March."))
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    received, reply, note = (words(page.css_first(f"li.entry.{kind}")) for kind in ("received", "reply", "note"))
    assert "The tunnel breaks" in received and "by mail" in received
    assert "We are on it." in reply and "reply to Carol" in reply and "queued" in reply
    assert "Internal note" in note and "for colleagues only" in note and "Same as in March." in note


def test_the_pane_is_the_same_fragment_as_in_the_page(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    address = f"/desk/tickets/{ticket.number}/"
    whole, pane = anna.get(address), anna.get(address, headers=HTMX)
    assert "<html" in whole.content.decode() and "<html" not in pane.content.decode()
    assert words(tree(whole).css_first("#ticket")) == words(tree(pane).css_first("#ticket"))


@pytest.mark.parametrize("spelling", ["{0} {1}-{2}", "{0}{1}{2}", "#{0}{1}{2}", "{0} {1} {2}"])
def test_a_number_as_it_is_spoken_leads_to_its_ticket(cast: Cast, anna: Client, spelling: str) -> None:
    number = cast.ticket().number
    typed = spelling.format(number[0].lower(), number[1:-1], number[-1])
    response = anna.get(f"/desk/tickets/{typed.replace('#', '%23')}/")
    assert response.status_code == 302
    assert response["Location"] == f"/desk/tickets/{number}/"


def test_the_ticket_of_another_team_answers_like_an_unknown_one(cast: Cast) -> None:
    ticket = cast.ticket()
    piotr = cast.browser(cast.piotr)
    foreign, unknown = piotr.get(f"/desk/tickets/{ticket.number}/"), piotr.get("/desk/tickets/T999999/")
    assert foreign.status_code == unknown.status_code == 404
    assert words(tree(foreign).body) == words(tree(unknown).body)
    assert len(foreign.content) == len(unknown.content)


def test_nobody_is_led_to_sign_in_and_back(cast: Cast) -> None:
    ticket = cast.ticket()
    response = Client().get(f"/desk/tickets/{ticket.number}/?all=1")
    assert response.status_code == 302
    assert response["Location"] == f"/sign-in/?next=%2Fdesk%2Ftickets%2F{ticket.number}%2F%3Fall%3D1"
    assert Client().get(f"/desk/tickets/{ticket.number}/", headers=HTMX).status_code == 401


def test_a_customer_finds_no_desk(cast: Cast) -> None:
    user = User(email="carol@faehrholm.example", name="Carol")
    user.set_password(PASSWORD)
    user.save()
    cast.carol.user = user
    cast.carol.save()
    client = Client()
    client.force_login(user)
    assert client.get(f"/desk/tickets/{cast.ticket().number}/").status_code == 404
    assert client.get("/desk/new/").status_code == 404


def test_quoted_history_is_folded(cast: Cast, anna: Client, received: Callable[..., Message]) -> None:
    ticket = cast.ticket()
    received(ticket, "Now the office too.\n\nOn Monday Anna wrote:\n> We are on it.", reply_text="Now the office too.")
    entry = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css("li.entry.received")[1]
    assert words(entry.css_first(".text > p")) == "Now the office too."
    assert "We are on it." in words(entry.css_first("details.quote blockquote"))


def test_a_very_long_text_is_cut_and_leads_to_all_of_it(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(text="a" * 30_000 + "THE END")
    message = ticket.messages.get()
    page = anna.get(f"/desk/tickets/{ticket.number}/").content.decode()
    assert "THE END" not in page
    assert f"/desk/messages/{message.pk}/original/#text" in page
    assert "THE END" in anna.get(f"/desk/messages/{message.pk}/original/").content.decode()


def test_changes_between_messages_are_folded_into_one_line(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    anna.post(f"/desk/tickets/{ticket.number}/change/", {"field": "impact", "value": "3"})
    anna.post(f"/desk/tickets/{ticket.number}/change/", {"field": "assignee", "value": "me"})
    tail = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#timeline-tail")
    assert words(tail.css_first("summary")).startswith("Anna Kowalczyk: Priority: Normal → High, 2 more changes")
    assert "taken over" in words(tail.css("ul > li")[-1])


def test_markup_in_texts_names_and_subjects_stays_text(cast: Cast, anna: Client) -> None:
    cast.carol.name = "<b>Carol</b>"
    cast.carol.save()
    ticket = cast.ticket(subject="<script>alert(1)</script>", text='<img src=x onerror=alert(1)> https://a.example/"x')
    page = anna.get(f"/desk/tickets/{ticket.number}/").content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page and "<b>Carol" not in page
    assert '<a href="https://a.example/" target="_blank" rel="noopener noreferrer nofollow">' in page


def test_only_the_newest_of_many_messages_are_shown_at_first(
    cast: Cast, anna: Client, received: Callable[..., Message]
) -> None:
    ticket = cast.ticket(text="the very first")
    for number in range(62):
        received(ticket, f"message {number}")
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    assert len(page.css("li.entry")) == 60
    assert page.css_first("#timeline a.linkish").text() == "Show 3 earlier messages"
    assert len(tree(anna.get(f"/desk/tickets/{ticket.number}/?all=1")).css("li.entry")) == 63


def test_however_many_messages_there_are_a_page_shows_so_many_and_leads_on_by_key(
    cast: Cast, anna: Client, received: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "NEWEST_MESSAGES", 2)
    monkeypatch.setattr(reading, "MORE_MESSAGES", 4)
    ticket = cast.ticket(text="message 0.")
    for number in range(1, 4):
        received(ticket, f"message {number}.")
    update_ticket(ticket, by=Actor.agent(cast.anna), set={"subject": "Renamed early"})
    for number in range(4, 11):
        received(ticket, f"message {number}.")
    place, seen = f"/desk/tickets/{ticket.number}/", []
    first = tree(anna.get(place))
    assert [words(a) for a in first.css("#timeline > li > a.linkish")] == ["Show 9 earlier messages"]
    assert "Renamed early" not in words(first.css_first("#timeline"))
    next_place = first.css_first("#timeline a.linkish").attributes["href"]
    while next_place:
        with CaptureQueriesContext(connection) as queries:
            page = tree(anna.get(next_place))
        (drawn,) = [q["sql"] for q in queries if "shown_reply" in q["sql"]]
        assert "COUNT(" not in drawn, "what is before is counted once, not for each message"
        seen.append(re.findall(r"message (\d+)\.", words(page.css_first("#timeline"))))
        links = {words(a): a.attributes["href"] for a in page.css("#timeline > li > a.linkish")}
        assert links.pop("Show the newest messages", place if len(seen) == 1 else "") == place
        next_place = next(iter(links.values()), None)
        assert ("Subject" in words(page.css_first("#timeline"))) == (len(seen) == 2), "events stand where they were"
    assert seen == [["7", "8", "9", "10"], ["3", "4", "5", "6"], ["0", "1", "2"]]
    for odd in ("x", "-1", "9" * 30, "\0", "\u00b2"):
        assert anna.get(place, {"all": "1", "before": odd}).status_code == 200


def test_the_context_tells_about_the_requester_and_his_other_tickets(cast: Cast, anna: Client) -> None:
    old, hidden = cast.ticket(subject="Printer"), cast.ticket(subject="Salary list", team=cast.orders)
    ticket = cast.ticket(follows=old, follows_reason="possible")
    printing = create_category(names={"en": "Printing"}, by=TEST)
    Ticket.objects.update(category=printing)
    cast.carol.notes = "Call before 15:00."
    cast.carol.save()
    context = words(tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#context"))
    assert "carol@faehrholm.example" in context and "Fährholm Logistik" in context
    assert "Call before 15:00." in context
    assert "2 tickets this year. 2 of them about Printing." in context
    assert "Printer" in context and "this may continue it" in context
    assert "Salary list" not in context and hidden.shown_number not in context


def test_an_unconfirmed_address_is_marked(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(is_unconfirmed=True, trust="anonymous")
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    assert "address not confirmed" in words(page.css_first("#t-head"))
    assert "address not confirmed" in words(page.css_first("li.entry.received"))


def test_what_was_read_is_marked_by_a_request_of_its_own_and_never_moves_back(
    cast: Cast, anna: Client, received: Callable[..., Message]
) -> None:
    ticket = cast.ticket()
    second, other = received(ticket), cast.ticket().messages.get()
    address = f"/desk/tickets/{ticket.number}/"
    assert len(tree(anna.get(address)).css("li.is-new")) == 2
    assert not ReadMark.objects.exists()
    for seen in (second.pk, second.pk - 1, other.pk, "x", "9" * 30):
        assert anna.post(f"{address}read/", {"message": str(seen)}).status_code == 204
    assert ReadMark.objects.get().message_id == second.pk
    assert tree(anna.get(address)).css("li.is-new") == []


def test_the_status_of_the_moment_is_offered_even_when_it_is_out_of_use(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    ticket.status.is_active = False
    ticket.status.save()
    assert value_slugs(anna, ticket.number)[0] == ticket.status.slug
    update_ticket(ticket, by=TEST, set={"status": type(ticket.status).objects.default_of("open")})
    assert ticket.status.slug not in value_slugs(anna, ticket.number)


def value_slugs(client: Client, number: str) -> list[str | None]:
    """The statuses that the head offers."""
    page = tree(client.get(f"/desk/tickets/{number}/"))
    menu = page.css_first("#prop-status").parent
    assert menu is not None
    return [button.attributes["value"] for button in menu.css("button.item")]


def test_an_absence_is_shown_until_its_last_day(cast: Cast, anna: Client) -> None:
    ticket, today = cast.ticket(), timezone.localdate()
    for until, is_shown in ((today + timedelta(days=2), True), (today - timedelta(days=2), False)):
        note_absence(ticket.requester, until=until, by=TEST)
        panel = words(tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#context"))
        assert ("Away until" in panel) is is_shown
