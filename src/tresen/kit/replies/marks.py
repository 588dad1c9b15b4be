"""The marks by which mail programs themselves say in HTML what they quote. Used before conversion to text, where they
are still there."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from tresen.kit.replies.header_words import DATE_LABELS, FROM_LABELS
from tresen.kit.replies.headers import label_of

# Elements that hold the quoted mail, or the line above it.
QUOTE_CLASSES = frozenset({
    "gmail_quote", "gmail_extra", "gmail_attr", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra",
    "moz-cite-prefix", "moz-email-headers-table", "replyheader", "ms-outlook-mobile-reference-message", "wh-quote",
    "airmail_ext_on", "airmail_on", "icloudquote", "iosymail", "quote_original", "gmail_quote_container",
    "zmail_extra_hr", "mailcontainerquote", "email-quote", "spark_quote", "front-blockquote", "clean_bq",
    "history_container", "sh-quoted-content", "mb_quote", "ms-outlook-reference", "mailru-blockquote",
})  # fmt: skip
QUOTE_IDS = frozenset({
    "reply-intro", "mail-editor-reference-message-container", "yahoo_quoted", "replysplit", "quoteheader",
    "isreplycontent", "reply139content", "mailruquote", "orginalmail",
})  # fmt: skip
QUOTE_NAMES = frozenset({"quote", "messagereplysection"})
PREFIX_CLASSES = frozenset({"gmail_attr", "moz-cite-prefix", "airmail_on", "airmail_ext_on"})
# From these on, to the end, everything is the earlier mail.
TAIL_IDS = frozenset({
    "divrplyfwdmsg", "appendonsend", "stopspelling", "zwchr", "_rfc822_quote_header", "outlookmessageheader",
    "mailbirdreplyheader",
})  # fmt: skip
TAIL_CLASSES = frozenset({"outlookmessageheader", "quoteheader"})
TAIL_ID_START = "olk_src_body_section"
# What programs themselves add as the signature.
SIGNATURE_CLASSES = frozenset({
    "gmail_signature", "gmail_signature_prefix", "moz-signature", "protonmail_signature_block", "tutanota_signature",
    "ms-outlook-mobile-signature", "front-signature", "yahoo-signature", "sh-signature", "zmail_signature_below",
    "mailbirdsignature",
})  # fmt: skip
SIGNATURE_IDS = frozenset({"signature", "ms-outlook-mobile-signature", "applemailsignature", "zmail_signature"})
SIGNATURE_NAMES = frozenset({"messagesignaturesection"})
# Outlook's line above "From: … Sent: …", in whatever colour.
BORDER_TOP = re.compile(r"border-top:[^;]{0,20}solid|border-top-style:\s?solid|border-width:\s?1(?:\.0)?pt (?:none|0)")
INDENT = re.compile(r"margin:\s{0,3}0(?:px)?\s0(?:px)?\s0(?:px)?\s40px", re.IGNORECASE)
FORWARD_WORDS = (
    "forwarded message", "weitergeleitete", "przekazan", "przekazywan", "message transféré", "reenviado", "inoltrato",
    "doorgestuurd", "encaminhada", "přeposlan", "vidarebefordrat", "videresendt", "välitetty", "пересылаемое",
    "пересланное", "转发", "轉寄", "転送",
)  # fmt: skip
NODES_TO_BEGIN, LETTERS_TO_BEGIN = 60, 300
MOST_LOOKS_INSIDE = 40
# Plain words: looking for each of them is many times faster than one pattern of alternatives.
ANY_MARK = (
    "gmail_", "yahoo_quoted", "protonmail_", "tutanota_", "zmail_", "moz-cite", "moz-signature", "divrplyfwdmsg",
    "appendonsend", "olk_src_body", "stopspelling", "zwchr", "reference-message", "reply-intro", "outlookmessageheader",
    "name=quote", 'name="quote', "name='quote", "border-top", "<blockquote", "replyheader", "airmail_",
    "_rfc822_quote_header", "email-quote", "iosymail", "replysplit", "quoteheader", "quote_original",
    "mailcontainerquote", "wh-quote", "icloudquote", "spark_quote", "messagereplysection", "messagesignaturesection",
    "front-", "clean_bq", "history_container", "sh-quoted", "mb_quote", "isreplycontent", "reply139content",
    'id="signature', 'id="x_signature', "id=signature", "mobile-signature", "applemailsignature", "yahoo-signature",
    "sh-signature", "mailbird", "1.0pt none",
)  # fmt: skip


def has_marks(html: str) -> bool:
    """Whether it is worth looking at the HTML for quotes."""
    lowered = html.lower()
    return any(word in lowered for word in ANY_MARK)


class QuoteMarks:
    """What the elements of one mail say. Elements inside elements are looked through a few times only: who nests more
    is read by his lines."""

    def __init__(self) -> None:
        self.looks = MOST_LOOKS_INSIDE

    def __call__(self, node: LexborNode) -> str | None:
        """`quote` for an element that holds earlier mail, `tail` where earlier mail begins and runs to the end,
        `signed` for a signature, `plain` for a blockquote that only indents, else None. A forwarded mail is no quote:
        it is what the message is about."""
        attributes = node.attributes
        if not attributes:
            return None
        identity = _own_name(attributes.get("id") or "")
        classes = {_own_name(name) for name in (attributes.get("class") or "").split()}
        name = (attributes.get("name") or "").lower()
        style = (attributes.get("style") or "").lower()
        if identity in TAIL_IDS or identity.startswith(TAIL_ID_START) or classes & TAIL_CLASSES:
            return "tail"
        if style and "border" in style and BORDER_TOP.search(style) and _begins_with_header(node):
            return "tail"
        if node.tag == "blockquote":
            indents = INDENT.search(style) and not classes & QUOTE_CLASSES and "type" not in attributes
            return "plain" if indents else None
        if classes & SIGNATURE_CLASSES or identity in SIGNATURE_IDS or name in SIGNATURE_NAMES:
            return None if self._holds_quote(node) else "signed"
        is_quote = classes & QUOTE_CLASSES or identity in QUOTE_IDS or (node.tag == "div" and name in QUOTE_NAMES)
        if not is_quote or _is_forward(node):
            return None
        # With blockquotes inside, those are the quotes: between them a person may have answered.
        return "quote" if classes & PREFIX_CLASSES or not self._holds_quote(node) else None

    def _holds_quote(self, node: LexborNode) -> bool:
        self.looks -= 1
        return self.looks < 0 or node.css_first("blockquote") is not None


def _own_name(name: str) -> str:
    """A class or id as its program gave it: others put `x_` before it when they quote it, one a random prefix."""
    name = name.lower()
    while name.startswith("x_"):
        name = name[2:]
    return "yahoo_quoted" if name.startswith("ydp") and name.endswith("yahoo_quoted") else name


def _start_of(node: LexborNode) -> str:
    """The first words in an element: as much as tells what it is, however much is in it."""
    words: list[str] = []
    for place, inner in enumerate(node.traverse(include_text=True)):
        if inner.is_text_node:
            words.append(inner.text_content or "")
        if place > NODES_TO_BEGIN or sum(map(len, words)) > LETTERS_TO_BEGIN:
            break
    return "".join(words)[:LETTERS_TO_BEGIN].strip()


def _begins_with_header(node: LexborNode) -> bool:
    label, _ = label_of(_start_of(node))
    return label in FROM_LABELS or label in DATE_LABELS


def _is_forward(node: LexborNode) -> bool:
    start = _start_of(node).lower()
    return any(word in start for word in FORWARD_WORDS)
