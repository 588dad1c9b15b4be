"""Announcements at the desk: written, published, updated, ended, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import Cast, make_cast
from tresen.core.announcements.models import Announcement
from tresen.core.announcements.services import follow_the_clock
from tresen.core.people.models import Brand, Organisation, Role
from tresen.kit import clock
from tresen.spine.events.models import Event

TYPED = {
    "kind": "disturbance", "severity": "part", "language": "de", "begins_at": "2026-11-01T08:00", "ends_at": "",
    "title_de": "VPN bricht ab", "text_de": "Bitte https://lindhafen.example/zwei benutzen.",
    "title_pl": "VPN zrywa połączenie", "organisations": "", "problem": "", "version": "",
}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(cast: Cast) -> Client:
    return cast.browser(cast.ada)


def act(client: Client, row: Announcement, what: str) -> None:
    row.refresh_from_db()
    client.post(f"/desk/announcements/{row.pk}/state/", {"act": what, "version": row.version})
    row.refresh_from_db()


def test_a_disturbance_is_written_published_updated_and_over(cast: Cast, ada: Client) -> None:
    page = ada.post("/desk/announcements/new/", TYPED, follow=True).content.decode()
    row = Announcement.objects.get()
    assert row.state == "draft" and "VPN bricht ab" in page and "VPN zrywa połączenie" in page
    assert 'href="https://lindhafen.example/zwei"' in page
    act(ada, row, "publish")
    assert row.state == "active" and row.published_at
    there = f"/desk/announcements/{row.pk}/update/"
    wrong = ada.post(there, {"stage": "identified", "text_en": "A card is broken.", "version": row.version})
    assert wrong.status_code == 422 and b"A card is broken." in wrong.content and not row.updates.exists()
    said = {"stage": "identified", "text_de": "Eine Karte ist defekt.", "version": row.version}
    assert ada.post(there, said).status_code == 302
    late = ada.post(there, {**said, "text_de": "Und noch etwas."})
    assert late.status_code == 409 and b"Und noch etwas." in late.content and row.updates.count() == 1
    row.refresh_from_db()
    ada.post(there, {"stage": "solved", "text_de": "Es geht wieder.", "version": row.version})
    row.refresh_from_db()
    assert row.state == "over" and row.over_at
    row.refresh_from_db()
    ada.post(there, {"stage": "noticed", "text_de": "Leider doch nicht.", "version": row.version})
    row.refresh_from_db()
    assert row.state == "active" and row.over_at is None
    kinds = list(Event.objects.filter(stream_kind="announcement").order_by("pk").values_list("kind", flat=True))
    told = "created published updated resolved updated"
    assert kinds == [f"announcement.{kind}" for kind in told.split()]
    assert "Karte" not in str(list(Event.objects.values_list("changes", flat=True)))
    act(ada, row, "withdraw")
    assert row.state == "withdrawn"
    act(ada, row, "bring_back")
    assert row.state == "draft"


def test_nothing_is_overwritten_and_nothing_typed_is_lost(cast: Cast, ada: Client) -> None:
    ada.post("/desk/announcements/new/", TYPED)
    row = Announcement.objects.get()
    edit = f"/desk/announcements/{row.pk}/edit/"
    ada.post(edit, {**TYPED, "title_de": "Ihre", "version": 1})
    late = ada.post(edit, {**TYPED, "title_de": "Meine", "version": 1})
    row.refresh_from_db()
    assert late.status_code == 409 and row.title == "Ihre" and "Meine" in late.content.decode()
    assert ada.post(edit, {**TYPED, "title_de": "Meine", "version": row.version}).status_code == 302
    resting = Brand.objects.create(name="Resting", letters="R", is_active=False)
    active = Brand.objects.create(name="Awake", letters="W")
    twins = [Organisation.objects.create(name="Twin") for _time in range(2)]
    row.brands.set([resting])
    assert "Resting" in ada.get(edit).content.decode()
    row.refresh_from_db()
    unclear = {**TYPED, "brands": [resting.pk, active.pk], "organisations": "Twin", "version": row.version}
    told = ada.post(edit, unclear)
    assert told.status_code == 422 and "Several organisations are called “Twin”." in told.content.decode()
    row.organisations.set(twins[1:])
    assert ada.post(edit, unclear).status_code == 302
    assert list(row.organisations.all()) == twins[1:] and set(row.brands.all()) == {resting, active}
    wrong = ada.post(edit, {**TYPED, "title_de": "", "ends_at": "2026-10-01T08:00", "organisations": "Nowhere"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "Nowhere" in page
    none = ada.post(edit, {**TYPED, "title_de": "", "version": row.version + 1})
    assert none.status_code == 422 and "Write the title in the main language." in none.content.decode()


def test_planned_work_begins_and_ends_by_the_clock(cast: Cast, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    begin, end = now + timedelta(days=1), now + timedelta(days=2)
    moment = "%Y-%m-%dT%H:%M"
    ada.post("/desk/announcements/new/", {
        **TYPED, "kind": "planned_work", "begins_at": begin.strftime(moment), "ends_at": end.strftime(moment)
    })  # fmt: skip
    row = Announcement.objects.get()
    act(ada, row, "publish")
    assert row.state == "planned" and row.severity == ""
    for stage, then in (("solved", "over"), ("noticed", "planned")):
        said = {"stage": stage, "text_de": "Anders als gedacht.", "version": row.version}
        ada.post(f"/desk/announcements/{row.pk}/update/", said)
        row.refresh_from_db()
        assert row.state == then
    assert (
        ada.post(f"/desk/announcements/{row.pk}/state/", {"act": "publish", "version": "9" * 5000}).status_code == 404
    )
    for days, state in ((0, "planned"), (1.8, "active"), (4, "over"), (5, "over")):
        monkeypatch.setattr(clock, "now", lambda days=days: now + timedelta(days=days))
        follow_the_clock()
        row.refresh_from_db()
        assert row.state == state
    assert row.over_at == row.ends_at


def test_every_agent_reads_them_and_who_has_the_right_writes(cast: Cast, ada: Client) -> None:
    ada.post("/desk/announcements/new/", TYPED)
    row = Announcement.objects.get()
    anna = cast.browser(cast.anna)
    page = anna.get(f"/desk/announcements/{row.pk}/").content.decode()
    assert "VPN bricht ab" in page and "Publish" not in page
    assert anna.get("/desk/announcements/").status_code == 200
    assert anna.get("/desk/announcements/new/").status_code == 403
    assert anna.post(f"/desk/announcements/{row.pk}/state/", {"act": "publish", "version": 1}).status_code == 403
    assert Role.objects.get(key="team_lead").held & {"announce"}


def test_a_ticket_is_tied_to_what_is_known_from_its_page_and_while_it_is_taken_down(cast: Cast, ada: Client) -> None:
    ada.post("/desk/announcements/new/", TYPED)
    row, anna = Announcement.objects.get(), cast.browser(cast.anna)
    ticket = cast.ticket(subject="Remote access")
    there = f"/desk/tickets/{ticket.number}/"
    for path in (there, "/desk/new/", "/desk/views/mine/"):
        assert "VPN bricht ab" not in anna.get(path).content.decode()
    act(ada, row, "publish")
    page = anna.get(there).content.decode()
    assert "VPN bricht ab" in page and 'data-action="tie-known"' in page
    bar = anna.get("/desk/views/mine/").content.decode()
    assert "Disturbance: VPN bricht ab" in bar and f"/desk/announcements/{row.pk}/" in bar
    anna.post(f"{there}announcements/", {"announcement": row.pk, "act": "link"})
    assert "tied to this ticket" in anna.get(there).content.decode()
    figures = ada.get(f"/desk/announcements/{row.pk}/").content.decode()
    assert ticket.subject in figures and row.affected.get().contact == cast.carol
    assert f'name="ticket" value="{ticket.number}"' in figures and "Answer all with a macro" in figures
    chosen = ada.post("/desk/bulk/", {"ticket": ticket.number})
    assert chosen.status_code == 200 and ticket.number in chosen.content.decode()
    piotr = cast.browser(cast.piotr)
    assert piotr.post(f"{there}announcements/", {"announcement": row.pk}).status_code == 404
    assert ticket.subject not in piotr.get(f"/desk/announcements/{row.pk}/").content.decode()
    anna.post(f"{there}announcements/", {"announcement": row.pk, "act": "unlink"})
    assert not row.tickets.exists() and not row.affected.exists()
    form = anna.get("/desk/new/").content.decode()
    once = form.split('name="once" value="')[1].split('"')[0]
    typed = {"once": once, "contact": cast.dave.pk, "subject": "Cannot connect", "text": "By phone.", "known": row.pk,
             "channel": "phone", "impact": 1, "urgency": 2, "type": "incident"}  # fmt: skip
    made = anna.post("/desk/new/", typed)
    assert made.status_code == 302, made.content.decode()
    assert row.tickets.get().ticket.subject == "Cannot connect" and row.affected.get().contact == cast.dave
