"""S14: a file's name is data: it makes no path, breaks no header, and hides nothing (P1)."""

from __future__ import annotations

import json
import re
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tests.flows.conftest import RunningDesk
from tests.outside import Sink
from tests.safety.hostile_names import NAMES, UNSEEN, mail_with_names
from tests.safety.mail_desk import link_in
from tests.visitor import Page, Upload, Visitor, multipart

pytestmark = pytest.mark.once

CAROL = "carol@shop.example"
STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
# The whole grammar that may leave us: a quoted name of plain ASCII, and the true one percent-encoded (RFC 6266, 5987).
DISPOSITION = re.compile(
    r"(?:attachment|inline); filename=\"[ !#$&-\[\]-~]{1,200}\"(?:; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+)?"
)


@dataclass(frozen=True)
class Story:
    """A desk with the files on one ticket, and who looks."""

    desk: RunningDesk
    outside: Sink
    number: str
    before: set[Path]
    agent: Visitor
    customer: Visitor
    link: str

    def files(self) -> list[dict[str, Any]]:
        """Every file on the ticket, as the interface tells it."""
        return [file for message in self.desk.messages(self.number) for file in message["attachments"]]


def _everything_below(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()}


@pytest.fixture(scope="module")
def story(mail_desk: RunningDesk, outside: Sink) -> Iterator[Story]:
    before = _everything_below(mail_desk.instance.data.parent)
    mail_desk.send(mail_with_names(list(NAMES), subject="names", sender=f"Carol <{CAROL}>"), sender=CAROL)
    number = mail_desk.wait_ticket("names")["number"]
    link = link_in(outside.wait(CAROL)[0])
    yield Story(
        mail_desk, outside, number, before, mail_desk.signed_in(), Visitor(mail_desk.instance.url), link
    )  # fmt: skip


def _is_plain(name: str, *, what: str) -> None:
    """A name that can be shown and saved anywhere."""
    assert 0 < len(name) <= 200, what
    assert not set(name) & set('/\\"<>|:*?'), (what, name)
    assert not name.startswith(".") and not name.endswith((".", " ")), (what, name)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in name), (what, ascii(name))
    stem = name.partition(".")[0].strip().upper()
    assert stem not in {"CON", "PRN", "AUX", "NUL", "CONIN$", "COM1", "COM\u00b9", "LPT9"}, (what, name)


def _is_well_formed(page: Page, *, what: str) -> None:
    """The header says a plain name in both its forms, and no name has made a header of its own."""
    assert page.status == 200, (what, page.status, page.text[:300])
    told = page.headers["content-disposition"]
    assert DISPOSITION.fullmatch(told), (what, told)
    assert not {"x-evil", "set-cookie"} & set(page.headers), (what, page.headers)
    plain, _, extended = told.partition('filename="')[2].partition("\"; filename*=UTF-8''")
    _is_plain(plain.rstrip('"'), what=what)
    if extended:
        _is_plain(unquote(extended, errors="strict"), what=what)


def _lies_in_the_store(story: Story, count: int) -> None:
    """Everything new on the disk is a stored file under a name of ours; nothing lies anywhere else."""
    folder = story.desk.instance.data.parent
    new = _everything_below(folder) - story.before
    stored = {path for path in new if path.parts[:2] == ("data", "files")}
    assert all(STORED.fullmatch("/".join(path.parts[2:])) for path in stored), sorted(stored)
    assert len(stored) == count
    others = {path.name for path in new - stored}
    assert others <= {"tresen.sqlite3-wal", "tresen.sqlite3-shm", "tresen.sqlite3-journal"}, others


def test_s14_names_by_mail(story: Story) -> None:
    files = story.files()
    assert len(files) == len(NAMES)
    _lies_in_the_store(story, len(NAMES))
    for file, name in zip(files, NAMES, strict=True):
        what = ascii(name[:60])
        _is_plain(file["filename"], what=what)
        page = story.agent.get(f"/desk/attachments/{file['id']}/")
        _is_well_formed(page, what=what)
        assert page.body == b"file %d" % NAMES.index(name)


def test_s14_what_cannot_be_seen_is_shown_as_a_mark(story: Story) -> None:
    by_name = dict(zip(NAMES, (file["filename"] for file in story.files()), strict=True))
    assert by_name["invoice\u202efdp.exe"] == "invoice\ufffdfdp.exe"
    assert by_name["\u200b.htaccess"] == "\ufffd.htaccess"
    assert by_name["Grüße żółw.pdf"] == "Grüße żółw.pdf", "an honest name stays as it is"
    for unseen in UNSEEN:
        assert "\ufffd" in by_name[f"a{unseen}b.txt"], ascii(unseen)
    for visitor, path in ((story.agent, f"/desk/tickets/{story.number}/"), (story.customer, story.link)):
        page = visitor.get(path)
        assert "invoice\ufffdfdp.exe" in page.html and "Grüße żółw.pdf" in page.html
        found = {ascii(c) for c in page.html if c in UNSEEN}
        assert not found, (path, found)
        assert not page.tree.css("[onerror], script:not([src], [type='application/json'])"), path


def test_s14_names_by_the_portal_and_the_desk(story: Story) -> None:
    names = [name for name in NAMES if name.strip() and len(name.encode()) < 500]
    before = len(story.files())
    for start in range(0, 40, 5):
        uploads = [Upload("files", name, b"web") for name in names[start : start + 5]]
        story.customer.get(story.link)
        page = story.customer.fill("form.answer", files=uploads, text=f"More, from {start}.")
        assert page.status == 200, page.text[:500]
    for start in range(40, len(names), 10):
        uploads = [Upload("files", name, b"web") for name in names[start : start + 10]]
        story.agent.get(f"/desk/tickets/{story.number}/")
        page = story.agent.fill("form.composer", files=uploads, kind="note", note_text=f"More, from {start}.")
        assert page.status == 200, page.text[:500]
    # What is nothing but dots and slashes is no file in a form; all the others have arrived.
    files = story.files()
    assert len(files) >= before + len([name for name in names if name.strip("./")])
    for file in files[before:]:
        _is_plain(file["filename"], what=ascii(file["filename"]))
    for file in files[before::7]:
        _is_well_formed(story.agent.get(f"/desk/attachments/{file['id']}/"), what=ascii(file["filename"]))
    _lies_in_the_store(story, len(files))


def test_s14_a_name_of_four_kilobytes_in_a_form(story: Story) -> None:
    before = len(story.files())
    for name in (name for name in NAMES if len(name) > 500):
        story.agent.get(f"/desk/tickets/{story.number}/")
        upload = Upload("files", name, b"long")
        page = story.agent.fill("form.composer", files=[upload], kind="note", note_text="A long name.")
        assert page.status in {200, 400}, page.text[:500]
    for file in story.files()[before:]:
        _is_plain(file["filename"], what=ascii(file["filename"]))
    _lies_in_the_store(story, len(story.files()))


def test_s14_parts_that_no_browser_would_send(story: Story) -> None:
    """Names in RFC 5987 form, which some libraries decode after their own check for paths."""
    before = len(story.files())
    told = [
        b"form-data; name=files; filename*=UTF-8''..%2f..%2f..%2fsecret.key",
        b"form-data; name=files; filename*=UTF-8''a%0d%0aX-Evil%3a%201",
        b'form-data; name="files"; filename="../../secret.key"; filename*=utf-8\'\'%2e%2e%5csecret.key',
        b'form-data; name="files"; filename="a\x00/../b.html"',
        b'form-data; name="files"; filename="\xff\xfe\x80.txt"',
    ]
    uploads = [Upload("files", "", b"odd", disposition=head) for head in told]
    story.agent.get(f"/desk/tickets/{story.number}/")
    page = story.agent.fill("form.composer", files=uploads, kind="note", note_text="Odd.")
    assert page.status in {200, 400, 422}, page.text[:500]
    for file in story.files()[before:]:
        _is_plain(file["filename"], what=ascii(file["filename"]))
        _is_well_formed(story.agent.get(f"/desk/attachments/{file['id']}/"), what=ascii(file["filename"]))
    _lies_in_the_store(story, len(story.files()))


def test_s14_names_by_the_interface(story: Story) -> None:
    caller = Visitor(story.desk.instance.url)
    lying = len(story.files())
    made = 0
    for name in (*NAMES[::4], *UNSEEN[:3]):
        address = f"/attachments?filename={quote(name.encode('utf-8', 'surrogatepass'), safe='')}"
        status, answer = _post(story.desk, address, b"api", "application/octet-stream")
        if status == 400 and not name.strip():
            continue
        assert status in {201, 414} or (status == 400 and len(name) > 1000), (ascii(name[:60]), status, answer)
        if status == 201:
            made += 1
            _is_plain(answer["filename"], what=ascii(name))
            page = caller.get(f"/api/v1/attachments/{answer['id']}/content", Authorization=f"Bearer {story.desk.token}")
            _is_well_formed(page, what=ascii(name[:60]))
    for name in NAMES[1::9]:
        body, kind = multipart({}, [Upload("file", name, b"api")])
        status, answer = _post(story.desk, "/attachments", body, kind)
        assert status in {201, 400}, (ascii(name[:60]), answer)
        if status == 201:
            made += 1
            _is_plain(answer["filename"], what=ascii(name))
    assert made > 30
    _lies_in_the_store(story, lying + made)


def test_s14_a_hostile_name_leaves_in_a_sound_header(story: Story) -> None:
    sent = len(story.outside.to(CAROL))
    names = ["a\r\nX-Evil: 1\r\n\r\nBcc: eve@evil.example.txt", "invoice\u202efdp.exe", "../../x.html", "CON"]
    names.append("ż" * 300 + ".pdf")
    story.agent.get(f"/desk/tickets/{story.number}/")
    uploads = [Upload("files", name, b"out") for name in names]
    page = story.agent.fill("form.composer", files=uploads, kind="reply", reply_text="Here you are.")
    assert page.status == 200, page.text[:500]
    received = story.outside.wait(CAROL, count=sent + 1)[sent]
    assert received.recipients == (CAROL,)
    assert not {"x-evil", "bcc"} & {name.lower() for part in received.mail.walk() for name in part}
    attached = [part.get_filename() or "" for part in received.mail.iter_attachments()]
    assert len(attached) == len(names)
    for name in attached:
        _is_plain(name, what=ascii(name))


def _post(desk: RunningDesk, path: str, data: bytes, kind: str) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"{desk.instance.url}/api/v1{path}", data=data, method="POST",
        headers={"Authorization": f"Bearer {desk.token}", "Content-Type": kind},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read()[:500]
