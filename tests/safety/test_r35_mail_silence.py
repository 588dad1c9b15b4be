"""R35, the mail's part: a fetcher that stands still, a wrong password, mail that nobody reads or that does not get
away: within ten minutes it is in /readyz, on the desk and in the administrators' mail (P20)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from tests.cast import Cast, make_cast
from tests.flows.conftest import ADMIN, MAILBOX, RunningDesk
from tests.instance import Instance
from tests.outside import Dovecot, Sink
from tresen.channels.mail import troubles as watching
from tresen.channels.mail.alarms import watch
from tresen.channels.mail.models import Mailbox, MailWatch, RawMail
from tresen.channels.mail.spool import store_mail
from tresen.channels.mail.troubles import known_troubles, troubles
from tresen.kit import clock
from tresen.spine.jobs.models import Job, WorkerBeat
from tresen.spine.jobs.worker import beat

PROMISED = timedelta(minutes=10)


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    beat("w", "worker")
    beat("l", "listener")
    return made


def _fetched(**changes: object) -> Mailbox:
    box = Mailbox.objects.get()
    Mailbox.objects.filter(pk=box.pk).update(incoming="imap", fetched_at=clock.now(), **changes)
    box.refresh_from_db()
    return box


def _ago(**time: float) -> object:
    return clock.now() - timedelta(**time)


def _kinds() -> list[str]:
    return [trouble.kind for trouble in troubles()]


STORIES: dict[str, Callable[[], object]] = {
    "failing": lambda: _fetched(fault="LoginError: no", fault_at=_ago(minutes=3)),
    "silent": lambda: Mailbox.objects.filter(pk=_fetched().pk).update(fetched_at=_ago(minutes=9)),
    "listener": lambda: WorkerBeat.objects.filter(kind="listener").update(seen_at=_ago(minutes=2)),
    "worker": lambda: WorkerBeat.objects.filter(kind="worker").update(seen_at=_ago(minutes=2)),
    "unread": lambda: Job.objects.create(
        queue="mail-in", name="mail.process", run_at=_ago(minutes=6), created_at=_ago(minutes=6)
    ),
}


@pytest.mark.parametrize("kind", list(STORIES))
def test_r35_it_is_seen_on_the_desk_in_the_settings_and_by_whoever_watches(cast: Cast, kind: str) -> None:
    ada, anna = cast.browser(cast.ada), cast.browser(cast.anna)
    watch()
    assert _kinds() == [] and known_troubles() == []
    STORIES[kind]()
    [trouble] = troubles()
    watch()
    if kind == "worker":  # then nobody looks
        MailWatch.objects.update(looked_at=_ago(minutes=4))
        cache.clear()
    assert trouble.kind == kind and trouble.words in ada.get("/desk/views/all/").content.decode()
    assert trouble.words in ada.get("/settings/").content.decode()
    assert trouble.words not in anna.get("/desk/views/all/").content.decode(), "she could do nothing about it"
    told = json.loads(Client().get("/readyz").content)
    assert told["warnings"] or not told["ready"]
    assert "desk.example" not in json.dumps(told) and "LoginError" not in json.dumps(told), "strangers read this too"


@pytest.mark.parametrize("kind", [kind for kind in STORIES if kind != "worker"])
def test_r35_administrators_get_one_mail_and_not_one_a_minute(cast: Cast, kind: str) -> None:
    STORIES[kind]()
    assert watch() == 1
    assert [watch() for _ in range(10)] == [0] * 10
    [mail] = Job.objects.filter(name="mail.alarm")
    assert mail.payload["user_id"] == cast.ada.user_id
    assert troubles()[0].words in mail.payload["text"] and "/settings/" in mail.payload["text"]
    if kind == "failing":
        assert "LoginError" in mail.payload["text"], "what the server said helps to mend it"


def test_r35_all_limits_leave_time_to_tell_it_within_ten_minutes() -> None:
    a_minute = timedelta(minutes=1)  # how often it is looked
    for limit in (watching.FAILING, watching.SILENT, watching.UNREAD, watching.UNSENT, watching.BEAT):
        assert limit + 2 * a_minute <= PROMISED


def test_r35_a_short_fault_and_a_mailbox_at_rest_are_no_alarm(cast: Cast) -> None:
    box = _fetched(fault="TimeoutError: ", fault_at=_ago(seconds=50))
    assert _kinds() == []
    Mailbox.objects.filter(pk=box.pk).update(fault_at=_ago(hours=2), is_active=False)
    assert _kinds() == []


def test_r35_many_mailboxes_of_one_broken_server_are_one_mail(cast: Cast) -> None:
    first = _fetched(fault="down", fault_at=_ago(minutes=5))
    for number in range(9):
        Mailbox.objects.create(address=f"m{number}@desk.example", brand=first.brand, incoming="pop", fault="down",
                               fault_at=_ago(minutes=5))  # fmt: skip
    assert watch() == 1
    [mail] = Job.objects.filter(name="mail.alarm")
    assert "m8@desk.example" in mail.payload["text"]
    for path in ("/desk/views/all/", "/settings/"):
        page = cast.browser(cast.ada).get(path).content.decode()
        assert "no mail has come in from 10 mailboxes" in page and "from m8@desk.example" not in page


def test_r35_silence_where_mail_is_expected_is_told_where_it_is_asked_for(cast: Cast) -> None:
    box = Mailbox.objects.get()
    store_mail(b"Subject: x\r\n\r\nx", mailbox=box, source="smtp")
    Job.objects.all().delete()
    RawMail.objects.update(received_at=_ago(hours=5))
    assert _kinds() == []
    Mailbox.objects.update(quiet_hours=4)
    assert _kinds() == ["quiet"]
    store_mail(b"Subject: y\r\n\r\ny", mailbox=box, source="smtp")
    assert _kinds() == []


def test_r35_it_is_told_in_the_language_of_whoever_reads(cast: Cast) -> None:
    STORIES["failing"]()
    said = set()
    for language in ("en", "de", "pl"):
        with translation.override(language):
            said.add(troubles()[0].words)
    assert len(said) == 3


@pytest.mark.full
@pytest.mark.imap
def test_r35_a_wrong_password_and_a_dead_listener_are_told_within_ten_minutes_by_the_clock(
    new_instance: Callable[..., Instance], dovecot: Dovecot, sink: Sink, record_property: Callable[[str, object], None]
) -> None:
    desk = RunningDesk(new_instance(TRESEN_SMTP_URL=sink.url)).start()
    admin = desk.signed_in()
    admin.get("/settings/mailboxes/")
    admin.get(admin.page.link(MAILBOX) if admin.page else "")
    began = time.monotonic()
    admin.fill("form.s-form", incoming="imap", imap_host="127.0.0.1", imap_port=str(dovecot.port),
               imap_security="plain", imap_user="r35", imap_password="wrong")  # fmt: skip
    sink.wait(ADMIN, seconds=600)
    record_property("seconds until told", round(time.monotonic() - began))
    assert "could not be fetched" in desk.signed_in().get("/desk/views/all/").text
    _, body = desk.instance.get("/readyz")
    assert "cannot be fetched" in body.decode()
    assert desk.instance.cli("doctor").returncode == 1
