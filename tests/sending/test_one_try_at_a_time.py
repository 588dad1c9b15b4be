"""A mail on its way: nobody sends it a second time, what has left counts as left, and no fault hides that it waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import TEST, Cast
from tresen.channels.mail import alarms, outbox, transport
from tresen.channels.mail.alarms import Alarm, watch
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.channels.mail.transport import Deferred
from tresen.channels.mail.troubles import troubles
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message
from tresen.core.tickets.services import add_reply
from tresen.kit import clock
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import claim, drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(cast: Cast, mailbox: Mailbox) -> Message:
    """A reply whose mail waits to leave."""
    return add_reply(cast.ticket(), by=TEST, agent=cast.anna, content=Content("Hello."))


def the_server(monkeypatch: pytest.MonkeyPatch, *steps: Callable[[], None]) -> list[int]:
    """Stands where the outgoing server is: each try does the next step, those beyond nothing. Grows by each try."""
    tries: list[int] = []

    def deliver(*args: object, **named: object) -> dict[str, tuple[int, str]]:
        tries.append(len(tries))
        if len(tries) <= len(steps):
            steps[len(tries) - 1]()
        return {}

    monkeypatch.setattr(outbox, "deliver", deliver)
    return tries


def another_worker() -> None:
    """Runs whatever is due, as a second process would at this moment."""
    Job.objects.update(run_at=clock.now())
    drain("mail-out")


def busy() -> None:
    raise Deferred("421 too busy")


def test_send_again_leaves_a_mail_alone_that_is_being_handed_over(
    reply: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again() -> None:
        outbox.send_again(Outbox.objects.get(), by=TEST)
        another_worker()

    tries = the_server(monkeypatch, busy, again)
    drain("mail-out")
    another_worker()
    drain("mail-out")
    assert len(tries) == 2, "the one that was deferred, and one that took it along"
    assert Outbox.objects.get().state == "sent" and not Job.objects.filter(name="mail.send").exists()


def test_a_mail_given_up_and_sent_again_while_it_leaves_leaves_once(
    reply: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up_and_again() -> None:
        outbox.give_up(Outbox.objects.get(), by=TEST)
        outbox.send_again(Outbox.objects.get(), by=TEST)
        drain("mail-out")

    tries = the_server(monkeypatch, give_up_and_again)
    drain("mail-out")
    another_worker()
    assert len(tries) == 1 and Outbox.objects.get().state == "sent"


def test_a_job_that_died_holds_nothing_back(
    reply: Message, monkeypatch: pytest.MonkeyPatch, later: Callable[..., object]
) -> None:
    Outbox.objects.update(taken_at=clock.now())
    tries = the_server(monkeypatch)
    drain("mail-out")
    assert len(tries) == 1 and Outbox.objects.get().state == "sent" and Outbox.objects.get().taken_at is None


def test_what_is_given_up_while_it_leaves_has_left_all_the_same(
    reply: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_server(monkeypatch, lambda: outbox.give_up(Outbox.objects.get(), by=TEST))
    drain("mail-out")
    row = Outbox.objects.get()
    reply.refresh_from_db()
    assert (row.state, row.last_error) == ("sent", "") and row.sent_at
    assert (reply.delivery, reply.delivery_detail) == ("sent", "")


def test_an_unforeseen_fault_defers_the_mail_and_says_so(reply: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> None:
        raise RuntimeError("a bolt is loose")

    tries = the_server(monkeypatch, break_down)
    drain("mail-out")
    row = Outbox.objects.get()
    assert (row.state, row.attempts) == ("deferred", 1) and "a bolt is loose" in row.last_error
    another_worker()
    assert len(tries) == 2 and Outbox.objects.get().state == "sent"


def test_a_mail_that_no_try_was_ever_noted_for_is_missed_too(reply: Message) -> None:
    Outbox.objects.update(created_at=clock.now() - timedelta(minutes=9))
    assert "unsent" in [trouble.kind for trouble in troubles()]
    Outbox.objects.update(state="failed")
    outbox.send_again(Outbox.objects.get(), by=TEST)
    assert "unsent" not in [trouble.kind for trouble in troubles()], "it has just been asked for anew"


def test_a_server_that_does_not_answer_is_waited_for_once(
    cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mailbox.objects.update(smtp_host="127.0.0.1", smtp_port=9, smtp_security="plain")
    waited: list[str] = []

    def silence(relay: transport.Relay) -> None:
        waited.append(relay.host)
        raise TimeoutError("timed out")

    monkeypatch.setattr(transport, "SLOW_SECONDS", 0)
    monkeypatch.setattr(transport, "open_relay", silence)
    for _ in range(3):
        add_reply(cast.ticket(), by=TEST, agent=cast.anna, content=Content("Hello."))
    drain("mail-out")
    assert len(waited) == 1 and set(Outbox.objects.values_list("state", flat=True)) == {"deferred"}
    assert all("timed out" in row.last_error for row in Outbox.objects.all())
    Mailbox.objects.update(smtp_port=10)
    add_reply(cast.ticket(), by=TEST, agent=cast.anna, content=Content("Hello."))
    drain("mail-out")
    assert len(waited) == 2, "another server is asked all the same"


def test_an_alarm_goes_before_the_mail_that_waits(reply: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = Alarm("unsent", lambda: ("Mail does not go out", "It waits."), "/settings/")
    monkeypatch.setattr(alarms, "table", lambda name: [lambda: iter([alarm])])
    assert watch() == 1
    found = claim("mail-out", "a-worker")
    assert found is not None and found.name == "mail.alarm"
