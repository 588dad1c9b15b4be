"""Bytes to text, whatever the label says: the charset ladder of real mail.

Declared charset (with the Windows superset that senders mean) → UTF-8 strictly → detection → Windows-1252. UTF-8 that
decodes strictly beats a wrong label.
"""

from __future__ import annotations

import codecs
import re
from encodings.aliases import aliases
from functools import lru_cache

from tresen.kit.mime.guess import guess_charset, is_western
from tresen.kit.mime.jis import decode_iso2022_jp

# What the label says → what the sender's program meant (the supersets of the WHATWG encoding standard).
SUPERSETS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "iso646-us": "cp1252",
    "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252",
    "iso8859-8-i": "cp1255", "iso8859-8": "cp1255", "iso8859-9": "cp1254", "latin5": "cp1254",
    "iso8859-11": "cp874", "tis-620": "cp874", "iso8859-6-i": "iso8859-6",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030",
    "euc-cn": "gb18030", "hz-gb-2312": "hz", "big5": "big5hkscs", "x-x-big5": "big5hkscs", "cn-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "euc-kr": "cp949", "korean": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "unicode-1-1-utf-7": "utf-7", "x-unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8",
    "utf": "utf-8", "unicode": "utf-16", "ucs-2": "utf-16", "macintosh": "mac_roman", "x-mac-roman": "mac_roman",
    "x-mac-ce": "mac_latin2", "x-mac-centraleurroman": "mac_latin2", "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ukrainian": "mac_cyrillic", "x-mac-greek": "mac_greek", "x-mac-turkish": "mac_turkish",
    "x-mac-icelandic": "mac_iceland", "x-mac-romanian": "mac_romanian", "x-mac-croatian": "mac_croatian",
    "x-mac-chinesesimp": "gb18030", "x-mac-chinesetrad": "big5hkscs", "x-mac-korean": "cp949", "koi8": "koi8-r",
    "koi8r": "koi8-r", "koi8-ru": "koi8-u", "koi8u": "koi8-u", "euc_kr": "cp949", "ks_c_5601-1989": "cp949",
    "iso-2022-jp-ms": "iso2022_jp", "jis": "iso2022_jp", "windows-31j": "cp932", "ansi": "cp1252",
    "western": "cp1252", "iso-8859": "cp1252", "iso-latin-1": "cp1252", "latin-9": "iso8859-15", "baltic": "cp1257",
    "logical": "cp1255", "visual": "cp1255", "iso-8859-8-e": "cp1255", "utf16le": "utf-16-le", "utf16be": "utf-16-be",
    "unicodefffe": "utf-16-be", "iso-10646-ucs-2": "utf-16", "utf-8n": "utf-8", "utf-8-sig": "utf-8",
}  # fmt: skip
# Labels that say nothing.
EMPTY_LABELS = frozenset({
    "", "unknown", "unknown-8bit", "x-unknown", "default", "8bit", "7bit", "binary", "none", "utf-",
})  # fmt: skip
# Codecs that carry their shifts in ASCII bytes or zero bytes: for them ASCII is not yet text.
STATEFUL = frozenset({
    "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_jp_2004", "iso2022_kr",
    "hz", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
})  # fmt: skip
EAST_ASIAN = frozenset({"gb18030", "big5hkscs", "cp949", "cp932", "euc_jp", "johab"})
# Python codecs that are no charsets of mail (punycode and idna are quadratic, the escapes are a language).
NEVER = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "palmos"})
UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
LABEL = re.compile(r"[a-z0-9][a-z0-9._:()-]{1,39}")
SEPARATOR = re.compile(r"[\s,/]+")
# Labels that another word ran into.
BEGIN = re.compile(r"utf-?8|us-ascii|iso-8859-\d{1,2}|windows-\d{3,4}|koi8-[ru]|gb2312|gbk|big5|euc-jp|iso-2022-jp")
WINDOWS = re.compile(r"(?:x[-_])?(?:windows|win|cp|ms|ansi|dos|ibm)[-_ ]?(\d{3,5})")
ISO = re.compile(r"(?:iso)?[-_ ]?8859[-_ ]?(\d{1,2})(?:[-_:](i|e|\d{4}))?")
PAGES = {
    "65001": "utf-8", "20127": "ascii", "28591": "iso8859-1", "28592": "iso8859-2", "1200": "utf-16-le",
    "20866": "koi8-r", "21866": "koi8-u", "50220": "iso2022_jp", "50221": "iso2022_jp", "50222": "iso2022_jp",
    "51932": "euc_jp",
}  # fmt: skip
# A letter of Western Europe inside a word: no East Asian text passes as UTF-8 that reads so.
LATIN_WORD = re.compile("[a-z][\u00df-\u017e][a-z]")
UNSHOWABLE = {code: "\ufffd" for code in range(32) if code not in (9, 10)} | {
    11: "\n",
    12: "\n",
    13: "\n",
    127: "\ufffd",
}
UNSHOWABLE_FOUND = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@lru_cache(maxsize=512)
def codec_name(label: str) -> str | None:
    """The Python codec for a charset label as senders write it, or None when it names none."""
    label = label.strip().strip("\"'").split(";")[0].split("*")[0].strip().lower()[:80].removeprefix("charset=")
    begin = BEGIN.match(label)
    words = [label.replace(" ", "-"), *SEPARATOR.split(label), label.removeprefix("x-"), label.removeprefix("cs")]
    return next(filter(None, map(_codec, [*words, begin[0]] if begin else words)), None)


def _codec(label: str) -> str | None:
    if label in EMPTY_LABELS or not LABEL.fullmatch(label):
        return None
    found = ISO.fullmatch(label)
    if found:
        label = f"iso8859-{found[1]}" + (f"-{found[2]}" if found[2] in ("i", "e") else "")
    label = SUPERSETS.get(label, label)
    found = WINDOWS.fullmatch(label)
    if found:
        label = PAGES.get(found[1], f"cp{found[1]}")
        label = SUPERSETS.get(label, label)
    try:
        codec = codecs.lookup(label)
    except (LookupError, ValueError, ImportError, OSError):  # OSError: in the box no file can be opened any more
        return None
    name = SUPERSETS.get(codec.name, codec.name)
    return name if getattr(codec, "_is_text_encoding", True) and name not in NEVER else None


def decode_text(data: bytes, declared: str | None, warnings: list[str] | None = None) -> str:
    """The text of these bytes under the charset ladder. Never fails; what cannot be shown becomes U+FFFD.

    `declared` is the label as it stands in the mail, or None. A doubt is added to `warnings` in English.
    """
    notes = warnings if warnings is not None else []
    name = codec_name(declared) if declared else None
    if declared and name is None and declared.strip().lower() not in EMPTY_LABELS:
        notes.append(f"charset: {declared[:40]!r} is not known")
    return showable(_decode(data, name, notes))


def _decode(data: bytes, name: str | None, notes: list[str]) -> str:
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
        name = name or "utf-8"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not (name or "").startswith("utf-32"):
        name = "utf-16"
    if name in STATEFUL:
        text = _strict_stateful(data, name)
        if text is not None:
            return text
    if data.isascii():
        return data.decode("ascii")
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and not _label_is_likelier(data, utf8, name):
        if name not in (None, "utf-8", "cp1252"):
            notes.append("charset: the text is UTF-8, not what its label says")
        return utf8
    if name == "cp1252" and not is_western(data):
        notes.append("charset: the label is a default, the letters are others")
        name = guess_charset(data) or name
    if name is not None and name != "utf-8":
        text = _strict(data, name)
        if text is not None:
            return text
    return _best_guess(data, name, notes)


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _strict_stateful(data: bytes, name: str | None) -> str | None:
    if name is None or (name.startswith(("utf-16", "utf-32")) and b"\x00" not in data[:4000] and data.isascii()):
        return None  # ASCII under a wide label is a wrong label
    text = _strict(data, name)
    if text is None and name.startswith("iso2022_jp"):
        return decode_iso2022_jp(data)
    if text is None and name.startswith(("utf-16", "utf-32")):
        return data.decode(name, "replace")
    return text


def _label_is_likelier(data: bytes, utf8: str, name: str | None) -> bool:
    """A short East Asian text may pass as UTF-8 by chance: then the label decides, unless UTF-8 shows its long
    forms."""
    if name not in EAST_ASIAN or name is None or LATIN_WORD.search(utf8):
        return False
    return sum(1 for c in utf8 if ord(c) > 0x7FF) < 2 and _strict(data, name) is not None


def _best_guess(data: bytes, name: str | None, notes: list[str]) -> str:
    high = sum(1 for byte in data[:65536] if byte > 127) or 1
    for candidate in dict.fromkeys([name or "utf-8", "utf-8"]):
        replaced = data.decode(candidate, "replace")
        # One broken byte in a long text must not turn all the others into nonsense.
        if replaced[:65536].count("\ufffd") * 20 <= high:
            notes.append("charset: some bytes cannot be read")
            return replaced
    if name in EAST_ASIAN and name is not None:
        replaced = data.decode(name, "replace")
        if replaced[:65536].count("\ufffd") * 5 <= high:
            notes.append("charset: some bytes cannot be read")
            return replaced
    guess = guess_charset(data)
    if guess not in EAST_ASIAN and _is_mixed(data):
        notes.append("charset: UTF-8 and Windows-1252 in one text")
        return data.decode("utf-8", STRAY)
    if guess is not None and guess != "cp1252":
        notes.append(f"charset: guessed {guess}")
        return data.decode(guess, "replace")
    notes.append("charset: read as Windows-1252 for want of a better guess")
    return data.decode("cp1252", "replace")


def _is_mixed(data: bytes) -> bool:
    """Whether UTF-8 and an older charset stand side by side, as when one program adds to what another wrote."""
    sample = data[:65536]
    letters = UTF8_LETTER.findall(sample)
    stray = sum(1 for byte in sample if byte > 127) - sum(map(len, letters))
    return len(letters) >= stray


def _stray(fault: UnicodeError) -> tuple[str, int]:
    """For bytes between UTF-8 that are none: the letters of Windows-1252."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return fault.object[fault.start : fault.end].decode("cp1252", "replace"), fault.end


STRAY = "tresen.stray"
codecs.register_error(STRAY, _stray)


def load_codecs() -> None:
    """Loads every charset Python has, for a process that will not be able to open files."""
    for name in sorted(set(aliases.values())):
        codec_name(name)


def showable(text: str) -> str:
    """Line ends as \\n; NUL, control characters and lone surrogates as U+FFFD: safe for every database and terminal."""
    if not UNSHOWABLE_FOUND.search(text):
        return text
    text = text.replace("\r\n", "\n").translate(UNSHOWABLE)
    return LONE_SURROGATE.sub("\ufffd", text)
