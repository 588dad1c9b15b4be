"""How the sample's mails look: what mail programs add to a person's own words. Pure.

Each program quotes in its own way and in its owner's language; the shapes are those that reply cutting must know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from tresen.kit.html import text_to_html
from tresen.kit.replies import cut_reply

_PICTURE = re.compile(r"\[\[([\w.-]+)\]\]")
_PICTURE_WORD = {"de": "Bild", "pl": "Obraz", "en": "Image"}
_DAYS = {
    "de": ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."),
    "pl": ("pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz."),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = {
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    "pl": ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_HEADERS = {
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "en": ("From", "Sent", "To", "Subject"),
}
_PREFIX = {("outlook", "de"): "AW: ", ("outlook", "pl"): "ODP: ", ("outlook", "en"): "RE: "}


@dataclass(frozen=True)
class Quoted:
    """An earlier mail as it is quoted. `at` in the reader's own zone."""

    at: datetime
    name: str
    address: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Mail:
    """A mail's words: all of its text, what is new in it, its HTML (empty for a plain one), and the pictures in it."""

    text: str
    new: str = ""
    html: str = ""
    pictures: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Writer:
    """Who writes, and with what: program, language, signature, his house's small print and logo."""

    client: str
    language: str
    signature: str = ""
    disclaimer: str = ""
    logo: str = ""


def reply_subject(subject: str, number: str, writer: Writer) -> str:
    """The subject of an answer to our mail `Re: subject [#number]`, as the program of the writer makes it."""
    return f"{_PREFIX.get((writer.client, writer.language), 'Re: ')}{subject} [#{number}]"


def pictures_in(words: str) -> tuple[str, ...]:
    """The names of the inline pictures of a text, in order."""
    return tuple(_PICTURE.findall(words))


def plain(words: str, language: str) -> str:
    """The words with each inline picture as a mark, as the plain part of a mail has it."""
    return _PICTURE.sub(lambda match: f"[{_PICTURE_WORD[language]}: {match[1]}]", words)


def dress(words: str, writer: Writer, *, quoted: Quoted | None, content_ids: str = "") -> Mail:
    """The whole mail around a person's words. `content_ids`: what stands behind the @ of the pictures' ids."""
    parts = [plain(words, writer.language), writer.signature, writer.disclaimer]
    if quoted:
        parts.append(_quote_text(quoted, writer))
    text = "\n\n".join(part for part in parts if part)
    pictures = pictures_in(words)
    if writer.client not in {"outlook", "gmail", "apple"} and not pictures:
        return Mail(text, cut_reply(text).reply_text)
    html = _html(words, writer, quoted, content_ids)
    return Mail(text, cut_reply(text, html).reply_text, html, pictures)


def _quote_text(quoted: Quoted, writer: Writer) -> str:
    if writer.client == "outlook":
        words = (f"{quoted.name} <{quoted.address}>", _long(quoted.at, writer.language), quoted.to, quoted.subject)
        head = "\n".join(f"{label}: {word}" for label, word in zip(_HEADERS[writer.language], words, strict=True))
        return f"________________________________\n{head}\n\n{quoted.text}"
    lines = "\n".join(f"> {line}".rstrip() for line in quoted.text.split("\n"))
    return f"{_wrote(quoted, writer)}\n\n{lines}"


def _wrote(quoted: Quoted, writer: Writer) -> str:
    """The line above a quotation."""
    at, language = quoted.at, writer.language
    who = f"{quoted.name} <{quoted.address}>" if writer.client in {"gmail", "apple", "phone"} else quoted.name
    if writer.client == "gmail":
        day, month = _DAYS[language][at.weekday()], _MONTHS[language][at.month - 1]
        return {
            "de": f"Am {day}, {at.day}. {month} {at.year} um {at:%H:%M} Uhr schrieb {who}:",
            "pl": f"{day}, {at.day} {month} {at.year} o {at:%H:%M} {who} napisał(a):",
            "en": f"On {day}, {at.day} {month} {at.year} at {at:%H:%M}, {who} wrote:",
        }[language]
    if writer.client in {"apple", "phone"}:
        return {
            "de": f"Am {at:%d.%m.%Y} um {at:%H:%M} schrieb {who}:",
            "pl": f"Wiadomość napisana przez {who} w dniu {at:%d.%m.%Y}, o godz. {at:%H:%M}:",
            "en": f"On {at.day} {_MONTHS['en'][at.month - 1]} {at.year}, at {at:%H:%M}, {who} wrote:",
        }[language]
    return {
        "de": f"Am {at:%d.%m.%y} um {at:%H:%M} schrieb {who}:",
        "pl": f"W dniu {at:%d.%m.%Y} o {at:%H:%M}, {who} pisze:",
        "en": f"On {at:%d/%m/%Y} {at:%H:%M}, {who} wrote:",
    }[language]


def _long(at: datetime, language: str) -> str:
    day = _DAYS[language][at.weekday()]
    return f"{day} {at.day}. {_MONTHS[language][at.month - 1]} {at.year} {at:%H:%M}"


def _html(words: str, writer: Writer, quoted: Quoted | None, content_ids: str) -> str:
    def picture(match: re.Match[str]) -> str:
        return f'<img src="cid:{match[1]}@{content_ids}" alt="{match[1]}">'

    body = _PICTURE.sub(picture, text_to_html(words))
    if writer.signature:
        body += f'\n<div class="signature">{text_to_html(writer.signature)}</div>'
    if writer.logo:
        body += f'\n<p><img src="{escape(writer.logo)}" alt="" width="120" height="40"></p>'
    if writer.disclaimer:
        body += f'\n<div style="color:#777777;font-size:11px">{text_to_html(writer.disclaimer)}</div>'
    if quoted:
        body += "\n" + _quote_html(quoted, writer)
    return f'<html><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>'


def _quote_html(quoted: Quoted, writer: Writer) -> str:
    inner = text_to_html(quoted.text)
    if writer.client == "outlook":
        words = (f"{quoted.name} <{quoted.address}>", _long(quoted.at, writer.language), quoted.to, quoted.subject)
        head = "<br>\n".join(
            f"<b>{label}:</b> {escape(word)}" for label, word in zip(_HEADERS[writer.language], words, strict=True)
        )
        return (
            '<div id="divRplyFwdMsg" style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            f"<p>{head}</p></div>\n<div>{inner}</div>"
        )
    above = escape(_wrote(quoted, writer))
    if writer.client == "gmail":
        return (
            f'<div class="gmail_quote"><div class="gmail_attr">{above}<br></div>\n'
            f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{inner}</blockquote></div>'
        )
    return f'<div>{above}</div>\n<blockquote type="cite">{inner}</blockquote>'
