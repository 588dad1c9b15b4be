"""R2: fetching while the fetching process is killed between fetch, commit, flag, move and expunge, while a second one
fetches the same mailbox, and while the mail server is killed: no mail is lost, none is doubled (P14)."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.instance import Instance
from tests.outside import Dovecot, wait_for
from tests.safety.mail_desk import all_tickets

pytestmark = pytest.mark.imap
SEED = int(os.environ.get("TRESEN_TEST_SEED", "20261127"))
# Way in, where it dies, and what is done with a mail that is stored.
STORIES = [
    ("imap", "spool:after_commit", ""),
    ("pop", "fetch:put_away", "deleted"),
    ("imap", "fetch:fetched", ""),
    ("imap", "spool:before_commit", ""),
    ("imap", "fetch:put_away", "moved"),
    ("imap", "spool:after_commit", "moved"),
    ("pop", "spool:after_commit", "deleted"),
    ("pop", "spool:before_commit", "kept"),
]
MARKS = [pytest.mark.in_turn("sqlite"), pytest.mark.in_turn("postgres"), *[pytest.mark.full] * (len(STORIES) - 2)]


@pytest.mark.parametrize(
    ("way", "point", "then"),
    [pytest.param(*story, marks=mark) for story, mark in zip(STORIES, MARKS, strict=True)],
)
def test_r02_no_mail_is_lost_or_doubled_when_fetching_is_killed(
    new_instance: Callable[..., Instance], dovecot_path: str, full_size: bool, way: str, point: str, then: str,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    mails = 60 if full_size else 10
    chance = random.Random(SEED)
    server = Dovecot(dovecot_path)
    # By POP3 all that is stored is deleted anew in each session: one that dies often never reaches the last mail.
    often = 0.5 / mails if then == "deleted" and point == "fetch:put_away" else 0.1
    fault = f"{point}:kill:{often}"
    instance = new_instance(TRESEN_LEASE_SECONDS="1", TRESEN_FAULT=fault)
    try:
        desk = RunningDesk(instance).start()
        user = "kill-me"
        with server.connect(user) as connection:
            connection.create("Handled")
        _fetch_by(desk, server, way, user, then)
        marks = [f"fetch-{number:03}" for number in range(mails)]
        for place, mark in enumerate(marks):
            server.deliver(user, mail(f"This is {mark}.", subject=mark, sender=f"{mark}@shop.example"))
            if place in {mails // 3, mails // 2}:
                _second_fetcher(instance)
            if place == 2 * mails // 3:
                server.kill()
                server.restart()
            if chance.random() < 0.1 and (child := instance.children().get("listen")):
                os.kill(child, signal.SIGKILL)
        began = time.monotonic()
        while len(all_tickets(desk)) < mails and time.monotonic() - began < 240:
            _second_fetcher(instance)  # the pauses after faults are long; a second fetcher is part of the story
            time.sleep(0.5)
        assert sorted(ticket["subject"] for ticket in all_tickets(desk)) == marks
        record_property("mails", mails)
        _tidied(instance, server, user, then)
        counts = _ledger(instance)
        assert counts["received"] == counts["new"] == mails, counts
        assert instance.cli("integrity", "check").returncode == 0
    finally:
        server.stop()


def _fetch_by(desk: RunningDesk, server: Dovecot, way: str, user: str, then: str) -> None:
    admin = desk.signed_in()
    admin.get("/settings/mailboxes/")
    admin.get(admin.page.link(MAILBOX) if admin.page else "")
    port = server.port if way == "imap" else server.pop_port
    fields = {
        "incoming": way, f"{way}_host": "127.0.0.1", f"{way}_port": str(port), f"{way}_security": "plain",
        f"{way}_user": user, f"{way}_password": server.password,
    }  # fmt: skip
    if then == "moved":
        fields["imap_move_to"] = "Handled"
    if then == "deleted":
        fields["pop_deletes"] = "on"
    page = admin.fill("form.s-form", **fields)
    assert page.status == 200 and "Saved" in page.text, page.text[:800]
    not_yet = "not fetched yet"
    if then == "kept":  # what lies there at the first look is left alone
        wait_for(lambda: not_yet not in admin.get("/settings/mailboxes/").text, what="the first look", every=0.5)


def _second_fetcher(instance: Instance) -> None:
    """`tresen mail fetch` beside the listener, itself killed now and then by the same fault."""
    program = [sys.executable, "-m", "tresen.faces.cli.main", "mail", "fetch"]
    subprocess.run(program, env=instance.environment, capture_output=True, timeout=90)


def _tidied(instance: Instance, server: Dovecot, user: str, then: str) -> None:
    """What was stored is put away in the end, also where the process died between the two."""
    if then == "kept":
        return
    left = {"": "UNSEEN", "moved": "ALL", "deleted": "ALL"}[then]

    def is_tidy() -> bool:
        _second_fetcher(instance)
        with server.connect(user) as connection:
            connection.select("INBOX", readonly=True)
            return not connection.search(None, left)[1][0]

    wait_for(is_tidy, seconds=120, what="the mailbox to be tidy", every=1)


def _ledger(instance: Instance) -> dict[str, int]:
    done = instance.cli("mail", "ledger")
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: int(count) for name, count in re.findall(r"^\s*(\w+)\s+(\d+)$", done.stdout, re.MULTILINE)}
