"""Header blocks: fields in their order, unfolded, and decoded as far as they mean something."""

from __future__ import annotations

import binascii
import re

from tresen.kit.mime.charsets import codec_name, decode_text, showable
from tresen.kit.mime.jis import decode_iso2022_jp
from tresen.kit.mime.limits import LIMITS, Limits, check_block, check_header

Header = tuple[str, bytes]
BARE = re.compile(rb"[!-9;-~]{1,100}[ \t\r]*")
FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
# RFC 2047, and what broken programs make of it: blanks and question marks in the text, no charset, and no end (a header
# that was cut off; then the word goes to the next blank). Each attempt ends where the next word begins.
WORD = re.compile(
    r"=\?([^?\s]{0,80})\?([bBqQ])\?"
    r"(?:((?:[^?=]|\?(?!=)|=(?!\?[^?\s=]))*)\?=|((?:[^?=\s]|\?(?!=)|=(?!\?[^?\s=]))*))"
)
# The beginning of a word, at the end of a header that was cut off.
CUT_START = re.compile(r"\s*=\?([\w:.+-]{2,40})(?:\?[bBqQ]?)?\Z", re.ASCII)
# First bytes of two-byte letters in the scripts of Europe. A cut one at the end is told from a letter of an older
# charset by being one of these, or by company.
LEADS = frozenset(b"\xc3\xc4\xc5\xce\xcf\xd0\xd1")
HEADER_END = re.compile(rb"\n\r?\n")
BLANKS = re.compile(r"\s+")
WELL_KNOWN = frozenset({b"from", b"to", b"cc", b"subject", b"date", b"received", b"sender"})
# Turn the direction of all letters behind them by force: a name or a subject would read as another one.
TURNS = {0x202D: "\ufffd", 0x202E: "\ufffd"}
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")


def split_block(
    raw: bytes, start: int, end: int, warnings: list[str], limits: Limits = LIMITS
) -> tuple[list[Header], int]:
    """The header fields of raw[start:end] and where its body begins.

    Lines that are no field are passed over with a warning while fields follow; where none follow, the body begins there
    (a mail without its empty line). Raises MailUnreadable beyond the limits.
    """
    if start >= end or raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return [], _after_line(raw, start, end)
    found = HEADER_END.search(raw, start, end)
    stop, body = (found.start(), found.end()) if found else (end, end)
    if stop - start > limits.header_block and not FIELD.match(raw, start, end):
        return [], start
    lines = raw[start : min(stop, start + limits.header_block + 1)].split(b"\n")
    headers, used = _fields(lines, warnings)
    if used < len(lines):  # the rest of the block is no header: it is the body
        begin = start + sum(len(line) + 1 for line in lines[:used])
        stop, body = begin, begin
    check_block(raw[start:stop], limits)
    for name, value in headers:
        check_header(name.lower(), value, limits)
    return headers, body


def _after_line(raw: bytes, start: int, end: int) -> int:
    found = raw.find(b"\n", start, end)
    return end if found < 0 else found + 1


def _fields(lines: list[bytes], warnings: list[str]) -> tuple[list[Header], int]:
    """Fields and the number of lines that belong to the block."""
    fields: list[tuple[str, list[bytes]]] = []
    used = odd = 0
    for number, line in enumerate(lines):
        line = line.rstrip(b"\r")
        if line[:1] in (b" ", b"\t") and number and BARE.fullmatch(lines[number - 1]) and line.lstrip()[:1] == b":":
            line, odd = lines[number - 1].rstrip() + line, 0  # the colon on the next line (RFC 5322, 4.5)
        if not fields and line[:1] in (b" ", b"\t"):  # the very first header, indented by some program
            line = line.lstrip()
        field = FIELD.match(line)
        if field and _is_field(field[1], odd):
            fields.append((field[1].decode("ascii"), [line[field.end() :]]))
        elif line[:1] in (b" ", b"\t") and fields and not odd:
            fields[-1][1].append(line)
        elif number == 0 and line.startswith((b"From ", b">From ")):
            pass  # the separator of a mailbox file
        elif line[:1] == b":" and fields and not odd:
            pass  # a header that lost its name
        elif line.startswith(b"--") and fields:  # a boundary: the parts have begun
            odd += 1
            break
        else:
            odd += 1
            if odd > 3:
                break
            continue
        used, odd = number + 1, 0
    if odd and used < len(lines) and any(line.strip() for line in lines[used:]):
        warnings.append("headers: no empty line before the text")
    else:
        used = len(lines)
    return [(name, b" ".join(part.strip(b" \t") for part in parts).strip()) for name, parts in fields], used


def _is_field(name: bytes, odd: int) -> bool:
    """After an odd line only a name that looks like a mail header brings us back, not any "Note: …" of a text."""
    return not odd or b"-" in name or name.lower() in WELL_KNOWN


def first(headers: list[Header], name: str) -> bytes | None:
    """The value of the first field of that (lower-case) name, or None."""
    return next((value for key, value in headers if key.lower() == name), None)


def decode_header(value: bytes, hint: str | None = None, warnings: list[str] | None = None) -> str:
    """The text of an unstructured header: 8-bit bytes by the charset ladder (`hint` is the body's charset), encoded
    words
    (RFC 2047) wherever they stand, blanks joined."""
    return BLANKS.sub(" ", decode_words(undecoded(value, hint, warnings), warnings)).strip()


def undecoded(value: bytes, hint: str | None = None, warnings: list[str] | None = None) -> str:
    """The header as text with its encoded words still standing, for those whose grammar comes first. Like all text it
    holds no NUL: PostgreSQL keeps none."""
    if not value.isascii():
        is_wide = (codec_name(hint or "") or "").startswith(("utf-16", "utf-32"))  # a header never is
        return decode_text(value, None if is_wide else hint, warnings)
    # Japanese programs of old wrote their charset into headers as it is.
    return showable(decode_iso2022_jp(value) if b"\x1b$" in value else value.decode("ascii"))


def decode_words(text: str, warnings: list[str] | None = None) -> str:
    """Encoded words to text. Neighbours of one charset are joined as bytes first, since senders cut letters in two."""
    if "=?" not in text:
        return _in_order(text)
    out: list[str] = []
    held: list[bytes] = []
    label, at = "", 0

    def flush() -> None:
        if held:
            data = b"".join(held)
            out.append(_cut_letters(data, label) or decode_text(data, label, warnings))
            held.clear()

    for word in WORD.finditer(text):
        between = text[at : word.start()]
        if between.strip() or (between and not held):
            flush()
            out.append(between)
        charset = word[1].partition("*")[0].lower()  # RFC 2231 adds *language
        charset = codec_name(charset) or charset
        if charset != label:
            flush()
        label = charset
        held.append(_word_bytes(word[2], word[4].removesuffix("?") if word[3] is None else word[3]))
        at = word.end()
    flush()
    rest = text[at:]
    cut = CUT_START.search(rest[-80:])
    out.append(rest[: len(rest) - len(cut[0])] if cut and codec_name(cut[1]) else rest)
    return _in_order("".join(out))


def _in_order(text: str) -> str:
    text = showable(text)
    return text if text.isascii() else text.translate(TURNS)


def _cut_letters(data: bytes, label: str) -> str | None:
    """UTF-8 of which only the first or the last letter was cut in two, with U+FFFD for it; None for anything else."""
    if codec_name(label) != "utf-8" or data.isascii():
        return None
    start = next((at for at, byte in enumerate(data[:4]) if byte & 0xC0 != 0x80), 4)
    end = len(data)
    try:
        data[start:].decode()
    except UnicodeDecodeError as fault:
        if fault.reason != "unexpected end of data":
            return None
        end = start + fault.start
    middle = data[start:end].decode()
    is_whole = start == 0 and end == len(data)
    has_company = not middle.isascii() or max(start, len(data) - end) > 1
    if is_whole or start > 3 or not (has_company or (not start and data[end] in LEADS)):
        return None
    return showable(("\ufffd" if start else "") + middle + ("\ufffd" if end < len(data) else ""))


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    data = NOT_BASE64.sub(b"", data).rstrip(b"=")
    if len(data) % 4 == 1:
        data = data[:-1]
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return text.encode("utf-8", "replace")
