"""Following a ticket."""

from __future__ import annotations

from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree
from tests.desk.test_list_views import counts
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Participant
from tresen.core.tickets.services import add_note
from tresen.spine.events.models import Event


def test_one_key_follows_a_ticket_and_the_next_no_longer(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    address = f"/desk/tickets/{ticket.number}/follow/"
    followed = tree(anna.post(address, headers=HTMX))
    assert followed.css_first("#watch").attributes["aria-pressed"] == "true"
    assert counts(anna)["following"] == "1"
    anna.post(address)
    assert [e.kind for e in Event.objects.filter(kind__startswith="participant")] == ["participant.added"]
    anna.post(address, {"stop": "1"})
    assert counts(anna)["following"] == "0"


def test_following_moves_no_ticket_in_the_lists_and_holds_no_reply(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    anna.post(f"/desk/tickets/{ticket.number}/follow/")
    before = (ticket.version, ticket.updated_at)
    ticket.refresh_from_db()
    assert (ticket.version, ticket.updated_at) == before


def test_who_was_called_in_becomes_a_follower_by_the_same_key(cast: Cast) -> None:
    ticket = cast.ticket()
    add_note(ticket, by=TEST, agent=cast.anna, content=Content("@piotr?"))
    cast.browser(cast.piotr).post(f"/desk/tickets/{ticket.number}/follow/")
    assert Participant.objects.get(agent=cast.piotr).role == "follower"


def test_who_no_longer_follows_what_he_saw_only_by_that_is_led_away(cast: Cast) -> None:
    ticket = cast.ticket()
    add_note(ticket, by=TEST, agent=cast.anna, content=Content("@piotr?"))
    piotr = cast.browser(cast.piotr)
    answer = piotr.post(f"/desk/tickets/{ticket.number}/follow/", {"stop": "1"})
    assert answer.status_code == 302 and answer["Location"] == "/desk/"
    assert piotr.get(f"/desk/tickets/{ticket.number}/").status_code == 404
