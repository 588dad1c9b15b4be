"""Each mail of the corpus says what a person reads in it: the facts stand beside it, written from the mail by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tresen.channels.mail.reading import read_mail
from tresen.kit.mime.rtf import read_rtf

CORPUS = Path(__file__).parent / "corpus"
PLAIN_FACTS = (
    "from subject date message_id in_reply_to references kind received_hops remote_images is_encrypted"
).split()
MAILS = sorted(path.stem for path in CORPUS.glob("*.eml"))


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_says_what_stands_in_it(name: str) -> None:
    facts = tomllib.loads((CORPUS / f"{name}.toml").read_text("utf-8"))
    found = read_mail((CORPUS / f"{name}.eml").read_bytes())
    assert found["unreadable"] is None
    for key in PLAIN_FACTS:
        if key in facts:
            assert found[key] == facts[key], key
    for key in ("to", "cc", "reply_to"):
        if key in facts:
            assert [entry["address"] for entry in found[key]] == facts[key]
    for place in ("text", "reply_text", "html"):
        short = place.removesuffix("_text")
        for piece in facts.get(f"in_{short}", []):
            assert piece in found[place], (place, found[place])
        for piece in facts.get(f"not_in_{short}", []):
            assert piece not in found[place], (place, found[place])
    _same_subset(facts.get("sender"), found["sender"])
    _same_files(facts.get("files", []), found["attachments"])
    _same_bounce(facts, found["bounce"])
    _same_forward(facts, found["forwarded"])


def test_letters_that_rtf_writes_in_two_halves_are_whole() -> None:
    """Emoji in a winmail.dat; half a letter is none."""
    smile = rb"\u-10179 ?\u-8704 ?"
    assert read_rtf(rb"{\rtf1\ansi Hi " + smile + rb"\'41 \u-10179 ?!}") == ("Hi 😀A �!", None)
    html = rb"{\rtf1\ansi\fromhtml1{\*\htmltag <p>}" + smile + rb"{\*\htmltag </p>}}"
    assert read_rtf(html) == ("", "<p>😀</p>")


def _same_subset(wanted: dict[str, Any] | None, found: dict[str, Any]) -> None:
    for key, value in (wanted or {}).items():
        assert found[key] == value, (key, found)


def _same_files(wanted: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    assert [file["filename"] for file in found] == [file["filename"] for file in wanted]
    for facts, file in zip(wanted, found, strict=True):
        _same_subset(facts, file)


def _same_forward(facts: dict[str, Any], found: dict[str, Any] | None) -> None:
    if facts.get("is_forward") is False:
        assert found is None
    wanted = dict(facts.get("forwarded", {}))
    if wanted:
        assert found is not None
        for piece in wanted.pop("in_text", []):
            assert piece in found["text"]
        for piece in wanted.pop("not_in_text", []):
            assert piece not in found["text"]
        _same_subset(wanted, found)


def _same_bounce(facts: dict[str, Any], found: dict[str, Any] | None) -> None:
    if "bounced" in facts:
        assert found is not None
        assert list(found["message_ids"]) == facts["bounced"]
    if "failed" in facts:
        assert found is not None
        assert len(found["recipients"]) == len(facts["failed"])
        for wanted, recipient in zip(facts["failed"], found["recipients"], strict=True):
            _same_subset(wanted, recipient)
        assert found["is_permanent"] is facts["is_permanent"]


def test_every_documented_name_is_there_even_for_nothing() -> None:
    found = read_mail(b"")
    documented = (
        "from to cc reply_to subject date message_id in_reply_to references text reply_text html attachments "
        "is_auto_reply is_bounce is_bulk warnings"
    ).split()
    assert set(documented) <= set(found)
    assert found["from"] == {"name": "", "address": ""}
    assert found["html"] is None


def test_files_bring_their_bytes_only_when_asked_for() -> None:
    raw = (CORPUS / "de_uuencode.eml").read_bytes()
    assert "data" not in read_mail(raw)["attachments"][0]
    assert read_mail(raw, with_files=True)["attachments"][0]["data"].startswith(b"Datum;Menge")


def test_a_mail_beyond_the_limits_still_shows_its_headers() -> None:
    nest = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(40))
    found = read_mail(b"From: Nest <nest@bird.example>\nSubject: deep\n" + nest)
    assert found["unreadable"]["code"] == "depth"
    assert (found["subject"], found["from"]["address"]) == ("deep", "nest@bird.example")


def test_no_nul_survives_in_ids_and_reports() -> None:
    raw = (
        b"From: a@b.example\0\nReturn-Path: <x\0@b.example>\nMessage-ID: <a\0b@c>\nIn-Reply-To: <d\0@c>\n"
        b"References: <e@c> <f\0@c>\nSubject: Undelivered\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nIt came back.\n--x\n"
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; m\nOriginal-Message-ID: <g\0@c>\n\n"
        b"Final-Recipient: rfc822; q\0@b.example\nAction: fai\0led\nStatus: 5.1.1\n"
        b"Diagnostic-Code: smtp; 550 no\0body\n--x--\n"
    )
    found = read_mail(raw)
    assert found["bounce"]["recipients"][0]["diagnostic"].startswith("550 no")
    assert found["message_id"].startswith("<a") and len(found["references"]) == 2
    assert "\0" not in repr(found).replace("\\x00", "\0")
