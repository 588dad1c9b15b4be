"""The very first page of a desk."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast
from tresen.channels.mail.models import Mailbox
from tresen.core.calendars.models import Calendar
from tresen.core.people.accounts import open_first_run
from tresen.core.people.models import Agent, Brand, FirstRun, Role, Team, User

DAYS = ("mon", "tue", "wed", "thu", "fri")


def answers(code: str, **more: str) -> dict[str, str]:
    hours = {f"hours-{day}": "8-12, 13:00–17.30" for day in DAYS}
    return {
        "code": code, "name": "Ada Berg", "email": "ada@lindhafen.example", "password": "lange-leitung-77",
        "again": "lange-leitung-77", "language": "de", "timezone": "Europe/Berlin", "brand": "Lindhafen IT",
        "letters": "li", "mailbox": "hilfe@lindhafen.example", "team": "Service desk", **hours, **more,
    }  # fmt: skip


@pytest.mark.parametrize("door", ["/", "/desk/", "/settings/", "/sign-in/"])
def test_the_doors_of_an_empty_desk_lead_to_it(db: None, door: str) -> None:
    answer = Client().get(door)
    assert (answer.status_code, answer.url) == (302, "/first-run/")


def test_one_page_makes_a_desk_that_works(db: None) -> None:
    client = Client()
    code = open_first_run()
    assert client.get(f"/first-run/?code={code}").status_code == 200
    answer = client.post("/first-run/", answers(code))
    assert (answer.status_code, answer.url) == (302, "/desk/")
    ada, brand, team, mailbox = Agent.objects.get(), Brand.objects.get(), Team.objects.get(), Mailbox.objects.get()
    assert (ada.role_id, ada.user.language, list(ada.teams.all())) == (Role.ADMIN, "de", [team])
    assert (brand.letters, brand.is_default, brand.name) == ("LI", True, "Lindhafen IT")
    assert brand.office_hours["weekly"]["mon"] == [["08:00", "12:00"], ["13:00", "17:30"]]
    assert "sat" not in brand.office_hours["weekly"]
    assert Calendar.objects.get().weekly == brand.office_hours["weekly"]
    assert (mailbox.address, mailbox.team, mailbox.brand) == ("hilfe@lindhafen.example", team, brand)
    assert client.get("/settings/").status_code == 200


def test_the_code_may_be_typed_as_people_type(db: None) -> None:
    code = open_first_run().replace("-", " ").lower()
    assert Client().post("/first-run/", answers(code)).status_code == 302


def test_a_wrong_code_loses_nothing_typed(db: None) -> None:
    open_first_run()
    answer = Client().post("/first-run/", answers("AAAA-BBBB-CCCC-DDDD"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Lindhafen IT"' in text
    assert 'value="8-12, 13:00–17.30"' in text
    assert not User.objects.exists()


def test_what_is_missing_is_asked_for_in_the_readers_words(db: None) -> None:
    answer = Client(headers={"accept-language": "de"}).post("/first-run/", answers(open_first_run(), team=""))
    assert "Bitte füllen Sie dieses Feld aus." in answer.content.decode() and not Agent.objects.exists()


def test_only_the_newest_code_counts(db: None) -> None:
    old, new = open_first_run(), open_first_run()
    assert Client().post("/first-run/", answers(old)).status_code == 422
    assert Client().post("/first-run/", answers(new)).status_code == 302


def test_the_code_is_kept_as_a_hash_and_gone_afterwards(db: None) -> None:
    code = open_first_run()
    assert code.replace("-", "") not in FirstRun.objects.get().code_hash
    Client().post("/first-run/", answers(code))
    assert (FirstRun.objects.get().code_hash, open_first_run()) == ("", "")


def test_guessing_the_code_is_slowed_down(db: None) -> None:
    open_first_run()
    codes = [Client().post("/first-run/", answers(f"AAAA-BBBB-CCCC-{n:04d}")).status_code for n in range(11)]
    assert codes == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("letters", "TOOLONG"), ("mailbox", "not an address"), ("email", "ada@"), ("hours-mon", "25:00-26:00"),
        ("hours-mon", "soon"), ("password", "short"), ("timezone", "Mars/Olympus"), ("team", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_is_marked_and_nothing_is_made(db: None, field: str, value: str) -> None:
    answer = Client().post("/first-run/", answers(open_first_run(), **{field: value}))
    assert answer.status_code == 422
    assert "is-wrong" in answer.content.decode()
    assert not User.objects.exists()
    assert not Brand.objects.exists()


def test_a_week_without_an_open_hour_is_asked_about(db: None) -> None:
    closed = {f"hours-{day}": "" for day in DAYS}
    answer = Client().post("/first-run/", answers(open_first_run(), **closed))
    assert answer.status_code == 422
    assert "at least one time" in answer.content.decode()


def test_a_desk_with_people_has_no_such_page(cast: Cast) -> None:
    assert Client().get("/first-run/").status_code == 404
    assert open_first_run() == ""
    assert Client().post("/first-run/", answers("AAAA-BBBB-CCCC-DDDD")).status_code == 404
    assert Client().get("/sign-in/").status_code == 200
