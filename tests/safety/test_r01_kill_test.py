"""R1: distinct mails by SMTP and HTTP while web, worker, listener and (PostgreSQL) the database's processes are killed
at random points: each accepted mail is one message, duplicate entry or quarantined; none lost, none doubled (P14)."""

from __future__ import annotations

import os
import random
import re
import signal
import smtplib
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.instance import Instance
from tests.intake import hooks
from tests.outside import Sink, wait_for
from tests.postgres import Cluster
from tests.safety.mail_desk import all_is_read

SEED = int(os.environ.get("TRESEN_TEST_SEED", "20261122"))
BY_HTTP = 3  # every so many mails come by a provider's call, the others by SMTP


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    """On PostgreSQL a cluster of its own, whose processes may be killed as nobody else stands on it."""
    if not os.environ.get("TRESEN_DATABASE_URL"):
        yield {}
        return
    cluster = Cluster(synchronous_commit="on")
    yield {"TRESEN_DATABASE_URL": cluster.url}
    cluster.stop()


class Pusher:
    """A mail server in front, and a provider that calls `hook`: they push so many distinct mails, some each time that
    they are told to go on."""

    def __init__(self, instance: Instance, hook: str, mails: int) -> None:
        self.instance, self.hook, self.mails = instance, hook, mails
        self.accepted: list[str] = []
        self.thread = threading.Thread(target=self._push, daemon=True)
        self._allowed = threading.Semaphore(0)

    def go_on(self, mails: int) -> None:
        """So many mails more, beside whatever happens next."""
        self._allowed.release(mails)

    def one_more(self) -> None:
        """One mail more; what was not accepted comes again. Two of each sender: no cap of the desk is touched."""
        number = len(self.accepted)
        mark, sender = f"kill-{number:04d}", f"kill-{number // 2}@shop.example"
        raw = mail(f"This is {mark}.", subject=mark, sender=sender, message_id=f"<{mark}@shop.example>")

        def accepted() -> bool:
            if number % BY_HTTP:
                return _by_smtp(self.instance, raw, sender=sender)
            return _by_http(self.hook, raw, name=mark)

        wait_for(accepted, seconds=60, what=f"{mark} to be accepted")
        self.accepted.append(mark)

    def _push(self) -> None:
        for _ in range(self.mails):
            self._allowed.acquire()
            self.one_more()


def test_r01_no_accepted_mail_is_lost_or_doubled_when_processes_are_killed(
    new_instance: Callable[..., Instance],
    sink: Sink,
    database: dict[str, str],
    full_size: bool,
    record_property: Callable[[str, object], None],
) -> None:
    mails, kills = (1000, 200) if full_size else (30, 6)
    # A lease of a few seconds: a killed worker's jobs come back soon.
    instance = new_instance(TRESEN_SMTP_URL=sink.url, TRESEN_LEASE_SECONDS="2", **database)
    if database:
        instance.data.mkdir()  # it makes its own tables: those made once lie on the cluster of all tests
    desk = RunningDesk(instance.start()).set_up()
    pusher = Pusher(instance, _hook(desk), mails)
    pusher.thread.start()
    try:
        killed = _kill_many(instance, kills, lambda: pusher.go_on(mails // kills))
    finally:
        pusher.thread.join(timeout=300 if full_size else 90)
    accepted = pusher.accepted
    assert killed.total() == kills and len(accepted) == mails
    for what, value in (("mails", len(accepted)), ("processes killed", dict(killed)), ("seed", SEED)):
        record_property(what, value)

    settled = wait_for(lambda: _settled(instance), seconds=300, what="all mail to be read", every=0.2)
    # Mail whose worker died in it each time is set aside for a person, who takes it in once more.
    record_property("set aside for a person", settled["quarantined"])
    if settled["quarantined"]:
        _take_in_again(desk)
    wait_for(lambda: _is_there(desk, len(accepted)), seconds=60, what="a ticket of each mail", every=0.5)
    if "database" in killed:  # nobody is started anew after this: all who live must find the way back themselves
        wait_for(lambda: _kill(instance, "database"), what="the database to have somebody to kill")
        pusher.one_more()
        wait_for(lambda: _is_there(desk, len(accepted)), seconds=60, what="a mail after that to be read", every=0.5)
    settled = wait_for(lambda: _settled(instance), seconds=60, what="nothing to wait", every=0.2)
    # A mail whose 250 was lost with the connection is sent again: it is a duplicate, never a second message.
    assert settled["received"] == settled["new"] + settled["duplicate"], settled
    assert settled["new"] == len(accepted), settled
    wait_for(lambda: desk.instance.get("/readyz")[0] == 200, what="the web process")
    assert sorted(_subjects(desk)) == sorted(accepted)
    assert instance.cli("integrity", "check").returncode == 0


def _kill_many(instance: Instance, kills: int, go_on: Callable[[], None]) -> Counter[str]:
    """Kills at random moments: each kind of process once, in any order, then whom chance names. How many of each.

    `go_on` is called before each, so that mail comes in from the first kill to the last.
    """
    chance, killed = random.Random(SEED), Counter[str]()
    targets = ["web", "work", "work", "listen"] + ["database"] * ("TRESEN_DATABASE_URL" in instance.environment)
    # After the database was away, jobs wait for some seconds: it dies half as often as the others.
    more = chance.choices(targets, weights=[2, 2, 2, 2, 1][: len(targets)], k=kills - len(targets))
    for name in [*chance.sample(targets, len(targets)), *more]:
        go_on()
        time.sleep(chance.uniform(0.1, 0.4))
        wait_for(lambda name=name: _kill(instance, name), seconds=60, what=f"a {name} to kill")
        killed[name] += 1
    assert set(killed) == set(targets)
    return killed


def _hook(desk: RunningDesk) -> str:
    """Makes a mailbox whose mail a provider brings by HTTP; the address that he calls."""
    admin = desk.signed_in()
    admin.get("/settings/mailboxes/new/")
    page = admin.fill("form.s-form", address="hook@desk.example", incoming="hook", hook_provider="signed",
                      hook_password=hooks.OWN_SECRET)  # fmt: skip
    found = re.search(r"/hooks/mail/[\w-]+/", page.text)
    assert found, page.text[:800]
    return desk.instance.url + found.group()


def _by_http(hook: str, raw: bytes, *, name: str) -> bool:
    sent = hooks.signed(raw, secret=hooks.OWN_SECRET, name=name, ago=0, url="")
    request = urllib.request.Request(hook, sent.body, {"Content-Type": sent.content_type, **sent.headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:  # also a status that says no
        return False


def _by_smtp(instance: Instance, raw: bytes, *, sender: str) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", instance.smtp_port, timeout=10) as server:
            server.sendmail(sender, [MAILBOX], raw)
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _kill(instance: Instance, name: str) -> bool:
    """`kill -9`; False when there is nobody of that name just now."""
    if name == "database":
        return _kill_backend(instance.environment["TRESEN_DATABASE_URL"])
    child = instance.children().get(name)
    try:
        if child:
            os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return child is not None


def _kill_backend(url: str) -> bool:
    """-9 for one of the processes that serve the instance in PostgreSQL, upon which the server ends all others and
    recovers; False when there is none."""
    query = (
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        " ORDER BY random() LIMIT 1"
    )
    try:
        with psycopg.connect(url) as connection:
            found = connection.execute(query).fetchone()
        if found:
            os.kill(found[0], signal.SIGKILL)
    except (psycopg.OperationalError, ProcessLookupError):  # it recovers from the last time
        return False
    return found is not None


def _take_in_again(desk: RunningDesk) -> None:
    """What the administrator does with all that was set aside: asked for, then confirmed."""
    visitor = desk.signed_in()
    visitor.get("/settings/mail/ledger/?outcome=quarantined")
    visitor.fill("form[action='/settings/mail/ledger/many/']", all="1", act="retry")
    visitor.fill("form[action='/settings/mail/ledger/many/']")


def _is_there(desk: RunningDesk, mails: int) -> bool:
    try:
        return len(_subjects(desk)) >= mails
    except (OSError, AssertionError):  # the web process is starting again, or its database is back only now
        return False


def _settled(instance: Instance) -> dict[str, int] | None:
    """The ledger, once nothing waits; its database may be away for a moment."""
    try:
        if not all_is_read(instance):
            return None
        counts = _ledger(instance)
    except (AssertionError, psycopg.Error):
        return None
    return None if counts["waiting"] else counts


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
