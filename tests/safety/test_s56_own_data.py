"""S56: a person's copy of her own data holds every channel and all files of hers, nothing internal, nobody else's
address beyond her own threads; its link is good once (P11)."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from tests.cast import TEST, Cast, make_cast
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.spool import store_mail
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.people.models import User
from tresen.core.people.services import verify_mail
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.models import Participant, Ticket
from tresen.core.tickets.services import add_note, add_participant, add_received, add_reply
from tresen.faces.cli.main import main
from tresen.kit import files
from tresen.service.participation.jobs import sweep as participation_sweep
from tresen.service.participation.links import preferences_token
from tresen.service.participation.models import Wish
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

ALL_CHANNELS = ("mail", "web", "phone", "visit", "chat", "fax", "api")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def desk_of(cast: Cast) -> None:
    """What carol wrote on every channel, and what is nobody's business of hers."""
    verify_mail(cast.carol, by=TEST)
    for channel in ALL_CHANNELS:
        ticket = cast.ticket(subject=f"By {channel}")
        file = prepare_file([channel.encode()], filename=f"../../{channel}.txt")
        content = Content(f"CAROL-{channel}")
        add_received(
            ticket, by=TEST, contact=cast.carol, content=content, channel=channel, trust="claimed", files=[file]
        )
        add_note(ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=Content("NOTE-MARKER"))
        add_reply(ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=Content(f"ANSWER-{channel}"))
    foreign = cast.ticket(subject="FOREIGN", text="FOREIGN-TEXT dave@harrowmere.example", requester=cast.dave)
    add_received(foreign, by=TEST, contact=cast.dave, content=Content("FOREIGN-TWO"), channel="mail", trust="claimed",
                 files=[prepare_file([b"FOREIGN-FILE"], filename="foreign.txt")])  # fmt: skip
    add_participant(foreign, by=TEST, contact=cast.carol)
    content = Content("SINCE-SHE-IS-THERE")
    add_received(foreign, by=TEST, contact=cast.dave, content=content, channel="mail", trust="claimed")
    aside = cast.ticket(subject="ASIDE-SUBJECT", requester=cast.dave)
    add_received(aside, by=TEST, contact=cast.carol, content=Content("CAROL-ASIDE"), channel="mail", trust="claimed")
    Participant.objects.filter(ticket=aside, contact=cast.carol).delete()
    head = b"From: carol@faehrholm.example\r\nTo: help@lindhafen.example\r\nSubject: As it came\r\n"
    raw = head + b"Message-ID: <1@x.example>\r\n\r\nCAROL-RAW\r\n"
    store_mail(raw, mailbox=Mailbox.objects.get(), source="pipe", envelope_from="carol@faehrholm.example")
    drain()


def mailed() -> tuple[str, str]:
    """To whom the newest mail went, and the path of the link in it."""
    mails = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in (outgoing_folder() / "new").iterdir()]
    found = [(str(mail["To"]), str(mail.get_body(("plain",)).get_content())) for mail in mails]  # type: ignore[union-attr]
    (one,) = [(to, text) for to, text in found if "/my-data/" in text]
    match = re.search(r"(/my-data/[\w-]+/)", one[1])
    assert match
    return one[0], match[1]


def look_into(raw: bytes) -> None:
    """What is in the zip, and what is not."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = archive.namelist()
        whole = b"\n".join(archive.read(name) for name in names)
        told = json.loads(archive.read("requests.json"))
        you = json.loads(archive.read("you.json"))
    for channel in ALL_CHANNELS:
        assert f"CAROL-{channel}".encode() in whole and f"ANSWER-{channel}".encode() in whole
        assert [name for name in names if name.endswith(f"/{channel}.txt")], channel
    assert b"CAROL-RAW" in whole and any(name.startswith("mails/") for name in names)
    assert b"SINCE-SHE-IS-THERE" in whole and you["addresses"][0]["value"] == "carol@faehrholm.example"
    for marker in (b"NOTE-MARKER", b"FOREIGN-TEXT", b"FOREIGN-TWO", b"FOREIGN-FILE", b"dave@", b"anna@", b"ada@"):
        assert marker not in whole, marker
    assert not [name for name in names if ".." in name or name.startswith("/")]
    assert len(told) == len(ALL_CHANNELS) + 3
    (aside,) = [one for one in told if "CAROL-ASIDE" in json.dumps(one)]  # somebody else's: no more than her words
    assert sorted(aside) == ["brand", "messages", "number"] and b"ASIDE-SUBJECT" not in whole
    assert "ratings.json" in names


def test_s56_the_copy_comes_by_a_link_to_her_own_address_and_once(cast: Cast) -> None:
    desk_of(cast)
    cast.carol.user = User.objects.create(email="carol@faehrholm.example", name="Carol")
    cast.carol.save()
    carol, stranger = Client(), Client()
    carol.force_login(cast.carol.user)
    assert stranger.post("/preferences/data/", {"wish": "copy"}).headers["Location"].startswith("/sign-in/")
    assert carol.get("/preferences/").status_code == 200
    assert carol.post("/preferences/data/", {"wish": "copy"}).status_code == 302
    assert carol.post("/preferences/data/", {"wish": "copy"}).status_code == 302
    drain()
    assert Wish.objects.count() == 1
    to, path = mailed()
    assert to == "carol@faehrholm.example"
    for _again in range(2):
        page = stranger.get(path)  # whoever reads that mailbox; a scanner fetches nothing
        assert page.status_code == 200 and page.headers["Referrer-Policy"] == "no-referrer"
        assert stranger.head(path).status_code == 200
    answer: Any = stranger.post(path)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "private, no-store"
    participation_sweep()
    look_into(b"".join(answer.streaming_content))
    assert files.path_of(Wish.objects.get().storage_key).exists()  # it may be on its way for long
    Wish.objects.update(done_at=timezone.now() - timedelta(minutes=61))
    participation_sweep()
    assert Wish.objects.get().storage_key == ""
    assert stranger.post(path).status_code == stranger.get(path).status_code == 404
    assert "fetched" in carol.get("/preferences/").content.decode()


def test_s56_a_link_ends_and_a_link_to_preferences_opens_no_data(cast: Cast) -> None:
    desk_of(cast)
    base, guest = f"/preferences/{preferences_token(cast.carol)}/", Client()
    page = guest.get(base).content.decode()
    assert "Ask for a copy" in page and "faehrholm.example" not in page and "CAROL-" not in page
    guest.post(f"{base}data/", {"wish": "copy"})
    drain()
    to, path = mailed()
    assert to == "carol@faehrholm.example"
    Wish.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert guest.get(path).status_code == guest.post(path).status_code == 404
    for _more in range(4):
        guest.post(f"{base}data/", {"wish": "copy"})
        drain()
    assert Wish.objects.count() == 3  # that was enough for one day
    dave = f"/preferences/{preferences_token(cast.dave)}/"
    assert "no confirmed address" in guest.get(dave).content.decode()
    guest.post(f"{dave}data/", {"wish": "copy"})
    assert not Wish.objects.filter(contact=cast.dave).exists()


def test_s56_a_wish_that_got_stuck_is_tried_again_and_ends(cast: Cast) -> None:
    verify_mail(cast.carol, by=TEST)
    guest, path = Client(), f"/preferences/{preferences_token(cast.carol)}/data/"
    for _ in range(2):
        guest.post(path, {"wish": "copy"})
        assert Job.objects.filter(name="participation.make_ready").count() == 1
        Job.objects.all().delete()  # it was given up
    stored = files.store_bytes(b"half").key
    Wish.objects.update(asked_at=timezone.now() - timedelta(days=8), storage_key=stored)
    participation_sweep()
    assert Wish.objects.values_list("state", "storage_key").get() == ("over", "")
    assert not files.path_of(stored).exists()


def test_s56_deletion_is_asked_for_and_confirmed_by_a_link(cast: Cast) -> None:
    verify_mail(cast.carol, by=TEST)
    guest, before = Client(), Ticket.objects.count()
    guest.post(f"/preferences/{preferences_token(cast.carol)}/data/", {"wish": "deletion"})
    drain()
    _to, path = mailed()
    assert guest.get(path).status_code == 200 and Ticket.objects.count() == before
    assert guest.post(path).status_code == 200
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.subject) == (cast.carol, "Please delete the data about me")
    assert guest.post(path).status_code == 404 and Ticket.objects.count() == before + 1


def test_s56_the_command_line_writes_the_same(cast: Cast, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk_of(cast)
    monkeypatch.setattr("tresen.faces.cli.privacy.set_up", lambda: None)
    target = tmp_path / "carol.zip"
    done = CliRunner().invoke(main, ["privacy", "export", "carol@faehrholm.example", "--to", str(target)])
    assert done.exit_code == 0, done.output
    look_into(target.read_bytes())
    assert target.stat().st_mode & 0o077 == 0
    again = ["privacy", "export", str(cast.carol.pk), "--to", str(target)]
    assert CliRunner().invoke(main, again).exit_code == 1
    assert CliRunner().invoke(main, ["privacy", "export", "nobody@x.example"]).exit_code == 1
