"""Content-Type and Content-Disposition with their parameters, as programs really write them.

RFC 2231 (charsets, continuations), encoded words in quotes, no quotes around blanks, 8-bit bytes, nothing at all.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from tresen.kit.mime.charsets import decode_text
from tresen.kit.mime.headers import decode_words, undecoded

# A value that is not quoted runs to the next semicolon, blanks included.
NAME = re.compile(r"\s*([^\s=;\"]{1,80})\s*=\s*")
MAIN = re.compile(r"\s*[\"'<]?([\w!#$&^.+-]{1,80}(?:\s*/\s*[\w!#$&^.+-]{1,80})?)", re.ASCII)
# Where the semicolon between two parameters is missing.
NEXT = re.compile(
    r"\s+(?=(?:charset|format|delsp|name|filename|boundary|type|method|report-type|reply-type)\*?\s*=)", re.IGNORECASE
)
SECTION = re.compile(r"(?P<name>[^*]+)(?:\*(?P<number>\d{1,3}))?(?P<coded>\*)?")
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
MOST_PARAMETERS = 200


def parse_parameters(value: bytes | None, hint: str | None = None) -> tuple[str, dict[str, str]]:
    """The lower-case main value and the decoded parameters by lower-case name. The first of a name counts."""
    if not value:
        return "", {}
    text = value.decode("latin-1")
    main, rest = _main_and_rest(text)
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, part in _split(rest):
        found = SECTION.fullmatch(name)
        if found:
            entry = (int(found["number"] or 0), bool(found["coded"]), part)
            sections.setdefault(found["name"].lower(), []).append(entry)
    return main, {name: _join(parts, hint) for name, parts in sections.items()}


def _main_and_rest(text: str) -> tuple[str, str]:
    """The main value in lower case, and the parameters, also where no semicolon stands between."""
    main, _, rest = text.partition(";")
    found = MAIN.match(main)
    if not found:
        return "", text if "=" in main else rest
    behind = main[found.end() :].lstrip(" \t\r\n,:\"'")
    if behind.startswith("="):  # 'name=foo.pdf' without a type
        return "", text
    return re.sub(r"\s+", "", found[1]).lower(), f"{behind};{rest}" if "=" in behind else rest


def _split(rest: str) -> list[tuple[str, str]]:
    """Names and values, one pass."""
    found: list[tuple[str, str]] = []
    at, length = 0, len(rest)
    while at < length and len(found) < MOST_PARAMETERS:
        name = NAME.match(rest, at)
        if not name:
            semicolon = rest.find(";", at)
            at = length if semicolon < 0 else semicolon + 1
            continue
        at = name.end()
        if rest[at : at + 1] == '"':
            at, part = _quoted(rest, at)
        else:
            end = rest.find(";", at)
            end = length if end < 0 else end
            following = NEXT.search(rest, at, end)
            end = following.start() if following else end
            part, at = rest[at:end].strip(), end
        found.append((name[1], part))
        if not NEXT.match(rest, at):
            semicolon = rest.find(";", at)
            at = length if semicolon < 0 else semicolon + 1
    return found


def _quoted(rest: str, at: int) -> tuple[int, str]:
    end, length, out = at + 1, len(rest), []
    while end < length and rest[end] != '"':
        # Windows programs write paths: a backslash before a letter is a backslash.
        if rest[end] == "\\" and end + 1 < length and rest[end + 1] in '"\\':
            end += 1
        out.append(rest[end])
        end += 1
    return end + 1, "".join(out)


def _join(parts: list[tuple[int, bool, str]], hint: str | None) -> str:
    coded = [part for part in parts if part[1]]
    if len(parts) > 1 and not any(number for number, _, _ in parts):
        parts = coded[:1] or parts[:1]  # 'filename' and 'filename*' together: the coded one is the better
    parts = sorted(parts, key=lambda part: part[0])
    if not any(is_coded for _, is_coded, _ in parts):
        plain = "".join(part for _, _, part in parts).encode("latin-1")
        return decode_words(undecoded(plain, hint)).strip()
    label, data = "", b""
    for position, (_, is_coded, part) in enumerate(parts):
        if is_coded and position == 0 and part.count("'") >= 2:
            label, _, part = part.split("'", 2)
        data += unquote_to_bytes(part.encode("latin-1")) if is_coded else part.encode("latin-1")
    return decode_text(data, label or "utf-8").strip()


def is_type(value: str) -> bool:
    """Whether this is `type/subtype`."""
    return TYPE.fullmatch(value) is not None
