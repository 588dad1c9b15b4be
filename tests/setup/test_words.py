"""Statuses, tags and tokens."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import TEST, Caller, Cast
from tresen.core.people.models import ApiToken
from tresen.core.tickets import services
from tresen.core.tickets.models import Status, Tag
from tresen.core.tickets.statuses import status_values
from tresen.faces.setup.saving import marked


def form(status: Status, **more: object) -> dict[str, object]:
    values = marked(status_values(status))
    names = {f"name_{code}": name for code, name in values.pop("names").items()}
    flags = {name: "on" for name in ("is_default", "is_active") if values.pop(name)}
    return {**values, **names, **flags, **more}


def own(status: Status) -> str:
    return f"/settings/statuses/{status.pk}/"


def test_a_status_has_a_name_in_each_language(cast: Cast, ada: Client) -> None:
    new = {"name_en": "With the supplier", "name_de": "Beim Lieferanten", "category": "on_hold", "position": 7}
    assert ada.post("/settings/statuses/new/", new).status_code == 302
    status = Status.objects.get(slug="with-the-supplier")
    assert (status.category, status.is_default, status.names["de"]) == ("on_hold", False, "Beim Lieferanten")
    assert "Beim Lieferanten" in ada.get("/settings/statuses/?lang=de").content.decode()
    assert "With the supplier" in ada.get("/settings/statuses/?lang=pl").content.decode()


def test_the_status_that_stands_for_its_category_cannot_be_given_up(cast: Cast, ada: Client) -> None:
    first = Status.objects.get(slug="on-hold")
    given_up, unused = form(first), form(first)
    del given_up["is_default"], unused["is_active"]
    assert ada.post(own(first), given_up).status_code == 422
    assert ada.post(own(first), unused).status_code == 422
    other = Status.objects.create(slug="later", names={"en": "Later"}, category="on_hold")
    assert ada.post(own(other), form(other, is_default="on")).status_code == 302
    first.refresh_from_db()
    assert not first.is_default
    assert ada.post(own(first), {k: v for k, v in form(first).items() if k != "is_active"}).status_code == 302


def test_of_two_who_save_a_status_the_second_is_told(cast: Cast, ada: Client) -> None:
    status = Status.objects.get(slug="open")
    mine = form(status, name_en="Mine")
    ada.post(own(status), form(status, name_en="Theirs"))
    answer = ada.post(own(status), mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in text
    mark = re.search(r'name="mark" value="(\w+)"', text)
    assert mark
    assert ada.post(own(status), {**mine, "mark": mark.group(1)}).status_code == 302


def tagged(cast: Cast, *names: str) -> list[Tag]:
    tags = [Tag.objects.get_or_create(name=name)[0] for name in names]
    ticket = cast.ticket()
    services.update_ticket(ticket, by=TEST, set={"tags": tags})
    return tags


def test_two_words_for_one_thing_become_one(cast: Cast, ada: Client) -> None:
    vpn, tunnel = tagged(cast, "vpn", "tunnel")
    tagged(cast, "tunnel")
    answer = ada.post(f"/settings/tags/{tunnel.pk}/merge/", {"into": vpn.pk}, follow=True)
    assert "2 tickets now carry “vpn”" in answer.content.decode()
    assert vpn.tickets.count() == 2
    assert not Tag.objects.filter(name="tunnel").exists()


def test_a_tag_is_not_merged_with_itself_or_with_nothing(cast: Cast, ada: Client) -> None:
    (vpn,) = tagged(cast, "vpn")
    for into in (vpn.pk, 0, ""):
        assert ada.post(f"/settings/tags/{vpn.pk}/merge/", {"into": into}).status_code == 422
    assert Tag.objects.count() == 1


def test_a_tag_is_made_renamed_and_deleted(cast: Cast, ada: Client) -> None:
    ada.post("/settings/tags/", {"name": "  Drucker "})
    tag = Tag.objects.get()
    assert tag.name == "Drucker"
    assert ada.post("/settings/tags/", {"name": "drucker"}).status_code == 422
    ada.post(f"/settings/tags/{tag.pk}/", {"name": "Druck"})
    tag.refresh_from_db()
    assert tag.name == "Druck"
    ada.post(f"/settings/tags/{tag.pk}/delete/")
    assert not Tag.objects.exists()


def test_a_token_is_shown_once_works_and_is_revoked(cast: Cast, ada: Client) -> None:
    new = {"name": "Monitoring", "agent": cast.anna.pk, "scope": "read", "days": 30}
    text = ada.post("/settings/tokens/", new).content.decode()
    found = re.search(r'value="(tsn_[\w-]+)"', text)
    assert found
    plain = found.group(1)
    assert Caller(plain).get("/tickets").status_code == 200
    assert plain not in ada.get("/settings/tokens/").content.decode()
    token = ApiToken.objects.get()
    assert (token.scopes, token.agent) == (["read"], cast.anna)
    ada.post(f"/settings/tokens/{token.pk}/revoke/")
    assert Caller(plain).get("/tickets").status_code == 401
    assert "revoked" in ada.get("/settings/tokens/").content.decode()


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 99999}, {"scope": "root"}, {"name": ""}, {"agent": 0}])
def test_a_token_that_cannot_be_is_not_made(cast: Cast, ada: Client, wrong: dict[str, object]) -> None:
    new = {"name": "Monitoring", "agent": cast.anna.pk, "scope": "read", "days": 30}
    assert ada.post("/settings/tokens/", {**new, **wrong}).status_code == 422
    assert not ApiToken.objects.exists()
