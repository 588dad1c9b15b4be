"""A backup of a running desk, restored into an empty one, is the same desk; a damaged one is named and puts nothing
back. Works on both databases; on PostgreSQL with its own client programs."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import psycopg
import pytest

from tests.flows.conftest import RunningDesk, mail
from tests.instance import Instance
from tests.outside import wait_for
from tests.visitor import Visitor


@dataclass
class Story:
    """A desk that was busy while it was backed up, and what it held when that began."""

    desk: RunningDesk
    archive: Path
    folder: Path
    before: dict[str, dict[str, Any]]
    made: list[Instance] = field(default_factory=list)

    def empty_desk(self, *, with_key: bool = True) -> Instance:
        """An installation that never ran; it has been given the secret key, as the words of `restore` ask."""
        folder = self.folder / f"other{len(self.made)}"
        (folder / "data").mkdir(parents=True, mode=0o700)
        self.made.append(Instance(folder))
        if with_key:
            shutil.copy(self.desk.instance.data / "secret.key", self.made[-1].data / "secret.key")
        return self.made[-1]

    def damaged(self, name: str) -> Path:
        """A copy of the archive to be spoilt."""
        copy = self.folder / name
        shutil.copy(self.archive, copy)
        return copy


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("backup")
    (folder / "first").mkdir()
    instance = Instance(folder / "first")
    desk = RunningDesk(instance).start()
    for number in range(6):
        desk.send(_with_file(number), sender=f"c{number}@shop.example")
    wait_for(lambda: len(desk.tickets()) == 6, what="the first tickets")
    before = _everything(desk)
    done = threading.Event()
    pusher = threading.Thread(target=_push, args=(desk, done))
    pusher.start()
    wait_for(lambda: len(desk.tickets()) > 8, what="mail that comes in meanwhile")
    ran = instance.cli("backup", str(folder / "desk.tar"))
    assert ran.returncode == 0, ran.stderr
    done.set()
    pusher.join()
    told = Story(desk, folder / "desk.tar", folder, before)
    yield told
    for one in [instance, *told.made]:
        one.stop()


def _with_file(number: int) -> bytes:
    """A mail with a file of its own."""
    head = mail("See the file.", subject=f"with file {number}", sender=f"C <c{number}@shop.example>")
    top = head.partition(b"Content-Type")[0] + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    file = f"Content-Disposition: attachment; filename={number}.bin\r\n\r\n{f'bytes {number} ' * 2000}\r\n--b--\r\n"
    return top + b"--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\n" + file.encode()


def _push(desk: RunningDesk, done: threading.Event) -> None:
    """Mail with files keeps coming until the backup is finished."""
    number = 100
    while not done.wait(0.2) and number < 140:
        desk.send(_with_file(number), sender=f"c{number}@shop.example")
        number += 1


def _everything(desk: RunningDesk) -> dict[str, dict[str, Any]]:
    """Every ticket with its messages and the checksums of its files, fetched as bytes."""
    found: dict[str, dict[str, Any]] = {}
    caller, cursor = Visitor(desk.instance.url), ""
    while True:
        status, page = desk.api("GET", f"/tickets?limit=100{cursor}")
        assert status == 200, page
        for ticket in page["items"]:
            messages = desk.messages(ticket["number"])
            for message in messages:
                for file in message["attachments"]:
                    path = f"/api/v1/attachments/{file['id']}/content"
                    answer = caller.get(path, Authorization=f"Bearer {desk.token}")
                    assert answer.status == 200, (ticket["number"], file)
                    file["sha256"] = hashlib.sha256(answer.body).hexdigest()
            found[ticket["number"]] = {"ticket": ticket, "messages": messages}
        if not page["next"]:
            return found
        cursor = f"&cursor={page['next']}"


def _is_refused(ran: CompletedProcess[str], *words: str) -> None:
    """Exit 1 with one sentence that says why, and no trace of the program's inside."""
    assert ran.returncode == 1, (ran.returncode, ran.stdout, ran.stderr)
    assert "Traceback" not in ran.stderr and ran.stderr.startswith("Error: "), ran.stderr
    for word in words:
        assert word in ran.stderr, ran.stderr


def _nothing_is_there(instance: Instance) -> None:
    assert [path for path in (instance.data / "files").rglob("*") if path.is_file()] == []
    url = instance.environment.get("TRESEN_DATABASE_URL")
    if url:
        with psycopg.connect(url) as connection:
            names = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
            assert names.fetchall() == []


def test_a_backup_of_a_busy_desk_is_restored_whole(story: Story) -> None:
    instance = story.empty_desk()
    ran = instance.cli("restore", str(story.archive))
    assert ran.returncode == 0, ran.stderr
    checked = instance.cli("integrity", "check")
    assert (checked.returncode, checked.stdout.strip()) == (0, "0 faults"), checked.stderr
    again = RunningDesk(instance.start())
    again.token = story.desk.token
    restored, original = _everything(again), _everything(story.desk)
    assert len(restored) > len(story.before), "what came while the backup began is in it"
    for number, was in story.before.items():
        assert restored[number] == was, number
    # Mail that was accepted but not yet read goes on here as there; only its number may be another.
    assert set(_files_by_subject(restored)) <= set(_files_by_subject(original))
    # The restored desk goes on where the first one stood: its people sign in, its mail still threads.
    assert again.signed_in().get("/desk/").status == 200
    again.send(mail("I am new here.", subject="after the restore"))
    number = wait_for(lambda: _number_of(again, "after the restore"), seconds=60, what="the next mail")
    assert number not in restored


def _number_of(desk: RunningDesk, subject: str) -> str:
    """The number of the ticket of that subject; empty as long as there is none."""
    return next((ticket["number"] for ticket in desk.tickets() if ticket["subject"] == subject), "")


def _files_by_subject(tickets: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """Subject and checksum of every file."""
    return [
        (one["ticket"]["subject"], file["sha256"])
        for one in tickets.values()
        for message in one["messages"]
        for file in message["attachments"]
    ]


@pytest.mark.in_turn("sqlite")
def test_a_backup_holds_no_key_and_is_for_its_owner_alone(story: Story) -> None:
    key = (story.desk.instance.data / "secret.key").read_bytes().strip()
    assert key not in story.archive.read_bytes()
    assert stat.S_IMODE(story.archive.stat().st_mode) == 0o600
    left = [path.name for path in story.folder.iterdir() if path.name.startswith(("desk.tar.", "tmp"))]
    assert left == [], "nothing of the work on it is left behind"


@pytest.mark.in_turn("postgres")
def test_a_backup_overwrites_nothing(story: Story) -> None:
    size = story.archive.stat().st_size
    _is_refused(story.desk.instance.cli("backup", str(story.archive)), "exists already")
    assert story.archive.stat().st_size == size
    _is_refused(story.desk.instance.cli("backup", str(story.folder / "nowhere" / "x.tar")), "no folder", "nowhere")


@pytest.mark.in_turn("sqlite")
def test_a_desk_that_holds_anything_is_not_overwritten(story: Story) -> None:
    before = len(story.desk.tickets())
    _is_refused(story.desk.instance.cli("restore", str(story.archive)), "not empty")
    assert len(story.desk.tickets()) >= before
    other = story.empty_desk()
    stray = other.data / "files" / "ab" / ("ab" + "0" * 30)
    stray.parent.mkdir(parents=True)
    stray.write_text("somebody's file")
    _is_refused(other.cli("restore", str(story.archive)), "files folder", "not empty")
    assert stray.read_text() == "somebody's file"


@pytest.mark.in_turn("postgres")
def test_a_desk_with_another_key_is_told_so(story: Story) -> None:
    other = story.empty_desk(with_key=False)
    _is_refused(other.cli("restore", str(story.archive)), "key")
    _nothing_is_there(other)


@pytest.mark.in_turn("sqlite")
def test_a_file_that_was_changed_is_named_and_nothing_is_put_back(story: Story) -> None:
    copy = story.damaged("flipped.tar")
    with tarfile.open(copy) as archive:
        member = [one for one in archive.getmembers() if one.name.startswith("files/")][-1]
    with copy.open("r+b") as file:
        file.seek(member.offset_data + member.size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    other = story.empty_desk()
    _is_refused(other.cli("restore", str(copy)), member.name, "damaged")
    _nothing_is_there(other)
    ran = other.cli("restore", str(story.archive))
    assert ran.returncode == 0, "after that a sound backup can be restored: " + ran.stderr


def test_a_database_that_was_changed_is_named(story: Story) -> None:
    copy = story.damaged("database.tar")
    with tarfile.open(copy) as archive:
        member = archive.getmember("database")
    with copy.open("r+b") as file:
        file.seek(member.offset_data + member.size // 2)
        file.write(b"\0damaged\0")
    other = story.empty_desk()
    _is_refused(other.cli("restore", str(copy)), "database", "damaged")
    _nothing_is_there(other)


@pytest.mark.in_turn("postgres")
def test_half_a_backup_and_no_backup_are_told_apart_from_a_whole_one(story: Story) -> None:
    other = story.empty_desk()
    half = story.damaged("half.tar")
    os.truncate(half, half.stat().st_size // 2)
    _is_refused(other.cli("restore", str(half)), "backup")
    garbage = story.folder / "garbage.tar"
    garbage.write_bytes(os.urandom(20_000))
    _is_refused(other.cli("restore", str(garbage)), "garbage.tar")
    empty = story.folder / "empty.tar"
    empty.write_bytes(b"")
    _is_refused(other.cli("restore", str(empty)), "empty.tar")
    _nothing_is_there(other)
    assert other.cli("restore", str(story.folder / "none.tar")).returncode == 2


@pytest.mark.in_turn("sqlite")
def test_a_backup_without_one_of_its_files_is_told(story: Story) -> None:
    copy = story.folder / "lacks.tar"
    with tarfile.open(story.archive) as source, tarfile.open(copy, "w") as target:
        missing = next(one.name for one in source.getmembers() if one.name.startswith("files/"))
        for member in source.getmembers():
            if member.name != missing:
                target.addfile(member, source.extractfile(member))
    other = story.empty_desk()
    _is_refused(other.cli("restore", str(copy)), missing, "missing")
    _nothing_is_there(other)
