"""Work on hostile bytes is done behind walls; what hangs or dies there is replaced and harms nobody else."""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from tresen.channels.mail.box import read_headers_in_box, read_in_box
from tresen.channels.mail.reading import JOBS, read_mail
from tresen.faces.cli.commands_mail_parse import parse
from tresen.kit.box import Box, BoxBusy, BoxDied, BoxFault, BoxTimeout

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.eml"))
# For these tests alone the table lets a worker do what a taken-over one would: whatever it likes.
WILD = {"echo": "builtins:str", "eval": "builtins:eval", "keep": "copy:copy"}
HANG = "all(True for _ in iter(int, 1))"


@pytest.fixture(scope="module")
def mail_box() -> Iterator[Box]:
    with Box(JOBS, size=2) as box:
        yield box


@pytest.fixture(scope="module")
def wild() -> Iterator[Box]:
    with Box(WILD, size=2, memory=512 * 1024 * 1024, processor_seconds=5) as box:
        yield box


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_the_box_reads_like_the_reader(path: Path, mail_box: Box) -> None:
    """Also behind the walls nothing needs to be loaded any more: the answers are equal."""
    raw = path.read_bytes()
    inside = read_in_box(raw, with_files=True, box=mail_box)
    outside = read_mail(raw, with_files=True)
    for with_bytes in ("attachments", "forwarded"):
        assert inside.pop(with_bytes) == outside.pop(with_bytes)
    assert inside == orjson.loads(orjson.dumps(outside))


def hang(box: Box, seconds: float) -> float:
    """How long it took until the box gave up on a job that never ends."""
    began = time.monotonic()
    with pytest.raises(BoxTimeout):
        box.run("eval", HANG, timeout=seconds)
    return time.monotonic() - began


def test_what_hangs_is_killed_and_replaced_while_others_go_on(wild: Box) -> None:
    wild.run("echo", 1)
    killed: list[float] = []
    thread = threading.Thread(target=lambda: killed.append(hang(wild, 0.8)))
    thread.start()
    answers = [wild.run("echo", number, timeout=5.0) for number in range(30)]
    thread.join()
    assert answers == [str(number) for number in range(30)]
    assert 0.7 < killed[0] < 5
    assert [wild.run("echo", "again") for _ in range(4)] == ["again"] * 4


def test_what_hangs_alone_is_ended_by_the_kernel() -> None:
    with Box(WILD, size=1, processor_seconds=1) as box, pytest.raises(BoxDied):
        box.run("eval", HANG, timeout=20.0)


def test_a_full_box_says_that_it_is_busy() -> None:
    with Box(WILD, size=1) as box:
        box.run("echo", 1)
        thread = threading.Thread(target=hang, args=(box, 0.6))
        thread.start()
        while box._free.qsize():
            time.sleep(0.01)
        with pytest.raises(BoxBusy):
            box.run("echo", 1, timeout=0.05)
        thread.join()


@pytest.mark.parametrize(
    "behaviour",
    ["len(bytearray(4_000_000_000))", "[bytearray(10_000_000) for _ in iter(int, 1)]", "__import__('os')._exit(7)"],
)
def test_what_dies_is_replaced(wild: Box, behaviour: str) -> None:
    with pytest.raises(BoxDied):
        wild.run("eval", behaviour)
    assert wild.run("echo", behaviour) == behaviour


def test_a_worker_killed_from_outside_is_replaced(wild: Box) -> None:
    wild.run("echo", 1)
    for pid in wild.pids():
        os.kill(pid, signal.SIGKILL)
    answers = []
    for _ in range(3):  # a worker may be seen dead only when it is asked
        with contextlib.suppress(BoxDied):
            answers.append(wild.run("echo", 2))
    assert answers
    assert set(answers) == {"2"}


def test_a_job_that_refuses_says_why_and_its_worker_lives(wild: Box) -> None:
    wild.run("echo", 1)
    before = wild.pids()
    with pytest.raises(BoxFault) as fault:
        wild.run("eval", "int('x')")
    assert fault.value.code == "ValueError"
    assert set(before) <= set(wild.pids())


def test_only_the_jobs_of_the_table_can_be_called(wild: Box) -> None:
    with pytest.raises(KeyError):
        wild.run("os.system")


def test_a_worker_knows_no_secret(wild: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRESEN_SECRET_KEY", "must-not-be-seen")
    with Box(WILD, size=1) as box:
        assert set(box.run("eval", "sorted(__import__('os').environ)")) <= {"LC_CTYPE"}
        assert box.run("eval", "__import__('os').getcwd()") == "/"
        if os.getuid() == 0:
            assert box.walls()["other_user"]
            assert box.run("eval", "__import__('os').getuid()") != 0


@pytest.mark.parametrize(
    "attempt",
    [
        "__import__('os').open('/etc/passwd', 0)",
        "__import__('os').open('/tmp/box-was-here', 0o101)",
        "__import__('os').fork()",
        "__import__('os').pipe()",
        "__import__('os').fstat(3)",
    ],
)
def test_a_worker_opens_and_starts_nothing(wild: Box, attempt: str) -> None:
    if "fork" in attempt and os.getuid() == 0 and not wild.walls()["other_user"]:
        pytest.skip("root may always start processes")
    with pytest.raises(BoxFault) as fault:
        wild.run("eval", attempt)
    assert fault.value.code in ("OSError", "PermissionError", "BlockingIOError")


def test_a_worker_has_no_network(wild: Box) -> None:
    assert wild.run("eval", "__import__('ctypes').CDLL(None).socket(2, 1, 0)") == -1
    if wild.walls()["network"] and os.getuid() == 0:
        spaces = {os.readlink(f"/proc/{pid}/ns/net") for pid in wild.pids()}
        assert os.readlink("/proc/self/ns/net") not in spaces


def test_bytes_travel_as_bytes(wild: Box) -> None:
    value = {"data": bytes(range(256)) * 10_000, "list": [b"", b"x", None, 1.5, "ł"]}
    assert wild.run("keep", value) == value


def test_a_mail_whose_html_kills_the_worker_is_read_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fragile(Box):
        def run(self, job: str, *args: object, timeout: float = 20.0, **named: object) -> object:
            if named.get("with_html", True):
                raise BoxDied("killed")
            return read_mail(args[0], **named)  # type: ignore[arg-type]

    with Fragile(JOBS) as box:
        found = read_in_box(b"Content-Type: text/html\n\n<p>Hallo <b>Anna</b>", box=box)
    assert (found["html"], found["text"]) == (None, "Hallo Anna")
    assert found["warnings"]


def test_a_25_megabyte_attachment_is_read(mail_box: Box) -> None:
    data = os.urandom(1_000_000) * 25
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHallo\n--x\n"
    raw += b"Content-Type: application/zip\n"
    raw += b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data) + b"--x--\n"
    began = time.monotonic()
    found = read_in_box(raw, with_files=True, box=mail_box)
    assert found["attachments"][0]["data"] == data
    assert time.monotonic() - began < 15


def test_the_command_prints_one_object(tmp_path: Path) -> None:
    result = CliRunner().invoke(parse, ["-"], input=b"From: a@b.example\nSubject: =?utf-8?q?=C5=81=C3=B3d=C5=BA?=\n\nx")
    assert result.exit_code == 0
    assert orjson.loads(result.stdout_bytes)["subject"] == "Łódź"


def test_the_command_answers_line_by_line_in_order(tmp_path: Path) -> None:
    names = [str(path) for path in CORPUS] + [str(tmp_path / "missing")]
    result = CliRunner().invoke(parse, ["--lines"], input="\n".join(names))
    lines = [orjson.loads(line) for line in result.stdout_bytes.splitlines()]
    assert len(lines) == len(names)
    assert lines[0]["subject"] == read_mail(CORPUS[0].read_bytes())["subject"]
    assert "error" in lines[-1]
    assert result.exit_code == 1


def test_a_mail_that_cannot_be_read_at_all_still_shows_its_headers(mail_box: Box) -> None:
    found = read_headers_in_box(b"From: a@b.example\nSubject: poison\n\n" + b"x" * 1_000_000, box=mail_box)
    assert (found["from"]["address"], found["subject"], found["text"]) == ("a@b.example", "poison", "")
    assert found["unreadable"]["code"] == "given_up"


def test_the_command_answers_with_every_key_even_when_the_box_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(self: Box, *_given: object, **_named: object) -> object:
        raise BoxDied("killed")

    whole = read_mail(b"From: a@b.example\n\nx")
    monkeypatch.setattr(Box, "run", dies)
    result = CliRunner().invoke(parse, ["-"], input=b"From: a@b.example\n\nx")
    answer = orjson.loads(result.stdout_bytes)
    assert result.exit_code == 1
    assert "killed" in answer["error"]
    assert set(answer) == {*whole, "error"}
