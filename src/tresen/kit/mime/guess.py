"""Which charset bytes are in that nobody labelled, or labelled wrongly: by how plausible the letters are beside each
other. One pass a candidate over a sample; short texts (a subject) are what it is made for.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice

SAMPLE, MOST_LETTERS = 4096, 300
NOT_ASCII = re.compile("[^\x00-\x7f]")
# Letters that make up most of the non-ASCII letters of what is written in a charset. Order decides between equals.
WEST = "äöüßéèàçñáíóúêâôîûëïåøæãõœÄÖÜÉÀÅØÁÓÇÑ’“”„–—…•€£§°«»©®´·¡¿ºª\u00a0"
EAST = "ąćęłńóśźżŁŚŻěščřžýáíéůúťďňČŠŘŽőűöüäßăâîșțşţÉÁÍÓÖÜÚ’“”„–—…•€§°\u00a0"
SINGLE = {
    "cp1252": WEST,
    "cp1250": EAST,
    "iso8859_2": EAST,
    "cp1251": "іїєґоеаинтсрвлкмдпуяьызбгчйхжОНПСВКДТАИРМБГЕЗі«»–—№…\u00a0",
    "koi8_u": "іїєґоеаинтсрвлкмдпуяьызбгчйхжОНПСВКДТАИРМБГЕЗ\u00a0",
    "cp866": "оеаинтсрвлкмдпуяьызбгчйхжОНПСВКДТАИРМБГЕЗ\u00a0",
    "iso8859_5": "оеаинтсрвлкмдпуяьызбгчйхжОНПСВКДТАИРМБГЕЗ\u00a0",
    "cp1253": "αοιετσνηρκπλυμάίόέςήώθγΑΤΠΕΚΣΜΓ’–«»\u00a0",
    "cp1255": "יוהלאמרתבנשעכקדחפםטגצןזסךץףאהמ\u00a0",
    "cp1256": "اليمنتربوةعدفسهكقحجشطصخأىإزءذضغثئظآ،؟\u00a0",
    "cp874": "ารนกอเงมยลวดทสตบคปพหขจชะใไแ่้ิีุู็์ัำ\u00a0",
    "cp1254": "ışğçöüİŞĞÇÖÜâî’“”–\u00a0",
    "cp850": "äöüßéèàçñáíóúêâôÄÖÜÉ",
    "mac_roman": WEST,
}
# Codec, and the first bytes of its everyday characters.
DOUBLE = (
    ("euc_jp", re.compile(rb"[\xa4\xa5]")),
    ("cp949", re.compile(rb"[\xb0-\xc8]")),
    ("gb18030", re.compile(rb"[\xb0-\xd7]")),
    ("big5hkscs", re.compile(rb"[\xa4-\xc6]")),
)
HIGH_RUN = re.compile(rb"[\x80-\xff]+")
KANA = re.compile("[\u3040-\u30ff]")
HALF_KANA = re.compile("[\uff61-\uff9f]")
SURE = 0.7
CLOSE, FEW = 0.03, 0.6
IN_WORDS = frozenset("’'·-\u00ad´")


def guess_charset(data: bytes) -> str | None:
    """The Python codec that makes most sense of these bytes, None when none makes any."""
    sample = data[:SAMPLE]
    scores = {name: _letters(sample, name) for name in SINGLE}
    # Of charsets about as likely it is the one most people used, the more so the fewer letters speak for another.
    scores["cp1252"] += CLOSE + FEW / max(1, sum(1 for byte in sample if byte > 127))
    best = max(scores, key=lambda name: scores[name])  # the first of equals
    double = _double(sample)
    if double and scores[best] < SURE:
        return double
    return best if scores[best] > 0 else double


def is_western(data: bytes) -> bool:
    """Whether Western letters are possible: False only when most of the text would be accents in heaps."""
    sample = data[:SAMPLE]
    high = sum(1 for byte in sample if byte > 127)
    letters = sum(1 for byte in sample if byte > 64)
    return high < 6 or high * 3 < letters or _letters(sample, "cp1252") > 0.2


def _double(sample: bytes) -> str | None:
    """An East Asian charset whose everyday characters these are."""
    runs = HIGH_RUN.findall(sample)
    japanese = _decoded(sample, "cp932")
    if japanese is not None:
        shown = [c for c in japanese if ord(c) > 127]
        kana = len(KANA.findall(japanese))
        if shown and kana * 4 >= len(shown) > 2 * len(HALF_KANA.findall(japanese)):
            return "cp932"
    pairs = [run[i : i + 1] for run in runs[:2000] for i in range(0, len(run) - 1, 2)]
    if len(pairs) < 2:
        return None
    is_even = all(len(run) % 2 == 0 for run in runs[:-1])
    share = {name: sum(1 for lead in pairs if leads.match(lead)) / len(pairs) for name, leads in DOUBLE}
    if is_even:
        if share["euc_jp"] >= 0.3 and _decoded(sample, "euc_jp") is not None:
            return "euc_jp"
        if share["cp949"] >= 0.92 and len(pairs) > 3 and _decoded(sample, "cp949") is not None:
            return "cp949"
        if share["gb18030"] >= 0.7 and _decoded(sample, "gb18030") is not None:
            return "gb18030"
    for name in ("big5hkscs", "gb18030", "cp949", "euc_jp"):
        text = _decoded(sample, name)
        if text is not None and _ideographs(text) >= 0.8:
            return name
    return None


def _ideographs(text: str) -> float:
    shown = [c for c in text if ord(c) > 127]
    return sum(1 for c in shown if "\u3000" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3") / (len(shown) or 1)


def _decoded(sample: bytes, codec: str) -> str | None:
    """The sample as text; a letter may be cut at its end."""
    for end in (len(sample), -1, -2, -3):
        try:
            return sample[:end].decode(codec)
        except UnicodeDecodeError:
            if len(sample) < SAMPLE:
                return None
    return None


def _letters(sample: bytes, codec: str) -> float:
    """How plausible the non-ASCII letters are, from -2 to 1 on average."""
    common = SINGLE[codec]
    text = f" {sample.decode(codec, 'replace')} "
    total = count = 0.0
    for found in islice(NOT_ASCII.finditer(text), MOST_LETTERS):
        at = found.start()
        total += _plausible(text[at], text[at - 1], text[at + 1], common)
        count += 1
    return total / count if count else 0.0


@lru_cache(maxsize=20_000)
def _plausible(char: str, before: str, after: str, common: str) -> float:
    worth = 1.0 if char in common and (char != "õ" or after == "e") else 0.25
    kind = unicodedata.category(char)
    if char == "\ufffd" or kind in ("Cc", "Cn", "Co"):
        return -2.0
    if kind[0] == "M":
        return worth
    if kind[0] != "L":
        inside = before.isalpha() and after.isalpha() and char not in IN_WORDS
        inside = inside or (char in "£¥" and after.islower())
        return -1.0 if inside else worth * 0.8 if char in common else -0.3
    if char.isupper() and before.islower():
        worth -= 1.0
    if before.isalpha():
        both = {_script(char), _script(before)}
        if len(both) > 1:
            worth -= 0.8
        elif before > "\x7f" and both == {"L"}:  # accented letters seldom stand together
            worth -= 0.6
    return worth


@lru_cache(maxsize=5000)
def _script(char: str) -> str:
    return "L" if char < "\u0250" else unicodedata.name(char, "?")[:4]
