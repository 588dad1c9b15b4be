"""Nothing a sender writes runs, loads or paints outside its frame; what carries meaning stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tresen.kit.html import (
    SANITISER_VERSION,
    HtmlTooHard,
    clean_html,
    fill_images,
    sanitise,
    text_of_tags,
    text_to_html,
    to_text,
)
from tresen.kit.html.sanitise import ATTRIBUTES, TAGS
from tresen.kit.html.styles import PROPERTIES

RUN = "parent.hit()"
HANDLERS = ["onerror", "onload", "onclick", "onmouseover", "onfocus", "onbegin", "onanimationstart", "ontoggle"]
CARRIERS = ["img src=x", "svg", "body", "details open", "input autofocus", "video", "math", "a href=x", "marquee", "p"]
PLACES = ['a href="', 'img src="', 'a xlink:href="', 'form action="', 'iframe src="']


def lines_of(kind: str) -> list[str]:
    """One payload a line; the few that need a control character write it with a backslash."""
    lines = Path(__file__).with_name(f"hostile.{kind}.txt").read_text("utf-8").splitlines()
    for written, char in (("\\0", "\0"), ("\\t", "\t"), ("\\n", "\n"), ("\\1", "\1")):
        lines = [line.replace(written, char) for line in lines]
    return lines


EVIL = [
    *(f"<{carrier} {handler}={RUN}>x" for carrier in CARRIERS for handler in HANDLERS),
    *(f'<{place}{url}">x</a>' for url in lines_of("url") for place in PLACES),
    *(f'<p style="{style}">x</p>' for style in lines_of("css")),
    *lines_of("html"),
]


def assert_harmless(cleaned: str) -> None:
    """Parsed again, as a browser would: only tags, attributes, addresses and styles of the list."""
    tree = LexborHTMLParser(f"<body>{cleaned}</body>")
    assert tree.body is not None
    for node in tree.body.traverse(include_text=False):
        if node.tag == "body":
            continue
        assert node.tag in TAGS or node.tag == "tbody", cleaned
        for name, value in node.attributes.items():
            allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(node.tag, set()) | {"data-cid", "data-remote", "target", "rel"}
            assert name in allowed, cleaned
            assert name != "src", cleaned
            if name == "href":
                assert re.match(r"(?:https?:|mailto:|tel:)", value or "", re.IGNORECASE), cleaned
            if name == "style":
                for declaration in (value or "").split(";"):
                    property_name, _, said = declaration.partition(":")
                    assert PROPERTIES[property_name].fullmatch(said), cleaned


@pytest.mark.parametrize("html", EVIL, ids=range(len(EVIL)))
def test_nothing_hostile_survives(html: str) -> None:
    for form in (html, html.upper(), f"<div>{html}</div>", f"<table><tr><td>{html}"):
        cleaned = sanitise(form)
        assert_harmless(cleaned)
        # Cleaning what was cleaned changes nothing: no text turns into markup on the way.
        assert_harmless(sanitise(cleaned))


def test_what_carries_meaning_stays() -> None:
    html = (
        '<h2>Title</h2><p style="color:#c00;font-weight:bold;text-align:center">red</p><ul><li>one</li></ul>'
        '<table border="1"><tr><td colspan="2" bgcolor="#ffeeaa">cell</td></tr></table>'
        '<blockquote type="cite">old</blockquote><font color="red">f</font><pre>a  b</pre>'
    )
    cleaned = sanitise(html)
    for piece in (
        "<h2>",
        "color:#c00",
        "font-weight:bold",
        "<li>one",
        'colspan="2"',
        'bgcolor="#ffeeaa"',
        "<blockquote",
    ):
        assert piece in cleaned


def test_links_open_elsewhere_and_tell_nothing() -> None:
    cleaned = sanitise('<a href="https://a.example/x?a=1&amp;b=2" target="_top" rel="opener">x</a>')
    assert 'target="_blank"' in cleaned
    assert 'rel="noopener noreferrer nofollow"' in cleaned
    assert 'href="https://a.example/x?a=1&amp;b=2"' in cleaned


def test_images_are_marked_and_counted_and_given_their_place_later() -> None:
    found = clean_html(
        '<img src="cid:Logo@x" alt="l"><img src="https://t.example/a.png?x=1&amp;y=2"><img src="http://t.example/b">'
    )
    assert found.version == SANITISER_VERSION
    assert (found.remote_images, found.content_ids) == (2, ("Logo@x",))
    assert " src=" not in found.html
    shown = fill_images(found.html, content=lambda cid: f"/files/{cid}/?a=1&b=2" if cid == "Logo@x" else None)
    assert 'src="/files/Logo@x/?a=1&amp;b=2"' in shown
    assert shown.count(" src=") == 1
    proxied = fill_images(found.html, remote=lambda url: f"/proxy?u={len(url)}")
    assert f'src="/proxy?u={len("https://t.example/a.png?x=1&y=2")}"' in proxied


def test_a_mark_in_the_text_is_only_text() -> None:
    cleaned = sanitise('<p title=\' data-cid="a"\'>say data-cid="a"</p><img alt=\' data-cid="a" \' src="cid:b">')
    shown = fill_images(cleaned, content=lambda cid: f"/{cid}")
    assert 'say data-cid="a"' in shown
    assert shown.count(" src=") == 1
    assert 'src="/b"' in shown


def test_a_callback_may_place_images_at_once() -> None:
    found = clean_html('<img src="cid:a">', lambda src: f"/x/{src[4:]}")
    assert 'src="/x/a"' in found.html


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("x" * 1_000_001, "size"),
        ("<div>" * 201, "depth"),
        ("<b>" * 100 + "<p>x" * 4000, "formatting"),
    ],
)
def test_what_is_too_hard_is_refused_before_it_is_parsed(html: str, code: str) -> None:
    with pytest.raises(HtmlTooHard) as refused:
        sanitise(html)
    assert refused.value.code == code
    text_of_tags(html)


def test_a_long_ordinary_mail_is_not_too_hard() -> None:
    assert sanitise("<p>Zeile<br>mit <b>fett</b><li>Punkt" * 5000)


def test_text_of_html_reads_well() -> None:
    html = (
        "<p>Hallo&nbsp;Anna,</p><p>siehe <a href='https://a.example/x'>hier</a>, <a href='https://b.example/'>b.example</a></p>"
        "<ol><li>eins</li><li>zwei</li></ol><blockquote>alt<blockquote>älter</blockquote></blockquote><pre>a\n  b</pre>"
        "<div>Anna<br><br>Tel.</div><p hidden>weg</p>"
    )
    assert to_text(html) == (
        "Hallo Anna,\n\nsiehe hier <https://a.example/x>, b.example\n\n1. eins\n2. zwei\n\n> alt\n>\n> > älter\n\n"
        "a\n  b\n\nAnna\n\nTel."
    )


def test_text_becomes_html_for_mail() -> None:
    html = text_to_html("Hallo <b>,\nsiehe https://a.example/(x)?a=1&b=2.\n\n> alt\n>> älter\nneu help@desk.example!")
    assert html == (
        '<p>Hallo &lt;b&gt;,<br>\nsiehe <a href="https://a.example/(x)?a=1&amp;b=2">https://a.example/(x)?a=1&amp;b=2</a>.</p>\n'
        "<blockquote>\n<p>alt</p>\n<blockquote>\n<p>älter</p>\n</blockquote>\n</blockquote>\n"
        '<p>neu <a href="mailto:help@desk.example">help@desk.example</a>!</p>'
    )
    assert sanitise(html)
