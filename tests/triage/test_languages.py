"""The language of a ticket: told from its text, mended by people, programs and rules; routing and replies follow it."""

from __future__ import annotations

import pytest

from tests.cast import TEST, Cast, json
from tests.desk.conftest import HTMX, tree, words
from tests.undo.conftest import undo
from tresen.core.people.models import Contact
from tresen.core.people.principals import Principal
from tresen.core.tickets import operations
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.service.rules.services import create_rule
from tresen.service.search.services import apply_query

POLISH = "Dzień dobry, nie mogę się zalogować do poczty. Proszę o pomoc."


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """Carol is known to write German."""
    Contact.objects.filter(pk=cast.carol.pk).update(language="de")
    cast.carol.refresh_from_db()
    return cast


def language(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).language


def test_it_is_told_from_the_text_else_from_who_asks(desk: Cast) -> None:
    said = [desk.ticket(text=text).language for text in (POLISH, "The VPN is down.", "VPN 0x8007")]
    assert said == ["pl", "en", "de"]
    caller, body = desk.calls(desk.anna), {"subject": "x", "requester": {"id": desk.carol.pk}, "body_text": POLISH}
    assert json(caller.post("/tickets", body), 201)["language"] == "pl"
    assert json(caller.post("/tickets", {**body, "language": "en"}), 201)["language"] == "en"
    call = {
        "contact": desk.carol.pk,
        "channel": "phone",
        "subject": "Poczta",
        "text": POLISH,
        "impact": 1,
        "urgency": 2,
    }
    assert desk.browser(desk.anna).post("/desk/new/", {**call, "once": "1"}).status_code == 302
    assert Ticket.objects.latest("pk").language == "pl"


def test_people_change_it_on_the_page_and_take_it_back(desk: Cast) -> None:
    ticket, anna = desk.ticket(text=POLISH), desk.browser(desk.anna)
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    assert "Language: Polski" in words(page.css_first("#prop-language")) and "otherwise Deutsch" in words(page.body)
    sent = {"field": "language", "value": "de", "was": "pl"}
    answer = anna.post(f"/desk/tickets/{ticket.number}/change/", sent, headers=HTMX)
    assert "Language: Deutsch" in words(tree(answer).css_first("#prop-language"))
    assert "Language: Polski → Deutsch" in words(tree(answer).css_first("#timeline-tail"))
    assert anna.post(f"/desk/tickets/{ticket.number}/change/", sent, headers=HTMX).status_code == 409
    undo(operations.recent_of(desk.anna)[0])
    assert language(ticket) == "pl"
    with pytest.raises(WrongValue):
        update_ticket(ticket, by=TEST, set={"language": "xx"})


def test_programs_and_rules_set_it_and_search_lines_find_it(desk: Cast) -> None:
    ticket, other = desk.ticket(subject="one", text=POLISH), desk.ticket(subject="two")
    caller = desk.calls(desk.anna)
    assert json(caller.patch(f"/tickets/{other.number}", {"language": "de"}), 200)["language"] == "de"
    assert caller.patch(f"/tickets/{other.number}", {"language": "fr"}).status_code == 400
    principal = Principal.of_agent(desk.anna)
    found = apply_query(Ticket.objects.visible_to(principal), "sprache:pl", principal)
    assert [row.subject for row in found] == ["one"] and ticket.pk == found[0].pk
    actions = [{"do": "language", "value": "de"}]
    wanted = {"name": "German desk", "triggers": ["created"], "condition": "language:pl", "actions": actions}
    create_rule(set={**wanted, "is_active": True}, by=TEST)
    assert [language(desk.ticket(text=text)) for text in (POLISH, "The VPN is down.")] == ["de", "en"]


def test_it_follows_another_requester_only_where_it_was_the_formers(desk: Cast) -> None:
    Contact.objects.filter(pk=desk.dave.pk).update(language="pl")
    desk.dave.refresh_from_db()
    told, unsure = desk.ticket(), desk.ticket(subject="VPN", text="0x8007")
    for ticket in (told, unsure):
        operation = operations.start("change", agent=desk.ada)
        update_ticket(ticket, by=TEST, set={"requester": desk.dave}, operation=operation)
    assert (language(told), language(unsure)) == ("en", "pl")
    undo(operation)
    assert language(unsure) == "de"
