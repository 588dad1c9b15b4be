"""S42: what somebody writes into an article loads nothing, runs nothing, links nothing bad, in either format (P1)."""

from __future__ import annotations

import re

from tresen.core.knowledge.rendering import html_of
from tresen.kit.html import clean_prose, headings_of

KEY = "0f0e0d0c-1111-2222-3333-444455556666"
BAD_LINKS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "vbscript:x",
    "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "//evil.example/x", "/\\evil.example",
    "javascript&colon;alert(1)", "&#106;avascript:alert(1)", "blob:x", "cid:x", "ftp://x/y", "view-source:x",
)  # fmt: skip
RAW = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<iframe src='https://evil.example'></iframe>",
    "<a href='javascript:alert(1)'>x</a>", "<svg onload=alert(1)><script>1</script></svg>", "<form action=/x><button>",
    "<style>body{display:none}</style>", "<p id=composer class=btn style='position:fixed'>x</p>",
    "<base href='https://evil.example/'>", "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>", "<object data='data:text/html,x'></object>",
    "<a href=x\x00 onclick=alert(1)>x</a>", "<h2 id='s-x' onclick=alert(1) name=cookie>x</h2>",
)  # fmt: skip
# What may stand in the result: each tag with its attributes, each link, each source.
TAG = re.compile(r"<([a-z0-9]+)((?: [a-z-]+=\"[^\"]*\")*)>|</[a-z0-9]+>")
GOOD_HREF = re.compile(r"(?:https?://|mailto:|tel:|#s-|/(?![/\\]))")
KNOWN = {"href", "rel", "title", "src", "alt", "loading", "id", "start", "colspan", "rowspan", "scope", "align", "lang",
         "dir"}  # fmt: skip


def assert_inert(html: str) -> None:
    rest = TAG.sub("", html)
    assert "<" not in rest, html
    for found in TAG.finditer(html):
        for name, value in re.findall(r' ([a-z-]+)="([^"]*)"', found[2] or ""):
            assert name in KNOWN, html
            assert name != "href" or GOOD_HREF.match(value), html
            assert name != "src" or value == f"/help/files/{KEY}/", html
            assert name != "id" or value.startswith("s-"), html
        assert found[1] not in {"script", "style", "iframe", "form", "svg", "object", "input", "base", "meta"}, html


def test_s42_bad_links_are_no_links() -> None:
    for link in BAD_LINKS:
        assert_no_link(link)


def assert_no_link(link: str) -> None:
    for source in (
        f"[x]({link})", f"[x](<{link}>)", f"<{link}>", f"[x][1]\n\n[1]: {link}", f"[x][1]\n\n[1]: <{link}> 'title'",
        f"![x]({link})", f"![x][1]\n\n[1]: {link}", f"[![x]({link})]({link})", f"- [x]({link})\n  > [y]({link})",
    ):  # fmt: skip
        html = html_of(source, "markdown", [KEY])
        assert_inert(html)
        assert ' href="' not in html or GOOD_HREF.search(html), html
    for tag in (f'<a href="{link}">x</a>', f'<img src="{link}">', f"<a href='{link}'>x</a>"):
        assert_inert(html_of(tag, "html", [KEY]))


def test_s42_raw_html_is_text_in_markdown_and_cleaned_in_rich_text() -> None:
    for raw in RAW:
        assert_text(raw)


def assert_text(raw: str) -> None:
    for source in (
        raw,
        f"a {raw} b",
        f"# {raw}",
        f"> {raw}",
        f"| a |\n|---|\n| {raw} |",
        f"[{raw}](https://x.example)",
    ):
        html = html_of(source, "markdown", [KEY])
        assert_inert(html)
    shown = html_of(raw, "markdown")
    assert "&lt;" in shown, "what was typed is there to be read"
    assert_inert(html_of(f"<p>a</p>{raw}<p>b</p>", "html", [KEY]))


def test_s42_pictures_are_the_articles_own_files_alone() -> None:
    other = KEY.replace("0f", "1f")
    sources = (f"/help/files/{KEY}/", f"/help/files/{other}/", "https://evil.example/p.png", f"/help/files/{KEY}/?x")
    source = " ".join(f"![a]({address})" for address in sources)
    html = html_of(source, "markdown", [KEY])
    assert re.findall(r"<img[^>]*>", html) == [f'<img src="/help/files/{KEY}/" alt="a" loading="lazy">']
    assert_inert(html)


def test_s42_good_words_stay_what_they_are() -> None:
    source = (
        "# One\n\n## Über uns\n\n## Über uns\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n```sh\nls <x>\n```\n\n"
        "~~old~~ [down](#uber-uns) [home](/help/) [web](https://a.example/?b=1&c=2) <me@a.example>"
    )
    html = html_of(source, "markdown")
    assert [(one.level, one.id, one.text) for one in headings_of(html)] == [
        (2, "s-one", "One"), (2, "s-uber-uns", "Über uns"), (2, "s-uber-uns-2", "Über uns")
    ]  # fmt: skip
    for part in ('<th align="left">a</th>', "<pre><code>ls &lt;x&gt;\n</code></pre>", 'href="#s-uber-uns"',
                 'href="/help/"', 'href="https://a.example/?b=1&amp;c=2"', 'href="mailto:me@a.example"'):  # fmt: skip
        assert part in html, part
    assert "<s>old</s>" in html or "<del>old</del>" in html
    assert_inert(html)
    again = clean_prose(html, is_own_picture=lambda _src: False)
    assert [one.id for one in headings_of(again)] == [one.id for one in headings_of(html)]
    deep = html_of("> " * 300 + "x\n" + "- " * 300 + "y", "markdown")
    assert_inert(deep)
