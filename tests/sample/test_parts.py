"""The parts of the sample: ages, drawn pictures and pages, quotations."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tresen.faces.cli.sample.ages import fill_dates, in_order, moment
from tresen.faces.cli.sample.drawing import draw, write_pdf
from tresen.faces.cli.sample.mailing import Quoted, Writer, dress, reply_subject
from tresen.faces.cli.sample.papers import bytes_of
from tresen.kit.replies import cut_reply

NOW = datetime(2026, 11, 17, 9, 42, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("age", "then"),
    [
        ("25m", "2026-11-17T09:17:00+00:00"),
        ("2h10m", "2026-11-17T07:32:00+00:00"),
        ("1d 08:15", "2026-11-16T08:15:00+01:00"),
        ("2d 08:15", "2026-11-13T08:15:00+01:00"),  # a Sunday becomes the Friday before
        ("30d 08:15", "2026-10-16T08:15:00+02:00"),
    ],
)
def test_an_age_is_an_instant_in_office_days(age: str, then: str) -> None:
    assert moment(age, now=NOW, zone="Europe/Berlin").isoformat() == then


@pytest.mark.parametrize("age", ["", "yesterday", "3d", "3d 8:15"])
def test_what_is_no_age_is_refused(age: str) -> None:
    with pytest.raises(ValueError, match="no age"):
        moment(age, now=NOW, zone="Europe/Berlin")


def test_messages_stay_in_order_when_a_weekend_pushes_them_together() -> None:
    sunday, saturday = (moment(age, now=NOW, zone="Europe/Berlin") for age in ("2d 09:00", "3d 15:00"))
    ordered = in_order([saturday, sunday, NOW], now=NOW)
    assert ordered == sorted(ordered)
    assert len(set(ordered)) == 3


def test_dates_in_texts_fall_on_working_days() -> None:
    at = datetime(2026, 11, 17, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert fill_dates("am {w+4}, {d+4}", at=at, language="de") == "am Montag, 23.11."
    assert fill_dates("on {w+1}, {d+1}", at=at, language="en") == "on Wednesday, 18 November"


@pytest.mark.parametrize("kind", ["window", "table", "label", "photo"])
def test_a_picture_is_a_sound_png_and_always_the_same(kind: str) -> None:
    png = draw(kind, "Größe", ["one", "[two]"])
    assert png == draw(kind, "Größe", ["one", "[two]"])
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {}, 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        name, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(name + data)
        chunks[name] = data
        at += 12 + size
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    assert len(zlib.decompress(chunks[b"IDAT"])) == height * (width + 1)
    assert chunks[b"IEND"] == b""


def test_a_pdf_points_to_its_objects() -> None:
    pdf = write_pdf("Größe (1)", ["żółw \\ 2"])
    table = int(re.findall(rb"startxref\n(\d+)", pdf)[0])
    assert pdf[table:].startswith(b"xref\n0 6\n")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", pdf)]
    assert [pdf[place : place + 7] for place in places] == [b"%d 0 obj" % n for n in range(1, 6)]


def test_an_unknown_file_is_refused() -> None:
    with pytest.raises(KeyError):
        bytes_of("no-such-file.png")


@pytest.mark.parametrize("client", ["outlook", "gmail", "apple", "thunderbird"])
@pytest.mark.parametrize("language", ["de", "pl", "en"])
def test_quotations_are_such_that_reading_cuts_them(client: str, language: str) -> None:
    quoted = Quoted(at=NOW, name="Anna · Lindhafen IT", address="hilfe@lindhafen.example", to="Carola Brandt",
                    subject="Re: VPN", text="Words of the desk")  # fmt: skip
    mail = dress("My own words", Writer(client, language, "Carola"), quoted=quoted)
    assert "Words of the desk" in mail.text
    parts = cut_reply(mail.text, mail.html or None)
    assert "My own words" in parts.reply_text
    assert "Words of the desk" not in parts.reply_text


def test_answers_carry_the_prefix_of_their_program() -> None:
    assert reply_subject("VPN", "T204187", Writer("outlook", "de")) == "AW: VPN [#T204187]"
    assert reply_subject("VPN", "T204187", Writer("gmail", "de")) == "Re: VPN [#T204187]"
