"""No bytes crash, hang or exceed the limits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tresen.channels.mail.reading import JOBS, read_mail
from tresen.kit.box import Box
from tresen.kit.mime import MailUnreadable, parse_mail, precheck

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.eml"))
PIECES = st.sampled_from(
    [
        b"From: ",
        b"To: ",
        b"a@b.example",
        b"\r\n",
        b"\n",
        b"\n\n",
        b"=?utf-8?B?",
        b"?=",
        b"=?x?q?",
        b"(",
        b")",
        b"<",
        b">",
        b'"',
        b",",
        b";",
        b":",
        b"Content-Type: multipart/mixed; boundary=x\n\n",
        b"--x\n",
        b"--x--\n",
        b"Content-Type: text/html; charset=",
        b"utf-7",
        b"iso-2022-jp",
        b"\x1b$B",
        b"Content-Transfer-Encoding: base64\n\n",
        b"Content-Transfer-Encoding: x-uuencode\n",
        b"begin 644 a\n",
        b"end\n",
        b"<div>",
        b"<p style='",
        b"<![CDATA[",
        b"&#0;",
        b"Content-Disposition: attachment; filename*0*=",
        b"'%ff",
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"On x wrote:\n",
        b"> ",
        b"Date: Mon, 99 Foo 99999 99:99:99 +9999\n",
        b"Content-Type: message/delivery-status\n\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n",
    ]
)


def answer(raw: bytes) -> dict[str, object]:
    found = read_mail(raw)
    orjson.dumps(found)  # everything is JSON: no lone surrogate, no number out of range
    assert "\x00" not in found["text"]
    return found


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=400))
def test_any_bytes_get_an_answer(raw: bytes) -> None:
    answer(raw)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40))
def test_any_heap_of_mail_pieces_gets_an_answer(pieces: list[bytes]) -> None:
    answer(b"".join(pieces))


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CORPUS), st.integers(0, 4000), st.binary(min_size=1, max_size=8), st.booleans())
def test_a_damaged_mail_gets_an_answer(path: Path, at: int, damage: bytes, cut: bool) -> None:
    raw = path.read_bytes()
    at %= len(raw)
    answer(raw[:at] + damage + (b"" if cut else raw[at + len(damage) :]))


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40))
def test_the_box_answers_whatever_the_reader_answers(box: Box, pieces: list[bytes]) -> None:
    """Behind the walls nothing can be loaded any more: no rare path of the reader may need to."""
    raw = b"".join(pieces)
    assert box.run("read_mail", raw) == orjson.loads(orjson.dumps(read_mail(raw)))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_behind_the_walls_the_corpus_reads_the_same(box: Box, path: Path) -> None:
    raw = path.read_bytes()
    assert box.run("read_mail", raw) == orjson.loads(orjson.dumps(read_mail(raw)))


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with Box(JOBS, size=1) as box:
        yield box


STRESS: dict[str, Callable[[], bytes]] = {
    "a million quote marks": lambda: b"Subject: x\n\n" + b">" * 1_000_000,
    "100k lines that say wrote": lambda: b"Subject: x\n\n" + b"On 1 Jan 2026 at 10:00 x wrote:\n" * 100_000,
    "one long link": lambda: b"Content-Type: text/html\n\n<a href='http://x/" + b"a" * 500_000 + b"'>x</a>",
    "nested divs": lambda: b"Content-Type: text/html\n\n" + b"<div>" * 100_000,
    "unclosed formatting": lambda: b"Content-Type: text/html\n\n" + b"<b x=1><i>" * 90 + b"<p>x" * 200_000,
    "angle brackets": lambda: b"Content-Type: text/html\n\n" + b"<" * 900_000,
    "open comments": lambda: b"Content-Type: text/html\n\n" + b"<!--" * 200_000,
    "half scripts": lambda: b"Content-Type: text/html\n\n" + b"<style>" * 300_000,
    "addresses": lambda: b"To: " + b"a@b.example, " * 4000 + b"\n\nx",
    "open quotes": lambda: b"To: " + b'"a ' * 20_000 + b"\n\nx",
    "open angles": lambda: b"To: " + b'<" ' * 20_000 + b"\n\nx",
    "half encoded words": lambda: b"Subject: " + b"=?a?q?" * 900 + b"\n\nx",
    "begins without end": lambda: b"Subject: x\n\n" + b"begin 644 a\n#86)C\n" * 50_000,
    "boundaries": lambda: b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 300_000,
    "a megabyte without a line end": lambda: b"Subject: x\n\n" + b"x " * 500_000,
    "parameters": lambda: b"Content-Type: text/plain" + b"; a*0*=x" * 7000 + b"\n\nx",
    "ids": lambda: b"References: " + b"<a" * 30_000 + b"\n\nx",
    "flowed": lambda: b"Content-Type: text/plain; format=flowed\n\n" + b"x \n" * 300_000,
    "escapes": lambda: b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B!\x1b(B" * 100_000,
    "high bytes": lambda: b"Content-Type: text/plain; charset=x-none\n\n" + b"\xc3\x28\xa9\xb1 " * 200_000,
    "letters nobody labelled": lambda: (
        b"".join(b"X: \xc0\xe4\xf6\xb3 %d\n" % n for n in range(2000))
        + b"Content-Type: multipart/mixed; boundary=x\n\n"
        + b"--x\n\n\xc0 \xe4\xf6\xb3\x9f\xd1 a\xf0\x81 \n" * 300
    ),
    "underscores": lambda: b"Subject: x\n\n" + b"_" * 1_000_000,
    "labels": lambda: b"Subject: x\n\n" + b"From: a\nSent: b\n" * 60_000,
    "tables": lambda: b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 60 + b"x<td>" * 100_000,
}


@pytest.mark.parametrize("name", STRESS)
def test_hostile_input_takes_time_in_proportion(name: str) -> None:
    raw = STRESS[name]()
    began = time.process_time()
    answer(raw)
    assert time.process_time() - began < 3.0


def test_the_limits_are_checked_before_anything_is_decoded() -> None:
    cases = {
        "headers": b"X: y\n" * 60_000 + b"\nx",
        "header": b"X: " + b"y" * 70_000 + b"\n\nx",
        "encoded_words": b"Subject: " + b"=?u?q?a?= " * 1001 + b"\n\nx",
        "comments": b"From: " + b"(" * 21 + b")" * 21 + b" a@b.example\n\nx",
        "parts": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 501 + b"--x--\n",
        "depth": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(31)),
    }
    for code, raw in cases.items():
        with pytest.raises(MailUnreadable) as found:
            precheck(raw)
        assert found.value.code == code


def test_a_mail_at_the_limits_is_read() -> None:
    precheck(b"From: " + b"(" * 20 + b")" * 20 + b" a@b.example\n\nx")
    many = b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 499 + b"--x--\n"
    assert parse_mail(many).text.count("a") == 499


def test_a_book_as_text_is_shortened_and_says_so() -> None:
    mail = parse_mail(b"Subject: book\n\n" + b"word " * 1_200_000)
    assert len(mail.text) == 5_000_000
    assert any(warning.startswith("text:") for warning in mail.warnings)
