"""Received mail, the outgoing folder, failed jobs."""

from __future__ import annotations

import mailbox as maildirs
from email.message import EmailMessage

import pytest
from django.test import Client

from tests.cast import Cast
from tresen.channels.mail.models import Mailbox, Outcome, RawMail
from tresen.channels.mail.spool import store_mail
from tresen.channels.mail.transport import outgoing_folder
from tresen.kit import clock
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job, JobState

MAIL = b"From: carol@faehrholm.example\r\nSubject: Hallo\r\n\r\nGuten Tag\r\n"


def quarantined(**more: object) -> RawMail:
    raw = store_mail(MAIL, mailbox=Mailbox.objects.get(), source="smtp", envelope_from="carol@faehrholm.example")
    assert raw
    values = {"outcome": Outcome.QUARANTINED, "reason": {"code": "depth", "detail": "31"}, "subject": "Hallo", **more}
    RawMail.objects.filter(pk=raw.pk).update(**values)
    Job.objects.all().delete()
    return RawMail.objects.get(pk=raw.pk)


def test_the_ledger_says_what_became_of_each_mail(cast: Cast, ada: Client) -> None:
    raw = quarantined()
    text = ada.get("/settings/mail/ledger/?outcome=quarantined").content.decode()
    assert "nested deeper than we follow" in text
    assert "Hallo" in text
    page = ada.get(f"/settings/mail/ledger/{raw.pk}/").content.decode()
    assert raw.sha256 in page
    assert "Take in once more" in page
    assert "No such mail" in ada.get("/settings/mail/ledger/?outcome=own").content.decode()


def test_the_bytes_are_downloaded_as_they_came_and_never_shown(cast: Cast, ada: Client) -> None:
    answer = ada.get(f"/settings/mail/ledger/{quarantined().pk}/raw/")
    assert answer.content == MAIL
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_a_mail_in_quarantine_is_taken_in_once_more(cast: Cast, ada: Client) -> None:
    raw = quarantined()
    ada.post(f"/settings/mail/ledger/{raw.pk}/retry/")
    raw.refresh_from_db()
    assert raw.outcome == Outcome.RECEIVED
    assert Job.objects.get(name="mail.process").payload == {"raw_id": raw.pk}


def test_a_mail_that_is_filed_is_not_taken_in_again(cast: Cast, ada: Client) -> None:
    raw = quarantined(outcome=Outcome.NEW)
    ada.post(f"/settings/mail/ledger/{raw.pk}/retry/")
    assert not Job.objects.filter(name="mail.process").exists()


def test_a_long_ledger_is_read_page_by_page(cast: Cast, ada: Client) -> None:
    for _ in range(51):
        quarantined()
    text = ada.get("/settings/mail/ledger/").content.decode()
    assert text.count("/settings/mail/ledger/") >= 50
    before = text.split("before=")[1].split('"')[0]
    assert ada.get(f"/settings/mail/ledger/?before={before}").content.decode().count('<th scope="row">') == 1


def write(text: str, subject: str = "Ihre Anfrage") -> str:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "help@lindhafen.example", "carol@faehrholm.example", subject
    mail.set_content(text)
    return maildirs.Maildir(outgoing_folder(), create=True).add(mail.as_bytes())


def test_the_outgoing_folder_is_read_in_the_browser(cast: Cast, ada: Client) -> None:
    name = write("Guten Tag,\nhttp://127.0.0.1:8000/t/abc-track/\n<b>fett</b>", subject="Zeichen <3")
    assert "Zeichen &lt;3" in ada.get("/settings/mail/outgoing/").content.decode()
    text = ada.get(f"/settings/mail/outgoing/{name}/").content.decode()
    assert "Guten Tag" in text
    assert 'href="http://127.0.0.1:8000/t/abc-track/"' in text
    assert "&lt;b&gt;fett" in text


def test_links_that_open_an_account_are_hidden_there(cast: Cast, ada: Client) -> None:
    name = write("http://x/invite/SECRETSECRETSECRET/ http://x/password/reset/MQ/SECRETSECRETSECRET/")
    assert "SECRETSECRET" not in ada.get(f"/settings/mail/outgoing/{name}/").content.decode()


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fsecret.key", "nothing-here", "x" * 300])
def test_no_other_file_is_read(cast: Cast, ada: Client, name: str) -> None:
    assert ada.get(f"/settings/mail/outgoing/{name}/").status_code == 404


def failed(**more: object) -> Job:
    at = clock.now()
    values = {
        "name": "mail.send", "payload": {"outbox_id": 1}, "state": JobState.FAILED, "run_at": at, "created_at": at,
        "attempts": 8, "last_error": "ConnectionRefusedError: token=abcdef", **more,
    }  # fmt: skip
    return Job.objects.create(**values)


def test_a_failed_job_is_tried_again_or_given_up(cast: Cast, ada: Client) -> None:
    one, other = failed(), failed()
    text = ada.get("/settings/jobs/").content.decode()
    assert "ConnectionRefusedError" in text
    assert "abcdef" not in text
    ada.post(f"/settings/jobs/{one.pk}/retry/")
    ada.post(f"/settings/jobs/{other.pk}/drop/")
    one.refresh_from_db()
    assert (one.state, one.attempts) == (JobState.READY, 0)
    assert not Job.objects.filter(pk=other.pk).exists()
    assert {e.kind for e in Event.objects.filter(stream_kind="job")} == {"job.retried", "job.dropped"}


def test_a_job_whose_twin_waits_leaves_the_work_to_it(cast: Cast, ada: Client) -> None:
    one = failed(unique_key="send:1")
    failed(unique_key="send:1", state=JobState.READY)
    ada.post(f"/settings/jobs/{one.pk}/retry/")
    assert Job.objects.filter(unique_key="send:1").count() == 1


def test_a_job_that_runs_cannot_be_dropped(cast: Cast, ada: Client) -> None:
    job = failed(state=JobState.RUNNING)
    ada.post(f"/settings/jobs/{job.pk}/drop/")
    assert Job.objects.filter(pk=job.pk).exists()


def test_the_overview_names_what_waits(cast: Cast, ada: Client) -> None:
    quarantined()
    failed()
    write("x")
    text = ada.get("/settings/").content.decode()
    for told in (
        "1 mail could not be taken in",
        "1 job has failed",
        "lies in the outgoing folder",
        "No worker is running",
    ):
        assert told in text or told.replace("lies", "lie") in text
