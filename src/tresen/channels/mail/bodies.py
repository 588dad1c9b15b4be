"""The body of an outgoing mail: text and HTML side by side, pictures in their places, files, and what was said before.

mixed
  alternative
    text/plain
    related: text/html and the pictures it shows
  files
"""

from __future__ import annotations

from email.message import EmailMessage
from html import escape

from tresen.channels.mail import texts
from tresen.channels.mail.history import earlier_messages
from tresen.channels.mail.models import Outbox
from tresen.channels.mail.wording import quotes_history
from tresen.core.people.hosts import brand_url
from tresen.core.tickets.models import Attachment, Message
from tresen.kit import files
from tresen.kit.html import SANITISER_VERSION, fill_images, text_to_html

MAX_ATTACHED_BYTES = 10 * 1024 * 1024
# Said with every element that needs it: mail programs drop style sheets.
PAGE = "font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5"
SMALL = "margin-top:16px;color:#6b6b6b;font-size:13px"
QUOTE = "margin:8px 0 0 0;padding:0 0 0 12px;border-left:2px solid #c8c8c8;color:#6b6b6b"


def set_body(mail: EmailMessage, text: str, *, language: str, html: str = "") -> None:
    """Text and HTML of an outgoing mail; the HTML is made from the text unless it is given."""
    mail.set_content(text, cte="quoted-printable")
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head>'
        f'<body style="{PAGE}">{html or text_to_html(text)}</body></html>'
    )
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = language  # last: the two above take away what is said of a content that is replaced


def fill_reply(mail: EmailMessage, row: Outbox, *, below: list[str], link: str, language: str) -> None:
    """An agent's answer, with `below` (signature, footer) under it. Above ten megabytes files stay here and are named
    with the link behind which they lie. Raises LookupError for a row without a message."""
    message = row.message
    if message is None:
        raise LookupError("a reply has a message")
    attached = list(message.attachments.order_by("created_at", "id"))
    too_large = sum(file.size for file in attached) > MAX_ATTACHED_BYTES
    if too_large:
        place = link or brand_url(row.ticket.brand, "/requests/link/")
        said = texts.files_by_link(names=[file.filename for file in attached], link=place, language=language)
        at = len(below) - 1 if below and below[-1].startswith("-- \n") else len(below)
        below = [*below[:at], said, *below[at:]]
    shown = {} if too_large else _pictures(message, attached)
    # A machine's answer repeats nothing of what a stranger wrote (P3).
    quote = None if message.why.get("rule") else _quote(row, language)
    text = "\n\n".join([message.text.rstrip(), *below, *([f"{quote[0]}\n{_quoted(quote[1])}"] if quote else [])])
    set_body(mail, text, language=language, html=_html(message, below, quote, shown, row))
    if shown:
        _put_pictures(mail, shown, row)
    for file in attached if not too_large else []:
        if file.pk not in shown:
            _attach(mail, file)


def _pictures(message: Message, attached: list[Attachment]) -> dict[object, Attachment]:
    """The files that the HTML of the answer shows in its text."""
    if not message.html or message.html_version != SANITISER_VERSION:
        return {}
    return {f.pk: f for f in attached if f.content_id and f'data-cid="{escape(f.content_id)}"' in message.html}


def _cid(file: Attachment, row: Outbox) -> str:
    return f"{file.pk}@{row.mailbox.address.rpartition('@')[2]}"


def _html(
    message: Message, below: list[str], quote: tuple[str, str] | None, shown: dict[object, Attachment], row: Outbox
) -> str:
    if message.html and message.html_version == SANITISER_VERSION:
        places = {file.content_id: f"cid:{_cid(file, row)}" for file in shown.values()}
        parts = [fill_images(message.html, content=places.get)]
    else:
        parts = [text_to_html(message.text.rstrip())]
    for part in below:
        footer = part.removeprefix("-- \n")
        style = f' style="{SMALL}"' if footer != part else ""
        parts.append(f"<div{style}>{text_to_html(footer)}</div>")
    if quote:
        parts.append(f'<div class="gmail_quote"><p style="{SMALL}">{escape(quote[0])}</p>')
        parts.append(f'<blockquote type="cite" style="{QUOTE}">{text_to_html(quote[1])}</blockquote></div>')
    return "\n".join(parts)


def _quote(row: Outbox, language: str) -> tuple[str, str] | None:
    """The line above, and the text of what was said before, newest first; earlier ones stand quoted below it."""
    if not quotes_history(row.ticket.brand):
        return None
    found = earlier_messages(row)
    whole: tuple[str, str] | None = None
    for message in found:  # the oldest first: each newer one carries the older ones below it
        line = texts.wrote_line(who=message.author_name, at=message.created_at, language=language)
        said = (message.reply_text or message.text).strip()
        whole = (line, f"{said}\n\n{whole[0]}\n{_quoted(whole[1])}" if whole else said)
    return whole


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line and not line.startswith(">") else f">{line}" for line in text.split("\n"))


def _put_pictures(mail: EmailMessage, shown: dict[object, Attachment], row: Outbox) -> None:
    html = mail.get_body(("html",))
    assert isinstance(html, EmailMessage)
    for file in shown.values():
        maintype, _slash, subtype = file.content_type.partition("/")
        html.add_related(
            files.read(file.storage_key), maintype=maintype, subtype=subtype, cid=f"<{_cid(file, row)}>",
            filename=file.filename, disposition="inline",
        )  # fmt: skip


def _attach(mail: EmailMessage, file: Attachment) -> None:
    maintype, _slash, subtype = file.content_type.partition("/")
    if maintype == "message":  # a mail as attachment must not be encoded; as plain bytes it may
        maintype, subtype = "application", "octet-stream"
    mail.add_attachment(files.read(file.storage_key), maintype=maintype, subtype=subtype, filename=file.filename)
