"""Words in the desk's own fields find their tickets where the field says so: for colleagues, at once, and until the
field says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.search.conftest import Desk
from tresen.core.people.principals import Principal
from tresen.core.tickets.custom_fields import change_field, create_field
from tresen.core.tickets.operations import start
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.undoing import undo
from tresen.kit import clock
from tresen.service.search import jobs
from tresen.service.search.indexing import count_missing, rebuild
from tresen.service.search.models import SearchDocument
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

MAIL = Actor.system("mail")
SITES = [{"names": {"en": "Harbour", "de": "Hafen"}}, {"names": {"en": "Tower"}}]


@pytest.fixture
def fields(desk: Desk) -> Any:
    found = create_field(names={"en": "serial"}, kind="text", is_searched=True, by=MAIL)
    create_field(names={"en": "site"}, kind="choice", choices=SITES, is_searched=True, for_customers=True, by=MAIL)
    create_field(names={"en": "secret"}, kind="text", by=MAIL)
    return found


def test_words_of_a_field_find_its_ticket_for_colleagues_alone(desk: Desk, fields: Any) -> None:
    ticket = desk.ticket("Printer", "Silent", team=desk.network)
    update_ticket(ticket, by=MAIL, set={"fields": {"serial": "QX-4711 Größe", "site": "harbour", "secret": "pssst"}})
    for line in ("qx-4711", "grosse", "hafen", "harbour printer", "serial:none OR hafen"):
        assert desk.find(desk.anna, line) == ["Printer"], line
    for line in ("pssst", "subject:hafen", "-hafen printer"):
        assert desk.find(desk.anna, line) == [], line
    for line in ("hafen", "qx-4711"):
        assert desk.find(desk.carol, line) == []
    desk.received(ticket, "Still silent here")  # its document takes the next place, not the last
    assert desk.find(desk.anna, "still hafen") == ["Printer"]
    update_ticket(ticket, by=MAIL, set={"fields": {"serial": None, "site": "tower"}})
    assert (desk.find(desk.anna, "hafen"), desk.find(desk.anna, "tower")) == ([], ["Printer"])
    principal, operation = Principal.of_agent(desk.anna), start("change", agent=desk.anna)
    update_ticket(ticket, by=principal.actor, set={"fields": {"site": None}}, operation=operation)
    assert desk.find(desk.anna, "tower") == [] and SearchDocument.objects.filter(internal=True).count() == 0
    undo(operation, by=principal.actor, principal=principal)
    assert desk.find(desk.anna, "tower") == ["Printer"]


def test_a_new_ticket_and_an_index_made_anew_have_them(desk: Desk, fields: Any) -> None:
    desk.ticket("New", "One", team=desk.network, set={"fields": {"serial": "QX-4711", "site": "tower"}})
    assert desk.find(desk.anna, "tower qx-4711") == ["New"]
    rebuild()
    assert SearchDocument.objects.filter(internal=True).count() == 1 and count_missing() == 0


def test_a_field_that_is_searched_from_now_on_or_no_longer_is_gone_through_in_steps(
    desk: Desk, fields: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "_VALUES", 2)
    tickets = [desk.ticket(f"T{n}", "x", team=desk.network) for n in range(5)]
    for n, ticket in enumerate(tickets):
        update_ticket(ticket, by=MAIL, set={"fields": {"serial": f"QX-{n}", "site": "tower"}})
    change_field(fields, set={"is_searched": False}, by=MAIL)
    drain()
    assert desk.find(desk.anna, "qx-3") == [] and len(desk.find(desk.anna, "tower")) == 5
    change_field(fields, set={"is_searched": True}, by=MAIL)
    drain()
    assert desk.find(desk.anna, "qx-4") == ["T4"]
    SearchDocument.objects.filter(ticket=tickets[1], internal=True).delete()  # as by who knew the field as it was
    Job.objects.filter(name="search.index_values").update(run_at=clock.now())
    drain()
    assert desk.find(desk.anna, "qx-1") == ["T1"]
