"""Whatever is built of MIME, whole or broken: what stands in it comes out again, and nothing crashes."""

from __future__ import annotations

import base64
import quopri
import struct
import time
from dataclasses import dataclass, field
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tresen.channels.mail.reading import read_mail
from tresen.kit.mime.armour import without_armour
from tresen.kit.mime.cms import is_enveloped, signed_content
from tresen.kit.mime.enriched import plain_from_enriched
from tresen.kit.mime.invitation import text_of_invitation
from tresen.kit.mime.rtf import decompress, read_rtf
from tresen.kit.mime.tnef import read_tnef

SETTINGS: dict[str, Any] = {"deadline": None, "derandomize": True, "suppress_health_check": [HealthCheck.too_slow]}
WORDS = st.text(st.sampled_from("abc äöüß łę Жш 漢字 €–\u00a0'\"<>&;:,=?_()/%"), min_size=1, max_size=40)
CHARSETS = st.sampled_from(["utf-8", "UTF-8", "iso-8859-1", "koi8-r", "gb2312", "utf-16", "x-none", '"', ""])
TYPES = st.sampled_from(
    [
        "text/plain", "text/html", "text/calendar", "text/enriched", "text/x-vcard", "image/png", "application/pdf",
        "message/rfc822", "message/delivery-status", "message/partial; number=1", "application/ms-tnef",
        "application/pkcs7-mime; smime-type=signed-data", "application/pgp-encrypted", "multipart/mixed", "text", ";",
        "text/plain; format=flowed; delsp=yes", "application/octet-stream; name=winmail.dat",
    ]
)  # fmt: skip
MULTIPARTS = st.sampled_from(
    [
        "multipart/mixed", "multipart/alternative", "multipart/related; start=<a@b>", "multipart/signed",
        "multipart/report; report-type=delivery-status", "multipart/digest", "multipart/encrypted", "multipart/x-odd",
    ]
)  # fmt: skip
ENCODINGS = st.sampled_from(["", "7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "base65", "8bit; x"])
TNEF = b"\x78\x9f\x3e\x22\1\0" + struct.pack("<BHHI", 2, 0x9002, 6, 2) + b"aa\0\0"
TNEF += struct.pack("<BHHI", 2, 0x8010, 1, 6) + b"a.txt\0\0\0" + struct.pack("<BHHI", 2, 0x800F, 6, 3) + b"abc\0\0"
PROPERTIES = struct.pack("<IHHII", 1, 0x1E, 0x1000, 1, 4) + b"abc\0"
TNEF += struct.pack("<BHHI", 1, 0x9003, 6, len(PROPERTIES)) + PROPERTIES + b"\0\0"
CMS = bytes.fromhex("308006092a864886f70d010702a0803080020101310030800609") + b"*\x86H\x86\xf7\r\x01\x07\x01"
CMS += b"\xa0\x80\x24\x80\x04\x03a\n\n\x04\x02bc\0\0\0\0\0\0"
CONTENTS = st.one_of(
    st.binary(max_size=60),
    WORDS.map(str.encode),
    st.sampled_from(
        [
            TNEF, CMS, b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\n", b"begin 644 a\n#86)C\n`\nend\n",
            b"=ybegin name=a\nabc\n=yend \n", b"-----BEGIN PGP SIGNED MESSAGE-----\n\na\n-----BEGIN PGP SIGNATURE-----",
            b"<img src='cid:a@b'><img src=x/a.png>", b"From: a@b\nSubject: =?utf-8?Q?a?=\n\nb", b"",
            b"--b1\n\na\n--b1--",
        ]
    ),
)  # fmt: skip


@st.composite
def broken_parts(draw: st.DrawFn, depth: int = 3) -> bytes:
    """A part with headers at odds with what it holds, and children whose boundary may be another, open or missing."""
    headers = [b"Content-Transfer-Encoding: " + draw(ENCODINGS).encode()]
    if draw(st.booleans()):
        name = draw(WORDS).replace('"', "").encode("utf-8", "replace")
        way = draw(st.sampled_from([b"attachment", b"inline", b"form-data", b""]))
        headers.append(b"Content-Disposition: " + way + b'; filename="' + name + b'"')
    if draw(st.booleans()):
        headers.append(draw(st.sampled_from([b"Content-ID: <a@b>", b"Content-Location: x/a.png"])))
    if depth and draw(st.booleans()):
        boundary = draw(st.sampled_from([b"b1", b"b2", b"b1x"]))
        headers.append(b"Content-Type: " + draw(MULTIPARTS).encode() + b"; boundary=" + boundary)
        used = draw(st.sampled_from([boundary, boundary, b"b3"]))
        children = draw(st.lists(broken_parts(depth=depth - 1), max_size=3))
        body = b"".join(b"\n--" + used + b"\n" + child for child in children)
        body += draw(st.sampled_from([b"\n--" + used + b"--\n", b"\n--" + used, b""]))
    else:
        headers.append(f"Content-Type: {draw(TYPES)}; charset={draw(CHARSETS)}".encode())
        body = draw(CONTENTS)
        body = base64.encodebytes(body) if draw(st.booleans()) else body
    return b"\n".join(headers) + draw(st.sampled_from([b"\n\n", b"\n\n", b"\n", b"\n \n"])) + body


@settings(max_examples=250, **SETTINGS)
@given(broken_parts())
def test_any_structure_gets_an_answer_within_the_limits(raw: bytes) -> None:
    began = time.process_time()
    found = read_mail(b"From: a@b.example\nMIME-Version: 1.0\n" + raw, with_files=True)
    assert time.process_time() - began < 2.0
    inside = sum(len(file["data"]) for file in found["attachments"])
    assert inside <= 2 * len(raw) and len(found["text"]) <= 10 * len(raw) + 1000
    assert all(file["filename"] and "/" not in file["filename"] for file in found["attachments"])
    for file in found["attachments"]:
        del file["data"]
    assert b"\\u0000" not in orjson.dumps(found)


@dataclass
class Whole:
    """A well-formed mail and what stands in it."""

    raw: bytes
    texts: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)


@st.composite
def whole_parts(draw: st.DrawFn, depth: int = 2, number: str = "0") -> Whole:
    """A part by the book; texts and files carry their number, so that none is like another."""
    if depth and draw(st.booleans()):
        boundary = f"=_{number}"
        children = [draw(whole_parts(depth=depth - 1, number=f"{number}.{n}")) for n in range(draw(st.integers(1, 3)))]
        body = b"".join(b"\n--" + boundary.encode() + b"\n" + child.raw for child in children)
        head = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\npreamble'.encode()
        whole = Whole(head + body + b"\n--" + boundary.encode() + b"--\nepilogue")
        for child in children:
            whole.texts += child.texts
            whole.files += child.files
        return whole
    if draw(st.booleans()):
        text = f"text {number} {draw(WORDS).strip()} end {number}"
        charset, encoding = draw(st.sampled_from([("utf-8", "8bit"), ("utf-8", "base64"), ("utf-8", "quoted-printable"),
                                                  ("gb18030", "base64"), ("utf-16", "base64")]))  # fmt: skip
        return Whole(
            _head(f"text/plain; charset={charset}", encoding) + _encoded(text.encode(charset), encoding), [text]
        )
    data = number.encode() + draw(st.binary(min_size=1, max_size=80))
    name = f"f{number}-{draw(st.text(st.sampled_from('abc äöł漢 -_()'), max_size=30)).strip()}.bin"
    coded = "".join(f"%{byte:02X}" for byte in name.encode())
    head = _head("application/octet-stream", "base64").rstrip(b"\n")
    head += f"\nContent-Disposition: attachment; filename*=utf-8''{coded}\n\n".encode()
    return Whole(head + _encoded(data, "base64"), [], [(name, data)])


def _head(kind: str, encoding: str) -> bytes:
    return f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n".encode()


def _encoded(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data)
    return quopri.encodestring(data) if encoding == "quoted-printable" else data


@settings(max_examples=150, **SETTINGS)
@given(whole_parts())
def test_a_well_formed_mail_gives_back_what_stands_in_it(mail: Whole) -> None:
    found = read_mail(b"From: a@b.example\nMIME-Version: 1.0\n" + mail.raw, with_files=True)
    assert [(file["filename"], file["data"]) for file in found["attachments"]] == mail.files
    at = 0
    for text in mail.texts:
        at = found["text"].index(text, at) + len(text)
    assert "preamble" not in found["text"] and "epilogue" not in found["text"]


@settings(max_examples=300, **SETTINGS)
@given(st.sampled_from([TNEF, CMS, b"{\\rtf1\\ansi{\\*\\htmltag <p>}\\u1 a\\'41}"]), st.data())
def test_what_is_wrapped_may_be_damaged_anywhere(good: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(good)))
    damage = data.draw(st.binary(max_size=12))
    raw = good[:at] + damage + good[at + data.draw(st.integers(0, 12)) :]
    for read in (read_tnef, signed_content, is_enveloped, decompress, read_rtf):
        read(raw)
    decompress(struct.pack("<IIII", len(raw), 1 << 30, 0x75465A4C, 0) + raw)


@settings(max_examples=200, **SETTINGS)
@given(st.text(st.sampled_from("<>/\n \\;:abpBEGINVT-=,02T"), max_size=200))
def test_what_is_marked_up_may_be_anything(text: str) -> None:
    plain_from_enriched(text)
    text_of_invitation("BEGIN:VEVENT\n" + text)
    without_armour("-----BEGIN PGP SIGNED MESSAGE-----\n" + text)
