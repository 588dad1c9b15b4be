"""Fields of the desk's own that are for customers: asked for on the form in their language, shown beside the request to
who has proven who he is. All others reach no customer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.portal.conftest import MAIL, Counter, send
from tests.portal.test_budgets import ACCOUNT, LINK, cost
from tests.portal.test_new_request import ASKED, NEW
from tresen.core.people.brands import change_brand
from tresen.core.people.models import Team
from tresen.core.tickets import services
from tresen.core.tickets.custom_fields import change_field, create_field
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.models import Ticket

SITES = [{"names": {"en": "At home", "de": "Zu Hause", "pl": "W domu"}}, {"names": {"en": "Office", "de": "Büro"}}]
SERIAL = {"en": "Serial number", "de": "Seriennummer", "pl": "Numer seryjny"}


@pytest.fixture(autouse=True)
def fields(counter: Counter) -> None:
    shown: dict[str, Any] = {"for_customers": True, "by": MAIL}
    create_field(names=SERIAL, kind="text", required="always", **shown)
    create_field(names={"en": "Site", "de": "Ort", "pl": "Miejsce"}, kind="choice", choices=SITES, **shown)
    create_field(names={"en": "Cost centre"}, kind="text", required="always", by=MAIL)
    create_field(names={"en": "Order"}, kind="text", types=["problem"], **shown)


def test_they_are_asked_for_begun_and_needed_in_the_language_of_who_asks(counter: Counter, browser: Client) -> None:
    change_field(CustomField.objects.get(slug="site"), set={"default": "office"}, by=MAIL)
    page = browser.get(NEW).content.decode()
    assert "Serial number" in page and '<option value="office" selected>Office</option>' in page
    assert "Cost centre" not in page and "Order" not in page
    for language, word, home in (("de", "Seriennummer", "Zu Hause"), ("pl", "Numer seryjny", "W domu")):
        page = Client(headers={"accept-language": language}).get(NEW).content.decode()
        assert word in page and home in page
    refused = send(browser, NEW, **ASKED, f_site="at-home")
    assert refused.status_code == 422 and not Ticket.objects.exists()
    assert '<option value="at-home" selected>' in refused.content.decode()
    assert send(browser, NEW, **ASKED, f_serial_number="x").status_code == 422
    wrong = {**ASKED, "f_serial-number": "AB\r\nBcc: eve@evil.example", "f_site": "moon"}
    assert send(browser, NEW, **wrong).status_code == 422
    sent = {**wrong, "f_site": "", "f_cost-centre": "7", "f_order": "A-1"}
    assert send(browser, NEW, **sent).status_code == 302
    assert Ticket.objects.get().fields == {"serial-number": "AB Bcc: eve@evil.example"}


def test_those_of_the_team_of_the_brand_are_asked_for(counter: Counter, browser: Client) -> None:
    for name in ("Netz", "Orders"):
        team = Team.objects.create(name=name, slug=name.lower())
        create_field(names={"en": f"Of {name}"}, kind="text", teams=[team.pk], for_customers=True, by=MAIL)
    change_brand(counter.brand, set={"team": Team.objects.get(slug="netz")}, by=MAIL)
    page = browser.get(NEW).content.decode()
    assert "Of Netz" in page and "Of Orders" not in page


def test_they_are_shown_beside_the_request_and_no_other_reaches_a_customer(counter: Counter) -> None:
    ticket = counter.ticket()
    values = {"serial-number": "{{7*7}} <b>AB</b>", "site": "at-home", "cost-centre": "xq7marker", "order": "A-7"}
    services.update_ticket(ticket, by=MAIL, set={"fields": values})
    client = Client()
    page = client.get(counter.link(ticket)).content.decode()
    assert "{{7*7}} &lt;b&gt;AB&lt;/b&gt;" in page and "At home" in page and "A-7" in page
    assert "xq7marker" not in page and "Cost centre" not in page
    unproven = Client().get(counter.link(ticket, by_mail=False)).content.decode()
    assert "{{7*7}}" not in unproven and "xq7marker" not in unproven
    account = Client()
    account.force_login(counter.account(counter.carol))
    assert "At home" in account.get(f"/requests/{ticket.number}/").content.decode()
    for path in (f"/requests/{ticket.number}/", "/requests/", "/requests/?q=xq7marker", "/", NEW):
        page = account.get(path).content.decode()
        assert "xq7marker</" not in page and "Cost centre" not in page, path
    change_field(CustomField.objects.get(slug="site"), set={"for_customers": False}, by=MAIL)
    assert "At home" not in client.get(counter.link(ticket)).content.decode()


def test_the_page_of_a_request_costs_one_query_more_where_there_are_some(counter: Counter) -> None:
    ticket, client = counter.ticket(), Client()
    before = cost(client, counter.link(ticket))
    services.update_ticket(ticket, by=MAIL, set={"fields": {"serial-number": "AB", "site": "office"}})
    assert cost(client, counter.link(ticket)) == before + 1 <= LINK
    client.force_login(counter.account(counter.carol))
    assert cost(client, f"/requests/{ticket.number}/") <= ACCOUNT
