"""R19: a receiver that is down, slow, 429, 410, 500: at least once under the same id, also when killed before it was
noted, others are not delayed, again by hand, and the administrators hear of it before it is switched off."""

from __future__ import annotations

import threading
from concurrent.futures import wait
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import TEST, Cast, make_cast
from tests.desk.conftest import tree
from tests.rules.conftest import NewRule, rule
from tests.safety.receiver import Receiver
from tresen.channels.mail.alarms import watch
from tresen.kit import clock
from tresen.kit.http import Limits
from tresen.service.webhooks import sending
from tresen.service.webhooks.models import Delivery, Endpoint
from tresen.service.webhooks.sending import RETRIES, send_due
from tresen.service.webhooks.services import create_endpoint
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

__all__ = ["rule"]


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.OUTBOUND_ALLOW = ["127.0.0.1/32"]
    return make_cast()


def endpoint(name: str, url: str) -> Endpoint:
    return create_endpoint(set={"name": name, "url": url, "kinds": ["ticket.created"]}, by=TEST)[0]


def alarms() -> list[str]:
    watch()
    return [job.payload["subject"] for job in Job.objects.filter(name="mail.alarm")]


def test_r19_a_call_is_tried_until_it_is_taken_under_the_same_id_and_nobody_waits_for_it(
    cast: Cast, time_machine: Any
) -> None:
    start = clock.now()
    time_machine.move_to(start, tick=False)
    with Receiver(answers=[500, 429, 503, 204], headers={"Retry-After": "7"}) as bad, Receiver() as good:
        endpoint("Bad", bad.url), endpoint("Good", good.url)
        cast.ticket()
        drain()
        assert len(good.got) == 1 and len(bad.got) == 1
        at = start
        for pause in RETRIES[:3]:
            at += timedelta(seconds=pause * 1.2 + 8)
            time_machine.move_to(at, tick=False)
            drain()
        assert len({said["webhook-id"] for said, _body in bad.got}) == 1 and len(bad.got) == 4
        assert {call.state for call in Delivery.objects.all()} == {"done"}
        assert not Endpoint.objects.exclude(failing_since=None).exists()
        call = Delivery.objects.get(endpoint__name="Bad")
        ada = cast.browser(cast.ada)
        page = tree(ada.get(f"/settings/webhooks/{call.endpoint_id}/"))
        assert [node.text() for node in page.css("td[data-label] .num")] == ["204"], "what is over is not shown"
        ada.post(f"/settings/webhooks/{call.endpoint_id}/act/", {"again": str(call.pk)})
        drain()
        assert bad.got[-1][0]["webhook-id"] == call.key and len(bad.got) == 5


def test_r19_who_is_down_for_three_days_is_told_of_before_he_is_switched_off(cast: Cast, time_machine: Any) -> None:
    start = clock.now()
    time_machine.move_to(start, tick=False)
    down = endpoint("Down", "http://127.0.0.1:9/hook")
    cast.ticket()
    drain()
    at = start
    for pause in RETRIES:
        at += timedelta(seconds=pause * 1.2 + 1)
        time_machine.move_to(at, tick=False)
        drain()
        down.refresh_from_db()
        if at - start > timedelta(hours=2) and down.is_active:
            assert any("fails" in subject for subject in alarms())
    assert (down.is_active, down.stopped_why) == (False, "failing")
    assert Delivery.objects.get().state == "given_up" and timedelta(days=3) <= at - start
    assert any("switched off" in subject for subject in alarms())


def test_r19_who_refuses_one_call_and_takes_others_is_called_on(cast: Cast) -> None:
    with Receiver(answers=[400, 204, 400]) as other:
        picky = endpoint("Picky", other.url)
        cast.ticket(), cast.ticket()
        drain()
        Delivery.objects.filter(state="waiting").update(attempts=len(RETRIES), due_at=clock.now())
        send_due()
        picky.refresh_from_db()
        assert sorted(call.state for call in Delivery.objects.all()) == ["done", "given_up"]
        assert picky.is_active and len(other.got) == 3


def test_r19_gone_means_gone(cast: Cast, rule: NewRule) -> None:
    with Receiver(answers=[410]) as other:
        gone = endpoint("Gone", other.url)
        rule("Call", "created", "vpn", actions=[{"do": "webhook", "endpoint": str(gone.pk)}])
        cast.ticket()
        assert [call.kind for call in Delivery.objects.order_by("pk")] == ["ticket.created", "rule.called"]
        drain()
        gone.refresh_from_db()
        assert (gone.is_active, gone.stopped_why, len(other.got)) == (False, "gone", 1)
    assert any("“Gone” has been switched off" in subject for subject in alarms())
    (told,) = Job.objects.filter(name="mail.alarm", payload__subject__icontains="Gone")
    assert "410" in told.payload["text"] and told.payload["user_id"] == cast.ada.user_id
    assert "410" in cast.browser(cast.ada).get(f"/settings/webhooks/{gone.pk}/").content.decode()


def test_r19_a_slow_one_delays_nobody_also_those_that_are_called_meanwhile(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_later: list[int] = []

    def waits_while_another_ticket_comes(flying: Any, **more: Any) -> Any:
        if len(flying) == 1 and not came_later:  # the slow one alone is left
            came_later.append(cast.ticket("Later").pk)
        return wait(flying, **more)

    monkeypatch.setattr(sending, "wait", waits_while_another_ticket_comes)
    held = threading.Event()
    # It answers only when the others have had all of theirs: whoever waits for it, waits for ever.
    with Receiver(may_answer=held) as slow, Receiver(on_call=lambda n: held.set() if n == 4 else None) as good:
        endpoint("Slow", slow.url), endpoint("Good", good.url), endpoint("Other", good.url)
        cast.ticket()
        assert send_due() is False
        assert len(good.got) == 4 and len(slow.got) == 2 and came_later
    assert {(call.state, call.status, call.attempts) for call in Delivery.objects.all()} == {("done", 204, 1)}


def test_r19_who_does_not_answer_in_time_is_tried_again_under_the_same_id(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    monkeypatch.setattr(sending, "LIMITS", Limits(seconds=0.3, max_bytes=1024))
    with Receiver(may_answer=threading.Event()) as slow, Receiver() as good:
        endpoint("Slow", slow.url), endpoint("Good", good.url)
        cast.ticket()
        send_due()
        assert len(good.got) == 1 and Delivery.objects.get(endpoint__name="Slow").status is None
        slow.may_answer.set()
        time_machine.move_to(clock.now() + timedelta(seconds=RETRIES[0] * 1.2 + 1), tick=False)
        send_due()
        assert len({said["webhook-id"] for said, _body in slow.got}) == 1 and len(slow.got) == 2
    assert {call.state for call in Delivery.objects.all()} == {"done"}


def test_r19_killed_between_sending_and_noting_it_is_delivered_once_more_under_the_same_id(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    start = clock.now()
    time_machine.move_to(start, tick=False)

    def killed(delivery: Delivery, outcome: object) -> None:
        raise KeyboardInterrupt

    with Receiver() as other:
        endpoint("Other", other.url)
        cast.ticket()
        with monkeypatch.context() as patch:
            patch.setattr(sending, "settle", killed)
            with pytest.raises(KeyboardInterrupt):
                send_due()
        assert (Delivery.objects.get().state, len(other.got)) == ("waiting", 1)
        send_due()
        assert len(other.got) == 1, "while it may still be under way nobody else sends it"
        time_machine.move_to(start + timedelta(seconds=61), tick=False)
        drain()
        assert [said["webhook-id"] for said, _body in other.got] == [Delivery.objects.get().key] * 2
    assert Delivery.objects.get().state == "done"
