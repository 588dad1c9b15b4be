"""Teams and brands."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast
from tests.setup.pictures import jpeg, png
from tresen.channels.mail.models import Mailbox
from tresen.core.people.brands import brand_values
from tresen.core.people.models import Brand, Team
from tresen.faces.setup.saving import marked
from tresen.kit import files
from tresen.spine.events.models import Event


def team_form(team: Team, **more: object) -> dict[str, object]:
    was = {"name": team.name, "description": team.description, "is_active": team.is_active}
    return {**was, "agents": [a.pk for a in team.agents.all()], "was": json.dumps(was), **more}


def test_a_team_is_made_with_its_members(cast: Cast, ada: Client) -> None:
    answer = ada.post("/settings/teams/new/", {"name": "Obsługa", "agents": [cast.anna.pk, cast.piotr.pk]})
    assert answer.status_code == 302
    team = Team.objects.get(name="Obsługa")
    assert (team.slug, team.agents.count()) == ("obsluga", 2)
    assert {e.kind for e in Event.objects.filter(stream_kind="team")} == {"team.created", "team.members_changed"}


def test_two_teams_do_not_share_a_name(cast: Cast, ada: Client) -> None:
    answer = ada.post("/settings/teams/new/", {"name": "Netz"})
    assert answer.status_code == 422
    assert "already a team" in answer.content.decode()


def test_of_two_who_save_a_team_the_second_is_told(cast: Cast, ada: Client) -> None:
    mine = team_form(cast.netz, description="Kabel")
    ada.post(f"/settings/teams/{cast.netz.pk}/", team_form(cast.netz, description="WLAN"))
    answer = ada.post(f"/settings/teams/{cast.netz.pk}/", mine)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "WLAN" in text
    assert 'value="Kabel"' in text


def test_a_team_to_which_mail_is_delivered_stays_in_use(cast: Cast, ada: Client) -> None:
    Mailbox.objects.update(team=cast.netz)
    wanted = team_form(cast.netz)
    del wanted["is_active"]
    answer = ada.post(f"/settings/teams/{cast.netz.pk}/", wanted)
    assert answer.status_code == 422
    assert "mailbox still delivers" in answer.content.decode()
    Mailbox.objects.update(team=None)
    assert ada.post(f"/settings/teams/{cast.netz.pk}/", wanted).status_code == 302
    assert not Team.objects.get(pk=cast.netz.pk).is_active


def brand_form(brand: Brand, **more: object) -> dict[str, object]:
    values = marked(brand_values(brand))
    values["team"] = values["team"] or ""
    hours = values.pop("office_hours")
    typed = {f"hours-{day}": ", ".join("-".join(i) for i in week) for day, week in hours.get("weekly", {}).items()}
    flags = {name: "on" for name in ("is_default", "is_active") if values.pop(name)}
    return {**values, **typed, **flags, **more}


def own(brand: Brand) -> str:
    return f"/settings/brands/{brand.pk}/"


def test_name_colour_and_hours_of_a_brand_are_changed(cast: Cast, ada: Client) -> None:
    wanted = brand_form(cast.brand, name="Lindhafen", accent_hue=30, **{"hours-sat": "22:00-6:00"})
    assert ada.post(own(cast.brand), wanted).status_code == 302
    cast.brand.refresh_from_db()
    assert (cast.brand.name, cast.brand.accent_hue) == ("Lindhafen", 30)
    assert cast.brand.office_hours == {"timezone": "Europe/Berlin", "weekly": {"sat": [["22:00", "06:00"]]}}
    assert Event.objects.get(kind="brand.changed").changes["name"] == ["Lindhafen IT", "Lindhafen"]


def test_of_two_who_save_a_brand_the_second_is_told(cast: Cast, ada: Client) -> None:
    mine = brand_form(cast.brand, name="Mine")
    ada.post(own(cast.brand), brand_form(cast.brand, name="Theirs"))
    answer = ada.post(own(cast.brand), mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in text
    mark = re.search(r'name="mark" value="(\w+)"', text)
    assert mark
    assert ada.post(own(cast.brand), {**mine, "mark": mark.group(1)}).status_code == 302


def test_the_letters_of_numbers_that_exist_never_change(cast: Cast, ada: Client) -> None:
    assert ada.post(own(cast.brand), brand_form(cast.brand, letters="x")).status_code == 302
    cast.brand.refresh_from_db()
    assert cast.brand.letters == "X"
    cast.ticket(brand=cast.brand)
    answer = ada.post(own(cast.brand), brand_form(cast.brand, letters="Y"))
    assert answer.status_code == 422
    assert "a number never changes" in answer.content.decode()


def test_a_second_brand_needs_letters_of_its_own(cast: Cast, ada: Client) -> None:
    new = {"name": "Przystań", "letters": "t", "language": "pl", "timezone": "Europe/Warsaw", "accent_hue": 12,
           "accent_chroma": 0.1, "is_active": "on"}  # fmt: skip
    assert ada.post("/settings/brands/new/", new).status_code == 422
    assert ada.post("/settings/brands/new/", {**new, "letters": "P"}).status_code == 302
    assert not Brand.objects.get(letters="P").is_default


def test_there_is_always_exactly_one_default_brand_and_it_is_in_use(cast: Cast, ada: Client) -> None:
    other = Brand.objects.create(name="Przystań", letters="P")
    given_up = brand_form(cast.brand)
    del given_up["is_default"]
    assert ada.post(own(cast.brand), given_up).status_code == 422
    assert ada.post(own(other), brand_form(other, is_default="on")).status_code == 302
    assert list(Brand.objects.filter(is_default=True)) == [other]
    other.refresh_from_db()
    unused = brand_form(other)
    del unused["is_active"]
    assert ada.post(own(other), unused).status_code == 422


@pytest.mark.parametrize(("name", "data"), [("logo.png", png()), ("logo.png", jpeg())])
def test_a_logo_is_taken_by_its_bytes_and_the_old_one_goes(
    cast: Cast, ada: Client, name: str, data: bytes, django_capture_on_commit_callbacks
) -> None:
    url = f"/settings/brands/{cast.brand.pk}/logo/"
    with django_capture_on_commit_callbacks(execute=True):
        assert ada.post(url, {"logo": SimpleUploadedFile("first.png", png())}).status_code == 302
        first = Brand.objects.get(pk=cast.brand.pk).logo_key
        assert ada.post(url, {"logo": SimpleUploadedFile(name, data)}).status_code == 302
    second = Brand.objects.get(pk=cast.brand.pk).logo_key
    assert files.read(second) == data
    assert not files.path_of(first).exists()
    with django_capture_on_commit_callbacks(execute=True):
        ada.post(url, {"remove": "1"})
    assert not files.path_of(second).exists()


@pytest.mark.parametrize(
    "data",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a\x01\x00", png(50_000, 50_000), jpeg(60_000, 2), png()[:20],
     png() + bytes(600 * 1024), b""],
)  # fmt: skip
def test_what_is_no_logo_is_refused(cast: Cast, ada: Client, data: bytes) -> None:
    answer = ada.post(f"/settings/brands/{cast.brand.pk}/logo/", {"logo": SimpleUploadedFile("logo.png", data)})
    assert answer.status_code == 422
    assert Brand.objects.get(pk=cast.brand.pk).logo_key == ""
