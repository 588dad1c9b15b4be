"""`@name` in a note asks a colleague for his part, until he says that it is done."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tests.desk.test_list_views import counts, subjects
from tresen.core.people.models import Agent, Team, User
from tresen.core.teamwork.models import Mention
from tresen.core.teamwork.reactions import read_mentions
from tresen.core.tickets.choices import Channel
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Participant, Ticket
from tresen.core.tickets.services import add_note, add_participant
from tresen.spine.events.models import Event


def note(cast: Cast, ticket: Ticket, text: str, **more: str) -> None:
    """A note of Anna's."""
    add_note(ticket, by=TEST, agent=cast.anna, content=Content(text), **more)


def test_a_called_colleague_finds_the_ticket_among_his_mentions_and_says_when_his_part_is_done(cast: Cast) -> None:
    ticket = cast.ticket(team=None)
    anna, piotr = cast.browser(cast.anna), cast.browser(cast.piotr)
    anna.post(
        f"/desk/tickets/{ticket.number}/write/", {"kind": "note", "note_text": "@Piotr your part please, @ada too"}
    )
    assert counts(piotr)["mentions"] == "1" and counts(anna)["mentions"] == "0"
    assert subjects(piotr, "/desk/views/mentions/") == ["VPN"]
    page = piotr.get(f"/desk/tickets/{ticket.number}/")
    assert "You are asked for your part here." in words(tree(page))
    assert [node.text() for node in tree(page).css(".entry.note .mention")] == ["@Piotr", "@ada"]
    done = piotr.post(f"/desk/tickets/{ticket.number}/my-part/", headers=HTMX)
    assert "You are asked" not in done.content.decode()
    assert counts(piotr)["mentions"] == "0" and counts(cast.browser(cast.ada))["mentions"] == "1"
    assert "Piotr Wieczorek: own part done" in words(tree(piotr.get(f"/desk/tickets/{ticket.number}/")))


def test_who_does_not_see_the_ticket_may_see_it_once_he_is_called(cast: Cast) -> None:
    ticket = cast.ticket()
    piotr = cast.browser(cast.piotr)
    assert piotr.get(f"/desk/tickets/{ticket.number}/").status_code == 404
    note(cast, ticket, "@piotr, do you know this router?")
    assert piotr.get(f"/desk/tickets/{ticket.number}/").status_code == 200
    assert Participant.objects.get(ticket=ticket, agent=cast.piotr).role == "collaborator"
    assert "added: Piotr Wieczorek (collaborator)" in words(tree(piotr.get(f"/desk/tickets/{ticket.number}/")))


def test_before_the_note_is_kept_one_reads_who_will_see_the_ticket(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    said = anna.post(f"/desk/tickets/{ticket.number}/calls/", {"text": "@piotr and @ada"}).json()["said"]
    assert said.startswith("Asked for their part: Piotr Wieczorek, Ada Berg.")
    assert "Piotr Wieczorek does not see this ticket yet" in said and "Ada Berg does" not in said
    assert anna.post(f"/desk/tickets/{ticket.number}/calls/", {"text": "nobody"}).json() == {"said": ""}
    page = anna.get(f"/desk/tickets/{ticket.number}/").content.decode()
    assert "sees this ticket from then on" in page
    assert cast.browser(cast.piotr).post(f"/desk/tickets/{ticket.number}/calls/", {"list": 1}).status_code == 404


def test_a_team_is_asked_once_and_whoever_does_it_has_done_it_for_all(cast: Cast) -> None:
    ticket = cast.ticket()
    cast.ada.teams.add(cast.orders)
    note(cast, ticket, "@Orders, is the spare part in stock?")
    assert counts(cast.browser(cast.piotr))["mentions"] == counts(cast.browser(cast.ada))["mentions"] == "1"
    cast.browser(cast.ada).post(f"/desk/tickets/{ticket.number}/my-part/")
    assert counts(cast.browser(cast.piotr))["mentions"] == "0"


def test_the_writer_of_a_note_is_not_asked_by_himself(cast: Cast) -> None:
    cast.anna.teams.add(cast.orders)
    note(cast, cast.ticket(), "@anna and @Orders")
    assert counts(cast.browser(cast.anna))["mentions"] == "0" and counts(cast.browser(cast.piotr))["mentions"] == "1"


def test_a_note_that_came_by_mail_calls_nobody(cast: Cast) -> None:
    note(cast, cast.ticket(), "> @piotr wrote", channel=Channel.MAIL)
    assert not Mention.objects.exists()


def test_who_left_the_desk_is_not_called(cast: Cast) -> None:
    cast.piotr.user.is_active = False
    cast.piotr.user.save()
    note(cast, cast.ticket(), "@piotr")
    assert not Mention.objects.exists() and not Participant.objects.filter(agent=cast.piotr).exists()


def test_read_twice_a_note_asks_once(cast: Cast) -> None:
    ticket = cast.ticket()
    note(cast, ticket, "@piotr")
    read_mentions(Event.objects.get(kind="note.added"))
    assert Mention.objects.count() == 1 and Event.objects.filter(kind="participant.added").count() == 1


@pytest.mark.parametrize("text", ["@piotr <b>x</b>", "see https://x.example/@piotr @piotr T204187"])
def test_a_marked_name_is_the_only_thing_added_to_the_text(cast: Cast, anna: Client, text: str) -> None:
    ticket = cast.ticket()
    note(cast, ticket, text)
    entry = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first(".entry.note .text")
    assert text in words(entry) and entry.css_first("b") is None and len(entry.css(".mention")) == 1


def large_team(cast: Cast, members: int) -> Team:
    """A team that does not see the tickets of Netz."""
    team = Team.objects.create(name=f"Field {members}", slug=f"field{members}")
    users = User.objects.bulk_create(User(email=f"f{members}.{n}@x.example", name=f"F {n:03}") for n in range(members))
    agents = Agent.objects.bulk_create(Agent(user=user) for user in users)
    Agent.teams.through.objects.bulk_create(Agent.teams.through(agent=agent, team=team) for agent in agents)
    return team


def test_a_call_of_a_large_team_asks_no_more_of_the_database(cast: Cast, anna: Client) -> None:
    counts = []
    anna.get("/desk/")
    for members in (3, 60):
        ticket, team = cast.ticket(), large_team(cast, members)
        with CaptureQueriesContext(connection) as asked:
            note(cast, ticket, f"@{team.name}, who is near?")
        with CaptureQueriesContext(connection) as previewed:
            said = anna.post(f"/desk/tickets/{ticket.number}/calls/", {"text": f"@{team.name} @piotr"}).json()["said"]
        counts.append((len(asked), len(previewed)))
        assert Participant.objects.filter(ticket=ticket, agent__teams=team).count() == members
        assert "Piotr Wieczorek does not see this ticket yet" in said
    assert counts[0] == counts[1]
    added = Event.objects.filter(kind="participant.added").last()
    assert added and added.changes["name"] == "Field 60" and len(added.changes["agents"]) == 60


def test_colleagues_take_no_place_of_people_from_outside_and_who_is_left_out_is_named(
    cast: Cast, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tresen.core.teamwork.mentions.MOST_COLLEAGUES", 50)
    ticket, team = cast.ticket(), large_team(cast, 60)
    before = anna.post(f"/desk/tickets/{ticket.number}/calls/", {"text": f"@{team.name}"}).json()["said"]
    assert "F 000, F 001, F 002, F 003, F 004 and 45 more do not see this ticket yet" in before
    assert "F 050, F 051, F 052, F 053, F 054 and 5 more will not see it" in before
    kept = anna.post(
        f"/desk/tickets/{ticket.number}/write/", {"kind": "note", "note_text": f"@{team.name}"}, headers=HTMX
    )
    assert "F 050, F 051, F 052, F 053, F 054 and 5 more will not see it" in kept.headers["HX-Trigger"]
    assert ticket.participants.exclude(agent=None).count() == 50
    add_participant(ticket, by=TEST, contact=cast.dave)
    assert ticket.participants.filter(contact=cast.dave).exists()
