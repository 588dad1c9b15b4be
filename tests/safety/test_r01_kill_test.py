"""R1: distinct mails by SMTP while web, worker and listener are killed with -9 at random points: every accepted mail is
exactly one message, duplicate entry or quarantined; none lost, none doubled (P14)."""

from __future__ import annotations

import os
import random
import re
import signal
import smtplib
import threading
import time
from collections.abc import Callable

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.instance import Instance
from tests.outside import Sink, wait_for

SEED = int(os.environ.get("TRESEN_TEST_SEED", "20261122"))


def test_r01_no_accepted_mail_is_lost_or_doubled_when_processes_are_killed(
    new_instance: Callable[..., Instance], sink: Sink, full_size: bool, record_property: Callable[[str, object], None]
) -> None:
    mails, kills = (1000, 200) if full_size else (60, 8)
    chance = random.Random(SEED)
    # A lease of a few seconds: a killed worker's jobs come back soon.
    instance = new_instance(TRESEN_SMTP_URL=sink.url, TRESEN_LEASE_SECONDS="3").start()
    desk = RunningDesk(instance).set_up()
    accepted: list[str] = []
    done = threading.Event()

    def push() -> None:
        for number in range(mails):
            mark = f"kill-{number:04d}"
            raw = mail(
                f"This is {mark}.", subject=mark, sender=f"{mark}@shop.example", message_id=f"<{mark}@shop.example>"
            )
            while not _accepted(instance, raw, sender=f"{mark}@shop.example"):
                time.sleep(0.05)  # a mail server keeps what was not accepted and comes again
            accepted.append(mark)
        done.set()

    pusher = threading.Thread(target=push)
    pusher.start()
    killed = 0
    while killed < kills and not (done.is_set() and killed):
        time.sleep(chance.uniform(0.1, 0.5))
        killed += _kill(instance, chance.choice(["web", "work", "work", "listen"]))
    pusher.join(timeout=600)
    assert len(accepted) == mails and killed
    for what, value in (("mails", mails), ("processes killed", killed), ("seed", SEED)):
        record_property(what, value)

    wait_for(lambda: _is_there(desk, mails), seconds=300, what="all mail to be read", every=0.5)
    wait_for(lambda: _ledger(instance)["waiting"] == 0, seconds=60, what="nothing to wait", every=2)
    counts = _ledger(instance)
    # A mail whose 250 was lost with the connection is sent again: it is a duplicate, never a second message.
    assert counts["received"] == counts["new"] + counts["duplicate"] and counts["new"] == mails, counts
    wait_for(lambda: desk.instance.get("/readyz")[0] == 200, what="the web process")
    assert sorted(_subjects(desk)) == sorted(accepted)
    assert instance.cli("integrity", "check").returncode == 0


def _accepted(instance: Instance, raw: bytes, *, sender: str) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", instance.smtp_port, timeout=10) as server:
            server.sendmail(sender, [MAILBOX], raw)
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _kill(instance: Instance, name: str) -> int:
    child = instance.children().get(name)
    if child is None:
        return 0
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


def _is_there(desk: RunningDesk, mails: int) -> bool:
    try:
        return len(_subjects(desk)) >= mails
    except OSError:  # the web process is starting again
        return False


def _ledger(instance: Instance) -> dict[str, int]:
    done = instance.cli("mail", "ledger")
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: int(count) for name, count in re.findall(r"^\s*(\w+)\s+(\d+)$", done.stdout, re.MULTILINE)}


def _subjects(desk: RunningDesk) -> list[str]:
    found, cursor = [], ""
    while True:
        status, answer = desk.api("GET", f"/tickets?limit=100{cursor}")
        assert status == 200, answer
        found += [ticket["subject"] for ticket in answer["items"]]
        if not answer["next"]:
            return found
        cursor = f"&cursor={answer['next']}"
