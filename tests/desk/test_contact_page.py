"""A contact: seen with the tickets, changed, and not overwritten."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, value, words
from tresen.core.people.models import Contact
from tresen.core.people.services import update_contact


def form_of(client: Client, contact: Contact) -> dict[str, str]:
    """The form as it stands."""
    page = tree(client.get(f"/desk/contacts/{contact.pk}/edit/"))
    fields = {name: value(page, f"input[name={name}]") for name in ("name", "organisation", "version")}
    fields |= {name: page.css_first(f"textarea[name={name}]").text().strip() for name in ("mails", "phones", "notes")}
    return fields | {"language": "", "timezone": ""}


def test_a_contact_is_shown_with_the_tickets_one_may_see(cast: Cast, anna: Client) -> None:
    cast.ticket(subject="Printer")
    cast.ticket(subject="Salaries", team=cast.orders)
    page = words(tree(anna.get(f"/desk/contacts/{cast.carol.pk}/")).css_first("main"))
    assert "carol@faehrholm.example" in page and "Fährholm Logistik" in page
    assert "Printer" in page and "Salaries" not in page


def test_tickets_are_paged_by_key(cast: Cast, anna: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(27):
        cast.ticket(subject=f"Case {number:02}")
    anna.get(f"/desk/contacts/{cast.carol.pk}/")
    with django_assert_max_num_queries(9):
        first = tree(anna.get(f"/desk/contacts/{cast.carol.pk}/"))
    assert "Case 26" in words(first.body) and "Case 01" not in words(first.body)
    older = first.css_first("a[rel=next]").attributes["href"]
    second = tree(anna.get(older))
    assert "Case 01" in words(second.body) and "Case 00" in words(second.body) and "Case 02" not in words(second.body)
    assert second.css_first("a[rel=next]") is None
    assert anna.get(f"/desk/contacts/{cast.carol.pk}/?before=%00").status_code == 200


def test_everything_about_a_contact_is_changed(cast: Cast, anna: Client) -> None:
    sent = form_of(anna, cast.carol) | {
        "name": "Carola Brandt", "mails": "c.brandt@faehrholm.example\r\ncarol@faehrholm.example",
        "phones": "0421 5550", "organisation": "harrowmere council", "language": "de", "timezone": "Europe/Berlin",
        "notes": "Call first.",
    }  # fmt: skip
    assert anna.post(f"/desk/contacts/{cast.carol.pk}/edit/", sent).status_code == 302
    now = Contact.objects.get(pk=cast.carol.pk)
    assert (now.name, now.language, now.timezone, now.notes) == ("Carola Brandt", "de", "Europe/Berlin", "Call first.")
    assert now.memberships.get(is_main=True).organisation == cast.harrowmere
    assert now.identities.get(is_main=True, kind="mail").value == "c.brandt@faehrholm.example"


def test_a_stale_form_shows_both_values_and_loses_nothing(cast: Cast, anna: Client) -> None:
    sent = form_of(anna, cast.carol) | {"name": "Carola B.", "notes": "Mine"}
    update_contact(cast.carol, set={"name": "Carola Brandt"}, by=TEST)
    response = anna.post(f"/desk/contacts/{cast.carol.pk}/edit/", sent)
    assert response.status_code == 409
    page = tree(response)
    rows = [words(row) for row in page.css("tbody tr")]
    assert "Name Carola Brandt Carola B." in rows
    assert value(page, "input[name=name]") == "Carola B."
    assert page.css_first("textarea[name=notes]").text().strip() == "Mine"
    again = sent | {"version": value(page, "input[name=version]")}
    assert anna.post(f"/desk/contacts/{cast.carol.pk}/edit/", again).status_code == 302
    assert Contact.objects.get(pk=cast.carol.pk).name == "Carola B."


def test_an_address_of_somebody_else_is_refused_with_his_name(cast: Cast, anna: Client) -> None:
    sent = form_of(anna, cast.carol) | {"mails": "carol@faehrholm.example\ndave@harrowmere.example"}
    response = anna.post(f"/desk/contacts/{cast.carol.pk}/edit/", sent)
    assert response.status_code == 422
    assert "An address belongs to Dave already." in words(tree(response).body)
    assert cast.carol.identities.count() == 1


def test_wrong_values_are_said_beside_their_fields(cast: Cast, anna: Client) -> None:
    sent = form_of(anna, cast.carol) | {
        "name": "", "mails": "x", "phones": "no", "organisation": "Nowhere", "timezone": "Mars/Base", "version": "",
    }  # fmt: skip
    response = anna.post(f"/desk/contacts/{cast.carol.pk}/edit/", sent)
    assert response.status_code == 422
    assert len(tree(response).css(".field.is-wrong")) == 5


@pytest.mark.parametrize(("typed", "status"), [("Zimmer 1234", 422), ("+49 (0)421 55-50 ext. 12", 302)])
def test_a_phone_number_is_one_that_can_be_dialled(cast: Cast, anna: Client, typed: str, status: int) -> None:
    response = anna.post(f"/desk/contacts/{cast.carol.pk}/edit/", form_of(anna, cast.carol) | {"phones": typed})
    assert response.status_code == status
    assert cast.carol.identities.filter(kind="phone").exists() == (status == 302)


def test_only_agents_see_contacts(cast: Cast) -> None:
    for path in (
        f"/desk/contacts/{cast.carol.pk}/",
        f"/desk/contacts/{cast.carol.pk}/edit/",
        "/desk/contacts/find/?q=ca",
    ):
        assert Client().get(path)["Location"].startswith("/sign-in/?next=")
    assert cast.browser(cast.anna).get("/desk/contacts/999999/").status_code == 404
