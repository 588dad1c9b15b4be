"""The time spent on a ticket."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tresen.core.teamwork.models import TimeEntry
from tresen.core.teamwork.times import add_time
from tresen.spine.events.models import Event


def test_minutes_are_written_down_summed_mended_and_taken_away(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    add_time(ticket, agent=cast.piotr, minutes=50, by=TEST)
    address = f"/desk/tickets/{ticket.number}/time/"
    context = anna.post(address, {"minutes": "15", "note": "On the phone"}, headers=HTMX)
    assert "1 h 05 min" in words(tree(context).css_first("#time-spent"))
    mine = TimeEntry.objects.get(agent=cast.anna)
    page = tree(anna.get(address))
    assert "Piotr Wieczorek 50 min, Anna Kowalczyk 15 min" in words(page)
    assert len(page.css(".times form")) == 1
    anna.post(f"/desk/time/{mine.pk}/", {"minutes": "20", "note": "On the phone"})
    assert TimeEntry.objects.get(pk=mine.pk).minutes == 20
    anna.post(f"/desk/time/{mine.pk}/", {"what": "remove"})
    assert not TimeEntry.objects.filter(pk=mine.pk).exists()
    kinds = [e.kind for e in Event.objects.filter(kind__startswith="time.").order_by("pk")]
    assert kinds == ["time.added", "time.added", "time.changed", "time.removed"]


def test_nobody_mends_what_another_has_written_down(cast: Cast, anna: Client) -> None:
    entry = add_time(cast.ticket(), agent=cast.ada, minutes=50, by=TEST)
    assert anna.post(f"/desk/time/{entry.pk}/", {"minutes": "1"}).status_code == 403
    assert cast.browser(cast.piotr).post(f"/desk/time/{entry.pk}/", {"minutes": "1"}).status_code == 404
    entry.refresh_from_db()
    assert entry.minutes == 50


@pytest.mark.parametrize("minutes", ["0", "-1", "1441", "abc", "", "1.5", "٣"])
def test_minutes_that_cannot_be_are_refused_and_the_note_is_kept(cast: Cast, anna: Client, minutes: str) -> None:
    ticket = cast.ticket()
    data = {"minutes": minutes, "note": "On the phone"}
    refused = anna.post(f"/desk/tickets/{ticket.number}/time/", data, headers=HTMX)
    assert refused.status_code == 422
    assert tree(refused).css_first("#time-note").attributes["value"] == "On the phone"
    assert not TimeEntry.objects.exists()
