"""What is more than the limits allow is set aside, by sender and by mailbox; whoever is known gets through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.intake.conftest import Desk, mail
from tresen.channels.mail.limits import change_limits, limit_values, mail_limits
from tresen.channels.mail.models import Outbox
from tresen.channels.mail.services import retry
from tresen.channels.mail.spool import store_mail
from tresen.kit import clock
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

BY = Actor.system("test")


def _set(**limits: int) -> None:
    from django.core.cache import cache

    change_limits(set=limits, by=BY)
    cache.clear()  # what happens on commit, which a test never sees


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the clock so many minutes after the beginning of the test."""
    begin = clock.now()

    def go(minutes: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: begin + timedelta(minutes=minutes))

    return go


def _outcomes(desk: Desk, count: int, sender: str = "flood@evil.example") -> list[str]:
    mails = [mail(f"No {n}.", sender=sender, subject=f"no {n}") for n in range(count)]
    return [str(desk.receive(one, sender=sender).outcome) for one in mails]


def test_who_writes_too_much_pauses_for_an_hour_from_then_on(desk: Desk, later: Callable[[int], None]) -> None:
    _set(new_tickets_per_sender=3)
    assert _outcomes(desk, 3) == ["new"] * 3
    later(30)
    assert _outcomes(desk, 2) == ["suspended"] * 2
    later(80)
    assert _outcomes(desk, 1) == ["suspended"], "an hour from the first mail that was too much"
    later(91)
    assert _outcomes(desk, 4) == ["new"] * 3 + ["suspended"]


def test_an_answer_is_never_held_up(desk: Desk) -> None:
    _set(new_tickets_per_sender=1)
    first = desk.receive(mail(message_id="<first@shop.example>"))
    assert desk.receive(mail("Another matter.")).outcome == "suspended"
    answer = desk.receive(mail("More on it.", in_reply_to="<first@shop.example>"))
    assert answer.outcome == "reply" and answer.ticket == first.ticket


def test_a_flood_of_made_up_senders_is_set_aside_and_known_contacts_get_through(desk: Desk) -> None:
    desk.receive(mail("I am known."))
    _set(new_senders_per_mailbox=3)
    rows = [desk.receive(mail(sender=f"x{n}@evil.example"), sender=f"x{n}@evil.example") for n in range(4)]
    assert [row.outcome for row in rows] == ["new", "new", "suspended", "suspended"]
    assert rows[3].reason["by"] == "mailbox"
    assert desk.receive(mail("Still me.")).outcome == "new"
    retry(rows[3], by=BY)
    drain("mail-in")
    rows[3].refresh_from_db()
    assert rows[3].outcome == "new", "a person's word counts more than the limit"


def test_a_mail_that_is_gone_is_nothing_to_do(desk: Desk) -> None:
    row = store_mail(mail(), mailbox=desk.mailbox, source="smtp", envelope_from="a@b.example", envelope_to="")
    assert row
    row.delete()
    drain("mail-in")
    assert not Job.objects.filter(name="mail.process").exclude(last_error="").exists()


def test_automatic_mail_stops_where_the_limits_say(desk: Desk) -> None:
    _set(auto_unverified_per_hour=2, auto_per_day=3)
    for number in range(4):
        desk.receive(mail(f"No {number}."))
    assert Outbox.objects.filter(kind="ack").count() == 2
    _set(auto_per_mailbox=0)
    desk.receive(mail(sender="dave@shop.example"), sender="dave@shop.example")
    assert Outbox.objects.filter(kind="ack").count() == 2


def test_limits_are_changed_with_an_event_and_not_over_somebody_else(desk: Desk) -> None:
    from tresen.kit.fingerprint import fingerprint

    seen = fingerprint(limit_values())
    _set(auto_per_day=7)
    assert mail_limits().auto_per_day == 7
    assert Event.objects.get(kind="mail.limits_changed").changes == {"auto_per_day": [10, 7]}
    with pytest.raises(ChangedMeanwhile):
        change_limits(set={"auto_per_day": 8}, by=BY, expected=seen)
    with pytest.raises(KeyError):
        change_limits(set={"id": 8}, by=BY)
    change_limits(set={"auto_per_day": 7}, by=BY)
    assert Event.objects.filter(kind="mail.limits_changed").count() == 1


def test_a_mail_that_goes_round_in_a_circle_waits_for_a_person_and_is_never_answered(desk: Desk) -> None:
    passed = b"".join(b"Received: from a%d.example by b%d.example\r\n" % (n, n) for n in range(51))
    row = desk.receive(passed + mail("Round and round.", subject="circle"))
    assert (row.outcome, row.reason["by"], row.reason["limit"]) == ("suspended", "servers", 50)
    retry(row, by=BY)
    drain("mail-in")
    row.refresh_from_db()
    assert row.outcome == "new" and not Outbox.objects.exists(), "a confirmation would go round, too"
    assert desk.receive(passed[:2000] + b"\r\n" + mail("A long way.", subject="way")).outcome == "new"
    _set(most_servers=60)
    assert desk.receive(passed + mail("Not too long.", subject="now")).outcome == "new"
