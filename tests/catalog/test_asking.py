"""Asking for a service: the ticket, what stands beside it, and the work that begins."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from tests.cast import TEST, Cast
from tests.catalog.conftest import equipment
from tresen.core.catalog import beginning
from tresen.core.catalog.asking import Wish, ask_for
from tresen.core.catalog.beginning import begin_work
from tresen.core.catalog.jobs import begin
from tresen.core.catalog.models import Request, Service, ServiceForm
from tresen.core.catalog.services import change_form, change_service, change_tasks, newest_form, return_to
from tresen.core.catalog.showing import answers_of
from tresen.core.catalog.tasks import Child, WrongTask
from tresen.core.people.principals import NOBODY, Principal
from tresen.core.teamwork.models import ChecklistItem
from tresen.core.tickets.choices import Channel, TicketType
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import confirm_requester
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.service.sla.choosing import fits
from tresen.service.sla.models import Policy
from tresen.spine.events.models import Event

ANSWERS = {"device": "notebook", "size": "large", "count": 2, "reason": "The old one\nis slow."}


def asked(cast: Cast, service: Service, **more: Any) -> Ticket:
    wish = Wish(newest_form(service), ANSWERS, more.pop("language", "en"))
    return ask_for(wish, by=TEST, requester=cast.carol, brand=cast.brand, channel=Channel.WEB, **more)


def test_a_request_is_a_ticket_with_the_answers_beside_it_and_in_its_words(cast: Cast) -> None:
    service = equipment(team=cast.orders, urgency=1)
    ticket = asked(cast, service, language="de")
    assert (ticket.subject, ticket.team, ticket.type) == (
        "Ein neues Gerät: Notebook (de)", cast.orders, TicketType.SERVICE_REQUEST,
    )  # fmt: skip
    assert ticket.urgency == 1
    text = ticket.opening.text
    assert text.startswith("Ein neues Gerät\n\nGerät: Notebook (de)\n") and "The old one\nis slow." in text
    request = Request.objects.get(ticket=ticket)
    assert request.answers == ANSWERS
    with translation.override("en"):
        assert ("Device", "Notebook") in answers_of(request)
    assert Event.objects.get(kind="ticket.created").changes["service"] == "a-new-device"


def test_work_begins_once_with_the_steps_and_the_tickets_that_the_service_names(cast: Cast) -> None:
    service = equipment(team=cast.netz)
    text = "For {{contact.name}}: {{answer.count}} × {{answer.device}} ({{answer.size}})"
    child = Child(subject="Order {{answer.device}}", text=text, team=cast.orders.pk, category=None)
    change_tasks(service, steps=["Ask the cost centre of {{contact.name}}", "Hand it over"], children=[child], by=TEST)
    ticket = asked(cast, service)
    request = Request.objects.get(ticket=ticket)
    begin(request_id=request.pk)
    assert not begin_work(request)
    assert [item.text for item in ticket.checklist.all()] == ["Ask the cost centre of Carol", "Hand it over"]
    made = Ticket.objects.get(team=cast.orders)
    assert made.subject == "Order Notebook" and made.last_text == "For Carol: 2 × Notebook (Large)"
    assert Event.objects.filter(kind="ticket.linked", stream_id=made.pk).exists()


def test_what_holds_a_request_keeps_work_from_beginning(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from tresen.spine.jobs.models import Job

    service = equipment()
    change_tasks(service, steps=["Hand it over"], children=[], by=TEST)
    with monkeypatch.context() as held:
        held.setattr(beginning, "table", lambda name: [lambda request: request.service_id == service.pk])
        waits = Request.objects.get(ticket=asked(cast, service))
    assert not Job.objects.filter(name="catalog.begin").exists()
    assert begin_work(waits) and waits.ticket.checklist.count() == 1
    asked(cast, service)
    assert Job.objects.filter(name="catalog.begin").count() == 1


def test_work_for_a_stranger_begins_when_he_has_shown_that_the_address_is_his(cast: Cast) -> None:
    from tresen.spine.jobs.models import Job

    service = equipment()
    change_tasks(service, steps=["Hand it over"], children=[], by=TEST)
    ticket = asked(cast, service, is_unconfirmed=True)
    ChecklistItem.objects.bulk_create(ChecklistItem(ticket=ticket, text="Same", position=n) for n in range(50))
    waits = Request.objects.get(ticket=ticket)
    assert not Job.objects.filter(name="catalog.begin").exists() and not begin_work(waits)
    confirm_requester(ticket, by=TEST)
    assert Job.objects.filter(name="catalog.begin").count() == 1
    assert begin_work(waits) and ticket.checklist.count() == 50


def test_texts_of_tasks_know_the_answers_of_the_form_and_nothing_else(cast: Cast) -> None:
    service = equipment()
    for wrong in ("{{answer.colour}}", "{{agent.password}}"):
        with pytest.raises(WrongTask) as fault:
            change_tasks(service, steps=["Fine", wrong], children=[], by=TEST)
        assert (fault.value.place, fault.value.unknown) == (1, [wrong])


def test_a_form_is_kept_in_versions_and_a_request_keeps_its_own(cast: Cast) -> None:
    service = equipment()
    first = newest_form(service)
    ticket = asked(cast, service)
    second = change_form(service, fields=first.fields[1:2], by=TEST, newest=1)
    assert (second.number, ServiceForm.objects.count()) == (2, 2)
    with pytest.raises(ChangedMeanwhile):
        change_form(service, fields=[], by=TEST, newest=1)
    assert len(answers_of(Request.objects.get(ticket=ticket))) == 4
    assert return_to(service, 1, by=TEST).number == 3 and newest_form(service).fields == first.fields
    assert return_to(service, 1, by=TEST).number == 3


def test_who_may_see_a_service(cast: Cast) -> None:
    everybody, customers = equipment(), equipment(audience="customers")
    mine = equipment(audience="organisations", organisations=[cast.faehrholm])
    agents = equipment(audience="agents")
    resting = equipment(is_active=False)
    guest, carol, dave = (NOBODY, *(Principal.of_contact(one) for one in (cast.carol, cast.dave)))
    seen = Service.objects.visible_to
    assert set(seen(guest)) == {everybody}
    assert set(seen(carol)) == {everybody, customers, mine}
    assert set(seen(dave)) == {everybody, customers}
    assert set(Service.objects.offered_to(Principal.of_agent(cast.anna))) == {everybody, customers, mine, agents}
    assert resting in seen(Principal.of_agent(cast.anna))
    change_service(customers, set={"brands": [cast.brand]}, by=TEST)
    assert customers in Service.objects.for_brand(cast.brand) and everybody in Service.objects.for_brand(cast.brand)
    other = type(cast.brand).objects.create(name="Other", letters="O")
    assert customers not in Service.objects.for_brand(other) and everybody in Service.objects.for_brand(other)


def test_a_promise_can_be_for_one_service(cast: Cast) -> None:
    service, other = equipment(), equipment()
    policy = Policy(name="Equipment", conditions={"services": [service.pk]})
    assert fits(policy, asked(cast, service)) and not fits(policy, asked(cast, other))
    assert not fits(policy, cast.ticket()) and not fits(policy, Ticket())
