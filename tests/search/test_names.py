"""People and organisations are found by the beginnings of their words, their addresses and numbers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.search.conftest import MAIL
from tresen.core.people.organisations import create_organisation, update_organisation
from tresen.core.people.principals import NOBODY, Principal
from tresen.core.people.services import create_contact, update_contact
from tresen.service.search.models import NameWord
from tresen.service.search.names import named_contacts, named_organisations, rebuild_names


@pytest.fixture
def people(desk: Any) -> Any:
    create_contact(name="Jürgen Müller-Łopatka", mails=["jm@werft.example"], phones=["+49 40 123 45 67"], by=MAIL)
    create_organisation(name="Großhandel Süd GmbH", by=MAIL)
    return desk


def found(desk: Any, text: str, who: Any = None) -> list[str]:
    return [contact.name for contact in named_contacts(who or Principal.of_agent(desk.anna), text, 5)]


@pytest.mark.parametrize(
    "text",
    ["müll", "Muller", "mueller", "lopatka jür", "Łopatka", "jm@werft.example", "jm@werft", "werft", "+49401234567",
     "0401234567", "040 123 45 67", "1234567", "234567"],
)  # fmt: skip
def test_a_person_is_found_by_any_beginning(people: Any, text: str) -> None:
    assert found(people, text) == ["Jürgen Müller-Łopatka"]


@pytest.mark.parametrize("text", ["üller", "müller carol", "1234568", "?!", "", "%", "_", "*", "mül' OR 1=1"])
def test_another_text_finds_nobody(people: Any, text: str) -> None:
    assert found(people, text) == []


def test_an_organisation_is_found_by_its_words(people: Any) -> None:
    anna = Principal.of_agent(people.anna)
    for text in ("gross", "Großh", "süd gross", "sued"):
        assert [one.name for one in named_organisations(anna, text, 5)] == ["Großhandel Süd GmbH"]
    assert named_organisations(anna, "handel", 5) == []


def test_what_changes_is_found_anew(people: Any) -> None:
    update_contact(people.carol, set={"name": "Karoline", "mails": ["kp@kunde.example"]}, by=MAIL)
    assert found(people, "karol") == ["Karoline"] == found(people, "kp@kunde")
    assert found(people, "carol") == []
    organisation = create_organisation(name="Alt", by=MAIL)
    update_organisation(organisation, set={"name": "Neu"}, by=MAIL)
    assert [one.name for one in named_organisations(Principal.of_agent(people.anna), "neu", 5)] == ["Neu"]
    assert named_organisations(Principal.of_agent(people.anna), "alt", 5) == []


def test_outsiders_find_themselves_at_most(people: Any) -> None:
    assert found(people, "müller", Principal.of_contact(people.carol)) == []
    assert found(people, "carol", Principal.of_contact(people.carol)) == ["Carol"]
    assert found(people, "carol", NOBODY) == []


def test_the_words_can_be_noted_anew(people: Any) -> None:
    before = set(NameWord.objects.values_list("word", "contact", "organisation"))
    NameWord.objects.all().delete()
    assert found(people, "müller") == []
    rebuild_names(chunk=2)
    assert set(NameWord.objects.values_list("word", "contact", "organisation")) == before
