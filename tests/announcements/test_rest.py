"""Announcements over REST, and in the confirmation of receipt."""

from __future__ import annotations

import pytest

from tests.announcements.conftest import Announce, every_mail
from tests.cast import Cast, json, make_cast
from tests.portal.conftest import Counter
from tresen.core.people.models import Organisation

NEW = {"kind": "disturbance", "severity": "down", "language": "de", "titles": {"de": "Telefon tot"},
       "begins_at": "2026-11-20T08:00:00Z", "state": "published"}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_a_monitoring_system_announces_updates_and_ends(cast: Cast) -> None:
    calls = cast.calls(cast.ada)
    made = calls.post("/announcements", {**NEW, "organisations": [cast.faehrholm.pk]})
    row = json(made, 201)
    assert row["state"] == "active" and row["organisations"] == [{"id": cast.faehrholm.pk, "name": "Fährholm Logistik"}]
    there = f"/announcements/{row['id']}"
    assert json(calls.get(there), 200)["titles"] == {"de": "Telefon tot"} and made["Location"].endswith(there)
    old = calls.get(there)["ETag"]
    changed = json(calls.patch(there, {"titles": {"de": "Telefon geht nicht"}, "organisations": []}, if_match=old), 200)
    assert changed["titles"]["de"] == "Telefon geht nicht" and changed["organisations"] == []
    stale = json(calls.patch(there, {"severity": "part"}, if_match=old), 412)
    assert stale["current"]["titles"]["de"] == "Telefon geht nicht"
    assert calls.patch(there, {"state": "withdrawn"}, if_match=old).status_code == 412
    said = {"stage": "solved", "texts": {"de": "Geht wieder."}}
    assert json(calls.post(f"{there}/updates", said), 201)["stage"] == "solved"
    assert json(calls.get(f"{there}/updates"), 200)["items"][0]["texts"] == {"de": "Geht wieder."}
    assert json(calls.get("/announcements"), 200)["items"][0]["state"] == "over"


def test_what_is_wrong_is_named_and_who_may_not_is_refused(cast: Cast) -> None:
    calls = cast.calls(cast.ada)
    for more, field in (
        ({"titles": {"en": "x"}}, "titles"), ({"brands": [999]}, "brands"), ({"problem": "T999"}, "problem"),
        ({"ends_at": "2026-11-01T00:00:00Z"}, "ends_at"), ({"state": "over"}, "state"), ({"nothing": 1}, "nothing"),
        ({"begins_at": "2026-11-20T08:00:00"}, "begins_at"),
    ):  # fmt: skip
        errors = json(calls.post("/announcements", {**NEW, **more}), 400)["errors"]
        assert any(field in str(error) for error in errors), (more, errors)
    assert json(calls.get("/announcements"), 200)["items"] == []
    draft = json(calls.post("/announcements", {**NEW, "state": "draft"}), 201)
    there = f"/announcements/{draft['id']}"
    assert calls.post(f"{there}/updates", {"stage": "noticed", "texts": {"de": "x"}}).status_code == 409
    assert calls.patch(there, {"state": "draft"}).status_code == 409
    anna = cast.calls(cast.anna)
    assert anna.get(there).status_code == 200 and anna.patch(there, {"severity": "part"}).status_code == 403
    assert anna.post("/announcements", NEW).status_code == 403


def test_the_confirmation_of_receipt_says_what_is_known_and_for_him(counter: Counter, announce: Announce) -> None:
    club = Organisation.objects.create(name="Kunde")
    club.memberships.create(contact=counter.carol)
    row = announce()
    announce(titles={"en": "For members"}, organisations=[club])
    announce(titles={"en": "A draft"}, draft=True)
    announce(titles={"en": "Just news"}, kind="news")
    counter.ticket(text="My own words")
    counter.ticket(requester=counter.dave)
    mails = {str(mail["To"]): mail.get_body(("plain",)).get_content() for mail in every_mail()}  # type: ignore[union-attr]
    carol = next(text for to, text in mails.items() if "carola@" in to)
    dave = next(text for to, text in mails.items() if "dave@" in to)
    assert "VPN drops" in carol and f"/status/{row.pk}/" in carol and "For members" in carol
    assert "VPN drops" in dave and "For members" not in dave
    for text in mails.values():
        assert "A draft" not in text and "Just news" not in text and "My own words" not in text
