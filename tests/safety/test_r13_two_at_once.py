"""R13: two who act at the same moment, or fifty, leave no fault behind: nobody is told off by the database, and what
each wanted is either done or overtaken (P17)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from tests.cast import TEST, Cast, make_cast
from tresen.channels.mail.moving import move, take_back
from tresen.core.people import staffing
from tresen.core.people.brands import change_brand, create_brand
from tresen.core.people.models import Brand, Contact, User
from tresen.core.people.principals import Principal
from tresen.core.tickets import binning, merging, moving, operations, releasing, services, undoing
from tresen.core.tickets.choices import Ball, Channel, StatusCategory
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Attachment, Message, Status, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.rows import lock
from tresen.core.tickets.statuses import change_status, create_status
from tresen.faces.cli.checks import all_faults
from tresen.faces.desk.ticket.uploads import store_upload
from tresen.kit import clock
from tresen.kit import files as stored
from tresen.service.bulk import services as bulk
from tresen.service.bulk.wishes import Wish
from tresen.service.rules import doing
from tresen.service.rules.services import create_rule
from tresen.spine.events.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
One = TypeVar("One")


@pytest.fixture
def rounds(full_size: bool, record_property: Callable[[str, object], None]) -> list[int]:
    """How many act at once, round by round: two, and in full size fifty, too."""
    if not full_size:
        return [2] * 10
    record_property("at once", "2 in 50 rounds, 50 in 2")
    return [2] * 50 + [50] * 2


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def at_once(*acts: Callable[[], object]) -> None:
    """Runs the acts at the same moment, each with a connection of its own; raises what one of them raised."""
    gate, faults = threading.Barrier(len(acts), timeout=20), list[Exception]()

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait()
            act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def crowd(size: int, *kinds: One) -> list[One]:
    """So many, of each kind in turn."""
    return [kinds[n % len(kinds)] for n in range(size)]


class Meeting:
    """The one says that it holds a lock, and waits a moment for the other to hold one too: in vain, where the other
    has to wait for that very lock, as it should. Else each would wait for the other for good."""

    def __init__(self) -> None:
        self.one, self.other = threading.Event(), threading.Event()

    def of_the_one(self) -> None:
        self.one.set()
        self.other.wait(0.5)

    def of_the_other(self, act: Callable[[], object]) -> Callable[[], object]:
        """What the other does, once the one holds a lock."""
        return lambda: self.one.wait(20) and act()


def first(step: Callable[[], object], act: Callable[..., Any]) -> Callable[..., Any]:
    def stepped(*args: Any, **named: Any) -> Any:
        step()
        return act(*args, **named)

    return stepped


def received(ticket: Ticket, contact: Contact, text: str, *, is_held: bool = False, files: Any = ()) -> Message:
    made = services.add_received(
        ticket,
        by=TEST,
        contact=contact,
        content=Content(text),
        channel=Channel.MAIL,
        trust="claimed",
        is_held=is_held,
        files=files,
        follow=True,
    )
    return Message.objects.select_related("ticket__brand", "ticket__team", "contact").get(pk=made.pk)


def test_r13_a_held_mail_is_accepted_and_moved(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, held = Meeting(), received(cast.ticket(), cast.dave, "held", is_held=True)
    seen = Message.objects.select_related("ticket").get(pk=held.pk)
    monkeypatch.setattr(moving, "create_ticket", first(meeting.of_the_one, moving.create_ticket))
    monkeypatch.setattr(services, "reopen", first(meeting.other.set, services.reopen))
    at_once(
        lambda: move(held, by=TEST),
        meeting.of_the_other(lambda: services.accept_held(seen, by=TEST, join=True)),
    )
    now = Message.objects.get(text="held")
    assert (now.is_held, now.ticket == seen.ticket) == (False, False)


def test_r13_a_move_is_undone_while_another_one_follows(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, source, target = Meeting(), cast.ticket("one"), cast.ticket("other")
    wrong, right = (received(source, cast.carol, text) for text in ("wrong", "right"))
    event = move(wrong, to=target, by=TEST)[1]
    monkeypatch.setattr(moving, "take_back_move", first(meeting.of_the_one, moving.take_back_move))
    monkeypatch.setattr(moving, "_locked", first(meeting.other.set, moving._locked))
    at_once(
        lambda: take_back(event, by=TEST),
        meeting.of_the_other(lambda: move(right, to=target, by=TEST)),
    )
    places = dict(Message.objects.filter(text__in=["wrong", "right"]).values_list("text", "ticket"))
    assert places == {"wrong": source.pk, "right": target.pk}


def test_r13_two_administrators_choose_another_default_brand(cast: Cast, rounds: list[int]) -> None:
    others = [create_brand(set={"name": letters, "letters": letters}, by=TEST) for letters in ("A", "B")]
    for size in rounds:
        change_brand(cast.brand, set={"is_default": True}, by=TEST)
        at_once(*(partial(change_brand, one, set={"is_default": True}, by=TEST) for one in crowd(size, *others)))
        assert Brand.objects.get(is_default=True) in others


def test_r13_two_administrators_choose_another_default_status(cast: Cast, rounds: list[int]) -> None:
    first = Status.objects.get(category=StatusCategory.OPEN, is_default=True)
    others = [create_status(names={"en": n}, category=StatusCategory.OPEN, position=9, by=TEST) for n in ("A", "B")]
    for size in rounds:
        change_status(first, set={"is_default": True}, by=TEST)
        at_once(*(partial(change_status, one, set={"is_default": True}, by=TEST) for one in crowd(size, *others)))
        assert Status.objects.get(category=StatusCategory.OPEN, is_default=True) in others


@pytest.mark.parametrize("act", ["takes", "closes"])
def test_r13_a_leavers_ticket_stays_with_whoever_was_faster(
    cast: Cast, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, other = cast.ticket(assignee=cast.anna), cast.ticket(assignee=cast.anna)
    closed = Status.objects.default_of(StatusCategory.CLOSED)
    wanted = {"assignee": cast.ada} if act == "takes" else {"status": closed}
    change = services.update_ticket

    def overtaken(found: Ticket, **how: object) -> Ticket:
        if found == ticket:
            change(ticket, by=TEST, set=wanted)
        return change(found, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(releasing, "update_ticket", overtaken)
    assert releasing.release_tickets(cast.anna, by=TEST) == 0
    ticket.refresh_from_db()
    other.refresh_from_db()
    assert (ticket.assignee, other.assignee) == (cast.ada if act == "takes" else cast.anna, None)


def own(ticket: Ticket) -> Ticket:
    """The row of one who looked a moment ago."""
    return Ticket.objects.get(pk=ticket.pk)


def merge(cast: Cast, source: Ticket, target: Ticket) -> None:
    """Whoever comes too late is told so."""
    with suppress(merging.CannotMerge):
        merging.merge(source, into=target, by=TEST, agent=cast.anna)


def note(cast: Cast, ticket: Ticket) -> None:
    """Whoever writes it on what was merged by then is told so."""
    with suppress(services.StaleTicket):
        services.add_note(ticket, by=TEST, agent=cast.anna, content=Content("note"))


def test_r13_one_ticket_is_merged_into_another_and_that_one_into_it(cast: Cast, rounds: list[int]) -> None:
    for size in rounds:
        one, other = cast.ticket("one"), cast.ticket("other")
        ways = crowd(size, (one, other), (other, one))
        at_once(*(partial(merge, cast, own(source), own(target)) for source, target in ways))
        led = [own(ticket).merged_into_id for ticket in (one, other)]
        assert sorted(led, key=str) == sorted([None, one.pk if led[0] is None else other.pk], key=str)
        assert Message.objects.filter(ticket__in=[one, other]).values("ticket").distinct().count() == 1
    assert all_faults() == []


def test_r13_a_merge_meets_a_reply_and_an_answer(cast: Cast, rounds: list[int]) -> None:
    for size in rounds:
        one, other = cast.ticket("one"), cast.ticket("other")
        said = crowd(
            size,
            lambda a=one: note(cast, own(a)),  # type: ignore[misc]
            lambda a=one: received(own(a), cast.carol, "answer"),  # type: ignore[misc]
        )
        at_once(partial(merge, cast, one, other), *said)
        assert own(one).merged_into == other and not one.messages.exists()
        assert other.messages.exclude(text="note").count() == 2 + size // 2
    assert all_faults() == []


def test_r13_a_merge_is_undone_while_somebody_answers(cast: Cast, rounds: list[int]) -> None:
    principal = Principal.of_agent(cast.anna)
    for size in rounds:
        one, other = cast.ticket("one"), cast.ticket("other")
        operation = merging.merge(one, into=other, by=TEST, agent=cast.anna)
        at_once(
            partial(undoing.undo, operation, by=TEST, principal=principal),
            *[lambda a=one: received(own(a), cast.carol, "answer")] * (size - 1),  # type: ignore[misc]
        )
        answers = Message.objects.filter(text="answer")
        assert [answer.ticket for answer in answers] == [one] * (size - 1) and own(one).merged_into is None
        answers.delete()
    assert all_faults() == []


def test_r13_a_ticket_is_deleted_while_a_mail_comes_in(cast: Cast, rounds: list[int]) -> None:
    for size in rounds:
        ticket = cast.ticket()
        at_once(
            partial(binning.delete_ticket, ticket, by=TEST, agent=cast.ada),
            *[lambda t=ticket: received(own(t), cast.carol, "answer")] * (size - 1),  # type: ignore[misc]
        )
        assert Message.objects.filter(ticket=ticket).count() == size
        events = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, kind="ticket.restored")
        assert own(ticket).deleted_at is None or not events.exists()
    assert all_faults() == []


def test_r13_a_file_comes_in_while_its_ticket_is_deleted_and_while_it_goes_for_good(
    cast: Cast, rounds: list[int]
) -> None:
    for round_, size in enumerate(rounds):
        ticket, for_good = cast.ticket(), round_ % 2 == 1
        files = [
            store_upload(SimpleUploadedFile("log.txt", b"%d, %d" % (round_, n)), agent=None) for n in range(size - 1)
        ]
        Attachment.objects.bulk_create(files)
        if for_good:
            binning.delete_ticket(ticket, by=TEST, agent=cast.ada)
            Ticket.objects.filter(pk=ticket.pk).update(deleted_at=clock.now() - timedelta(days=31))

        def comes_in(file: Attachment, ticket: Ticket = ticket) -> None:
            with suppress(Ticket.DoesNotExist):
                received(own(ticket), cast.carol, "with a file", files=[file])

        gone = binning.purge_bin if for_good else partial(binning.delete_ticket, ticket, by=TEST, agent=cast.ada)
        at_once(gone, *(partial(comes_in, file) for file in files))
        is_there = Ticket.objects.filter(pk=ticket.pk).exists()
        for n, file in enumerate(files):
            kept = Attachment.objects.select_related("message").get(pk=file.pk)
            if is_there:
                assert kept.message and kept.message.text == "with a file"
            else:
                assert for_good and kept.message is None, "it waits to be swept, as every file that nobody has sent"
            assert stored.read(kept.storage_key) == b"%d, %d" % (round_, n)
    assert all_faults() == []


def test_r13_a_ticket_is_closed_while_the_customer_answers(cast: Cast, rounds: list[int]) -> None:
    closed = Status.objects.default_of(StatusCategory.CLOSED)
    for size in rounds:
        ticket = cast.ticket(assignee=cast.anna)

        def close(ticket: Ticket = ticket) -> None:
            seen = own(ticket)
            with suppress(services.StaleTicket):
                services.update_ticket(seen, by=TEST, set={"status": closed}, expected={"status": seen.status})

        at_once(*crowd(size, close, lambda t=ticket: received(own(t), cast.carol, "it is back")))  # type: ignore[misc]
        now, said = own(ticket), list(Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk).order_by("pk"))
        closings = [n for n, event in enumerate(said) if event.changes.get("status", ["", ""])[1] == closed.slug]
        answer = max(n for n, event in enumerate(said) if event.kind == "message.received")
        assert Message.objects.filter(ticket=ticket, text="it is back").count() == size // 2
        assert (now.status_category == StatusCategory.CLOSED) == any(n > answer for n in closings)
        assert now.status_category == StatusCategory.CLOSED or now.ball == Ball.US
    assert all_faults() == []


def test_r13_two_undo_the_same(cast: Cast, rounds: list[int]) -> None:
    principal = Principal.of_agent(cast.anna)
    for size in rounds:
        ticket, operation = cast.ticket(), operations.start("change", agent=cast.anna)
        services.update_ticket(ticket, by=TEST, set={"priority": 4}, operation=operation)

        def undo(operation: Operation = operation) -> None:
            with suppress(undoing.CannotUndo):
                undoing.undo(operation, by=TEST, principal=principal)

        at_once(*[undo] * size)
        undone = Event.objects.filter(kind="change.undone", stream_id=ticket.pk)
        assert (own(ticket).priority, undone.count()) == (2, 1)


def test_r13_rules_act_on_many_tickets_and_on_one_of_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    child = {"do": "child", "subject": "Door", "team": str(cast.orders.pk), "text": "Order one."}
    create_rule(by=TEST, set={"name": "Door", "triggers": ["changed"], "condition": "priority:urgent",
                              "actions": [child], "is_active": True})  # fmt: skip
    meeting, (one, other) = Meeting(), (cast.ticket("one"), cast.ticket("other"))
    of_both = Ticket.objects.filter(pk__in=[one.pk, other.pk])
    change = bulk.begin(Wish({"priority": 4}), of_both, principal=Principal.of_agent(cast.ada))
    monkeypatch.setattr(doing, "create_ticket", first(meeting.of_the_one, doing.create_ticket))

    def by_hand() -> None:
        with transaction.atomic():
            held = lock(own(other))
            meeting.other.set()
            services.update_ticket(held, by=TEST, set={"priority": 4})

    at_once(lambda: bulk.work_on(change.pk), meeting.of_the_other(by_hand))
    assert Ticket.objects.filter(subject="Door").count() == 2


def test_r13_a_team_and_its_people_are_saved_at_the_same_time(cast: Cast, full_size: bool) -> None:
    team_page, agent_page = f"/settings/teams/{cast.netz.pk}/", f"/settings/agents/{cast.piotr.pk}/"
    for n in range(50 if full_size else 3):
        cast.netz.agents.set([cast.anna, cast.ada])
        cast.piotr.teams.set([cast.orders])
        name, team = f"Netz {n}", fields(cast.browser(cast.ada).get(team_page))
        agent = fields(cast.browser(cast.ada).get(agent_page))
        team |= {"name": name, "agents": [cast.ada.pk]}
        agent |= {"name": f"Piotr {n}", "teams": [cast.orders.pk, cast.netz.pk]}
        at_once(
            lambda sent=team: saved(cast.browser(cast.ada).post(team_page, sent)),  # type: ignore[misc]
            lambda sent=agent: saved(cast.browser(cast.ada).post(agent_page, sent)),  # type: ignore[misc]
        )
        cast.netz.refresh_from_db()
        assert cast.netz.name == name and {*cast.netz.agents.all()} == {cast.ada, cast.piotr}
        assert User.objects.get(pk=cast.piotr.user_id).name == f"Piotr {n}"


def test_r13_somebody_is_taken_out_of_a_team_while_it_is_saved(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    team_page, agent_page = f"/settings/teams/{cast.netz.pk}/", f"/settings/agents/{cast.anna.pk}/"
    cast.netz.agents.set([cast.anna, cast.ada])
    team = {**fields(cast.browser(cast.ada).get(team_page)), "name": "Network"}
    agent = {**fields(cast.browser(cast.ada).get(agent_page)), "teams": [cast.orders.pk]}
    meeting = Meeting()
    monkeypatch.setattr(staffing, "refuse_members", first(meeting.of_the_one, staffing.refuse_members))

    def taken_out() -> None:
        saved(cast.browser(cast.ada).post(agent_page, agent))
        meeting.other.set()

    at_once(
        lambda: saved(cast.browser(cast.ada).post(team_page, team)),
        meeting.of_the_other(taken_out),
    )
    assert {*cast.netz.agents.all()} == {cast.ada} and {*cast.anna.teams.all()} == {cast.orders}


def fields(page: Any) -> dict[str, Any]:
    """What a browser would send of the form of a page, unchanged."""
    sent: dict[str, Any] = {}
    for one in page.context["form"]:
        value = one.value()
        if value not in (None, False):
            sent[one.html_name] = [getattr(v, "pk", v) for v in value] if one.name in ("agents", "teams") else value
    return sent


def saved(answer: Any) -> None:
    assert answer.status_code == 302, (answer.status_code, answer.content[:2000])
