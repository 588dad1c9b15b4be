"""R11: a mail bomb from one sender, then from ever new ones: others' mail is seen soon, the desk stays quick, what is
too much is set aside, taken in again in bulk, and nothing is gone (P12)."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.outside import wait_for
from tests.safety.mail_desk import all_is_read, send_all, wait_until_read
from tests.visitor import Visitor
from tresen.channels.mail.limits import KNOWN_SECONDS

pytestmark = pytest.mark.once

LIMITS, MANY = "/settings/mail/limits/", "/settings/mail/ledger/many/"
PERCENTILE = 0.95


@dataclass
class Others:
    """People who write while the bomb goes off, and an agent who works on: how long each waited, in seconds."""

    desk: RunningDesk
    visitor: Visitor
    people: int
    seen: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)

    def live_on(self, name: str, *, until: Callable[[], bool], most: int) -> None:
        """One mail after the other from known people, each looked for until it is a ticket; the list in between."""
        number = 0
        while number < 2 or (not until() and number < most):
            subject = f"{name} {number}"
            sender = f"known{number % self.people}@shop.example"
            began = time.monotonic()
            self.desk.send(mail("I need help.", subject=subject, sender=sender), sender=sender)
            self.desk.wait_ticket(subject)
            self.seen.append(time.monotonic() - began)
            began = time.monotonic()
            assert self.visitor.get("/desk/views/all/").status == 200
            self.pages.append(time.monotonic() - began)
            number += 1


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(PERCENTILE * (len(seconds) - 1))]


def _bomb(count: int, *, senders: int) -> list[tuple[str, str, bytes]]:
    mails = []
    for number in range(count):
        sender = f"bomb{number % senders}x{senders}@evil.example"
        mails.append((sender, MAILBOX, mail("Boom.", subject=f"bomb {number}", sender=sender)))
    return mails


def _ledger(desk: RunningDesk) -> dict[str, int]:
    done = desk.instance.cli("mail", "ledger", seconds=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: int(count) for name, count in re.findall(r"^\s*(\w+)\s+(\d+)$", done.stdout, re.MULTILINE)}


def _go_off(desk: RunningDesk, others: Others, name: str, mails: list[tuple[str, str, bytes]]) -> dict[str, int]:
    """Sends the bomb as fast as the door takes it, while the others live on; the ledger when all is read."""
    before = _ledger(desk)
    thread = threading.Thread(target=send_all, args=(desk, mails))
    thread.start()
    others.live_on(name, until=lambda: not thread.is_alive(), most=200)
    thread.join()
    others.live_on(f"{name} later", until=lambda: True, most=2)
    wait_until_read(desk, seconds=1800)
    after = _ledger(desk)
    return {outcome: after[outcome] - before[outcome] for outcome in after}


def _set(visitor: Visitor, **limits: int) -> None:
    visitor.get(LIMITS)
    visitor.fill("form.s-form", **{name: str(value) for name, value in limits.items()})


def test_r11_a_mail_bomb_holds_up_nobody_and_loses_nothing(
    mail_desk: RunningDesk, full_size: bool, record_property: Callable[[str, object], None]
) -> None:
    count, strangers = (10_000, 1000) if full_size else (50, 20)
    visitor = mail_desk.signed_in()
    people = 40 if full_size else 10  # so many that none of them comes to twenty new tickets an hour
    for number in range(people):
        sender = f"known{number}@shop.example"
        mail_desk.send(mail("Good day.", subject=f"first {number}", sender=sender), sender=sender)
    mail_desk.wait_ticket(f"first {people - 1}")
    others = Others(mail_desk, visitor, people)

    one = _go_off(mail_desk, others, "during one", _bomb(count, senders=1))
    assert one["suspended"] >= count - 20 and one["received"] == sum(n for k, n in one.items() if k != "received")
    _set(visitor, new_senders_per_mailbox=strangers + people + 1)  # those who wrote before count in this hour, too
    changed_at = time.monotonic()
    wait_for(lambda: time.monotonic() - changed_at > KNOWN_SECONDS, seconds=60, what="the worker to know the new limit")
    many = _go_off(mail_desk, others, "during many", _bomb(count, senders=count))
    assert many["suspended"] >= count - strangers and many["quarantined"] == 0
    assert _ledger(mail_desk)["received"] == people + 2 * count + len(others.seen), "nothing was refused or lost"
    record_property("others' mail p95 s", round(_p95(others.seen), 1))
    record_property("list p95 s", round(_p95(others.pages), 2))
    if full_size:
        assert _p95(others.seen) < 60 and _p95(others.pages) < 1

    waiting = _ledger(mail_desk)["suspended"]
    query = "?outcome=suspended&sender=bomb0x1%40evil.example"
    assert f"all {one['suspended']} mails that wait" in visitor.get(f"/settings/mail/ledger/{query}").text
    visitor.fill("form[action='/settings/mail/ledger/many/']", all="1", act="retry")
    visitor.fill("form[action='/settings/mail/ledger/many/']")
    left = waiting - one["suspended"]

    def taken_in() -> bool:
        return all_is_read(mail_desk.instance) and _ledger(mail_desk)["suspended"] == left

    wait_for(taken_in, every=0.5, seconds=1800, what="what was set aside to be taken in")
    assert mail_desk.tickets("&query=bomb")
