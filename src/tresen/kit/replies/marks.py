"""The marks by which mail programs themselves say in HTML what they quote. Used before conversion to text, where they
are still there."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

# Elements that hold the quoted mail, or the line above it.
QUOTE_CLASSES = frozenset({
    "gmail_quote", "gmail_extra", "gmail_attr", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra",
    "moz-cite-prefix", "moz-email-headers-table", "replyheader", "ms-outlook-mobile-reference-message", "wh-quote",
    "airmail_ext_on", "icloudquote", "iosymail", "quote_original", "gmail_quote_container", "zmail_extra_hr",
    "mailcontainerquote", "email-quote",
})  # fmt: skip
QUOTE_IDS = frozenset({
    "reply-intro", "mail-editor-reference-message-container", "yahoo_quoted", "replysplit", "quoteheader",
})  # fmt: skip
# From these on, to the end, everything is the earlier mail.
TAIL_IDS = frozenset({
    "divrplyfwdmsg", "x_divrplyfwdmsg", "appendonsend", "x_appendonsend", "stopspelling", "zwchr",
    "_rfc822_quote_header",
})  # fmt: skip
TAIL_CLASSES = frozenset({"outlookmessageheader", "quoteheader"})
TAIL_ID_START = "olk_src_body_section"
# Outlook's line above "From: … Sent: …".
BORDER_TOP = re.compile(r"border-top:\s{0,3}solid\s{1,3}#(?:E1E1E1|B5C4DF)", re.IGNORECASE)
INDENT = re.compile(r"margin:\s{0,3}0(?:px)?\s0(?:px)?\s0(?:px)?\s40px", re.IGNORECASE)
FORWARD_WORDS = (
    "forwarded message", "weitergeleitete", "przekazan", "przekazywan", "message transféré", "reenviado",
    "inoltrato", "doorgestuurd",
)  # fmt: skip
# Plain words: looking for each of them is many times faster than one pattern of alternatives.
ANY_MARK = (
    "gmail_", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra", "moz-cite", "divrplyfwdmsg",
    "appendonsend", "olk_src_body", "stopspelling", "zwchr", "reference-message", "reply-intro", "outlookmessageheader",
    "name=quote", 'name="quote', "name='quote", "border-top:", "<blockquote", "replyheader", "airmail_ext_on",
    "_rfc822_quote_header", "email-quote", "iosymail", "replysplit", "quoteheader", "quote_original",
    "mailcontainerquote", "wh-quote", "icloudquote",
)  # fmt: skip


def has_marks(html: str) -> bool:
    """Whether it is worth looking at the HTML for quotes."""
    lowered = html.lower()
    return any(word in lowered for word in ANY_MARK)


def quote_mark(node: LexborNode) -> str | None:
    """`quote` for an element that holds earlier mail, `tail` where earlier mail begins and runs to the end, `plain` for
    a blockquote that only indents, else None. A forwarded mail is no quote: it is what the message is about."""
    attributes = node.attributes
    if not attributes:
        return None
    identity = (attributes.get("id") or "").lower()
    classes = set((attributes.get("class") or "").lower().split())
    style = attributes.get("style") or ""
    if identity in TAIL_IDS or identity.startswith(TAIL_ID_START) or classes & TAIL_CLASSES:
        return "tail"
    if style and BORDER_TOP.search(style):
        return "tail"
    if node.tag == "blockquote":
        return "plain" if INDENT.search(style) and not classes & QUOTE_CLASSES and "type" not in attributes else None
    is_quote = (
        classes & QUOTE_CLASSES or identity in QUOTE_IDS or (node.tag == "div" and attributes.get("name") == "quote")
    )
    if not is_quote or _is_forward(node):
        return None
    if "gmail_attr" in classes or "moz-cite-prefix" in classes:
        return "quote"
    # With blockquotes inside, those are the quotes: between them a person may have answered.
    return None if node.css_first("blockquote") is not None else "quote"


def _is_forward(node: LexborNode) -> bool:
    start = (node.text_content or node.text(deep=True) or "")[:200].lower()
    return any(word in start for word in FORWARD_WORDS)
