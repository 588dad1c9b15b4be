"""S2: files of strangers, however they are named, typed and built: a download unless a raster image, never sniffed,
never run, under a type of ours (P1)."""

from __future__ import annotations

import hashlib
import io
import json
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.flows.conftest import RunningDesk
from tests.outside import Sink, wait_for
from tests.safety.hostile_files import RASTER, HostileFile, hostile_files, mail_with
from tests.safety.mail_desk import link_in
from tests.visitor import Page, Upload, Visitor

pytestmark = pytest.mark.once

CAROL = "carol@shop.example"
FILES_A_MAIL = 400
# Every type under which we give out bytes; none of them is one that a browser runs.
TYPES = {
    *RASTER, "application/octet-stream", "application/pdf", "application/zip", "text/plain", "text/csv",
    "text/calendar", "text/vcard", "message/rfc822", "audio/mpeg", "audio/wav", "video/mp4", "application/msword",
    "application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip
GAMES = ("?inline=1", "?disposition=inline&content_type=text/html&response-content-type=text/html", "?download=0&raw=1")


@dataclass(frozen=True)
class Story:
    """A desk with the files on tickets: what was sent by its checksum, what the desk knows of each, and who looks."""

    desk: RunningDesk
    sent: dict[str, HostileFile]
    known: list[dict[str, Any]]
    agent: Visitor
    customer: Visitor
    link: str


@pytest.fixture(scope="module")
def story(mail_desk: RunningDesk, outside: Sink, full_size: bool) -> Iterator[Story]:
    made = list(hostile_files(everything=full_size))
    known: list[dict[str, Any]] = []
    for number, start in enumerate(range(0, len(made), FILES_A_MAIL)):
        part = made[start : start + FILES_A_MAIL]
        raw = mail_with(part, subject=f"files-{number}", sender=f"Carol <{CAROL}>")
        mail_desk.send(raw, sender=CAROL)
        ticket = mail_desk.wait_ticket(f"files-{number}")["number"]
        arrived = mail_desk.messages(ticket)[0]["attachments"]
        assert len(arrived) == len(part)
        known += [{**file, "ticket": ticket, "sent": sent} for file, sent in zip(arrived, part, strict=True)]
    link = link_in(outside.wait(CAROL)[0])
    customer = Visitor(mail_desk.instance.url)
    by_sum = {hashlib.sha256(file.data).hexdigest(): file for file in made}
    yield Story(mail_desk, by_sum, known, mail_desk.signed_in(), customer, link)


def _is_harmless(page: Page, *, where: str) -> None:
    """What decision 6 demands of every byte of a stranger's."""
    headers = page.headers
    assert page.status == 200, (where, page.status, page.text[:200])
    assert headers["x-content-type-options"] == "nosniff", where
    assert headers["content-security-policy"] == "sandbox; default-src 'none'", where
    assert headers["cross-origin-resource-policy"] == "same-origin", where
    assert headers["content-type"] in TYPES, (where, headers["content-type"])
    way = headers["content-disposition"].partition(";")[0]
    if headers["content-type"] in RASTER:
        assert page.body.startswith(RASTER[headers["content-type"]]), where
        assert way == "inline", where
    else:
        assert way == "attachment", (where, headers["content-disposition"])
    assert headers["referrer-policy"] == "no-referrer" and "no-store" in headers["cache-control"], where


def test_s02_no_file_of_a_mail_can_run_for_an_agent(story: Story) -> None:
    for number, file in enumerate(story.known):
        where = f"{file['sent'].name!r} claimed {file['sent'].claimed!r} {file['sent'].data[:20]!r}"
        page = story.agent.get(f"/desk/attachments/{file['id']}/{GAMES[number % len(GAMES)]}")
        _is_harmless(page, where=where)
        assert page.body == file["sent"].data, where
        assert page.headers["content-type"] == file["content_type"], where
        assert page.url.startswith(f"{story.desk.instance.url}/files/"), "an address that is good for five minutes"
        if number < 20:
            _is_harmless(story.agent.get(page.url + GAMES[number % len(GAMES)]), where=where)


def test_s02_no_file_of_a_mail_can_run_for_the_customer(story: Story) -> None:
    mine = [file for file in story.known if file["ticket"] == story.known[0]["ticket"]]
    for number, file in enumerate(mine):
        page = story.customer.get(f"{story.link}files/{file['id']}/{GAMES[number % len(GAMES)]}")
        _is_harmless(page, where=file["filename"])
        assert page.body == file["sent"].data


def test_s02_no_file_of_a_mail_can_run_by_the_interface(story: Story) -> None:
    caller = Visitor(story.desk.instance.url)
    for file in story.known[:12]:
        page = caller.get(f"/api/v1/attachments/{file['id']}/content", Authorization=f"Bearer {story.desk.token}")
        _is_harmless(page, where=file["filename"])


def test_s02_all_files_as_one_and_the_mail_itself_are_downloads(story: Story) -> None:
    message = story.desk.messages(story.known[0]["ticket"])[0]["id"]
    for path in (f"/desk/messages/{message}/files.zip", f"/desk/messages/{message}/raw/"):
        page = story.agent.get(path)
        _is_harmless(page, where=path)
        assert page.headers["content-disposition"].startswith("attachment")
    packed = zipfile.ZipFile(io.BytesIO(story.agent.get(f"/desk/messages/{message}/files.zip").body))
    assert all("/" not in name and "\\" not in name and ".." not in name for name in packed.namelist())
    assert {hashlib.sha256(packed.read(name)).hexdigest() for name in packed.namelist()} <= set(story.sent)
    raw = story.agent.get("/settings/mail/ledger/1/raw/")
    _is_harmless(raw, where="the bytes in the ledger")
    assert raw.headers["content-type"] == "application/octet-stream"


def test_s02_an_address_of_a_file_cannot_be_bent(story: Story) -> None:
    file = next(file for file in story.known if file["content_type"] == "application/octet-stream")
    good = story.agent.get(f"/desk/attachments/{file['id']}/").url
    token = good.rstrip("/").rpartition("/")[2]
    stranger = Visitor(story.desk.instance.url)
    parts = token.split(".")
    other = story.known[-1]["id"].replace("-", "")
    bent = [
        ".".join(parts[:3]), ".".join([*parts[:3], ""]), ".".join([*parts[:3], "a" * 26]), token + ".html",
        ".".join([other, *parts[1:]]), ".".join([parts[0], "ffffffff", *parts[2:]]), token[:-1],
        ".".join([*parts[:2], "-", parts[3]]),
    ]  # fmt: skip
    for word in bent:
        assert stranger.get(f"/files/{word}/").status == 404, word
    for path in ("x.html", "page.svg", "%2e%2e%2fpage.html", "..%5cpage.html"):
        assert stranger.get(f"{good}{path}").status == 404, path
    assert stranger.get("/files/").status == 404
    assert stranger.get(f"/desk/attachments/{file['id']}/").url.startswith(f"{story.desk.instance.url}/sign-in/")
    assert stranger.get(f"/t/{'A' * 43}/files/{file['id']}/").status == 404


def test_s02_no_uploaded_file_can_run(story: Story) -> None:
    dangerous = [file for file in story.sent.values() if file.data][:8]
    uploads = [Upload("files", file.name, file.data, "text/html; charset=utf-7") for file in dangerous]
    story.customer.get(story.link)
    page = story.customer.fill("form[enctype]", files=uploads[:5], text="Here they are.")
    assert page.status == 200 and page.url.startswith(story.link), page.text[:500]
    number = story.known[0]["ticket"]
    story.agent.get(f"/desk/tickets/{number}/")
    page = story.agent.fill("form.composer", files=uploads, kind="note", note_text="What I found.")
    assert page.status == 200, page.text[:500]
    messages = wait_for(lambda: len(found := story.desk.messages(number)) >= 3 and found, what="both messages")
    arrived = [file for message in messages[1:] for file in message["attachments"]]
    assert len(arrived) == len(uploads) + len(uploads[:5])
    for file in arrived:
        page = story.agent.get(f"/desk/attachments/{file['id']}/?inline=1")
        _is_harmless(page, where=file["filename"])
        assert page.body in [file.data for file in dangerous]


def test_s02_no_file_uploaded_by_a_program_can_run(story: Story) -> None:
    caller = Visitor(story.desk.instance.url)
    for file in [file for file in story.sent.values() if file.data][:8]:
        status, answer = _upload(story.desk, file)
        assert status == 201, answer
        page = caller.get(f"/api/v1/attachments/{answer['id']}/content", Authorization=f"Bearer {story.desk.token}")
        _is_harmless(page, where=file.name)
        assert page.body == file.data


def _upload(desk: RunningDesk, file: HostileFile) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"{desk.instance.url}/api/v1/attachments?filename=page.html", data=file.data, method="POST",
        headers={"Authorization": f"Bearer {desk.token}", "Content-Type": "text/html"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, json.loads(answer.read())
