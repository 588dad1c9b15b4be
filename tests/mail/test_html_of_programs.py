"""Word's, newsletters' and web mailers' HTML: what they mean stays, what they leave lying about goes."""

from __future__ import annotations

import time

import pytest

from tresen.kit.html import HtmlTooHard, clean_html, sanitise, to_text
from tresen.kit.replies import cut_reply

WORD = """\
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft
Word 15"> <!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]--><style><!--
p.MsoNormal {margin:0cm} --></style> <!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit"
spidmax="1026"/></xml><![endif]--></head><body lang=DE> <div class=WordSection1><p class=MsoNormal><span
style='mso-fareast-language:EN-US'>Guten Tag,<o:p></o:p></span></p> <p
class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>die <span style='color:red'>roten
Zeilen</span>:<o:p></o:p></p> <table class=MsoTableGrid border=1
style='border-collapse:collapse;border:none'><tr><td style='background:#D9E2F3;border:solid windowtext
1.0pt'><p class=MsoNormal><b>Filiale<o:p></o:p></b></p></td><td><p class=MsoNormal align=right
style='text-align:right'><b>Seiten<o:p></o:p></b></p></td></tr><tr><td><p
class=MsoNormal>Lindhafen<o:p></o:p></p></td><td> <p
class=MsoNormal>12.400<o:p></o:p></p></td></tr></table><p class=MsoListParagraph
style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New
Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Toner bestellen<o:p></o:p></p> <p
class=MsoNormal>Bild: <img width=120 id="Grafik_1" src="cid:image001.png@01DA"
alt="Zähler"><o:p></o:p></p></div></body></html>"""


def test_word_leaves_only_what_was_written() -> None:
    cleaned = clean_html(WORD)
    for junk in ("mso", "Mso", "<o:p", "<xml", "v:", "behavior", "[if", "WordSection", "&nbsp;</p>", "Grafik_1"):
        assert junk not in cleaned.html, junk
    for meaning in (
        "color:red",
        "background-color:#D9E2F3",
        "border-collapse:collapse",
        "text-align:right",
        "<b>Filiale",
    ):
        assert meaning in cleaned.html, meaning
    assert cleaned.content_ids == ("image001.png@01DA",)
    assert 'Bild: <img width="120" data-cid="image001.png@01DA"' in cleaned.html


def test_words_tables_and_lists_are_read_as_such() -> None:
    text = to_text(WORD)
    assert "Guten Tag,\n\ndie roten Zeilen:" in text
    assert "Filiale | Seiten\nLindhafen | 12.400" in text
    assert "\n- Toner bestellen\n" in text
    assert "Bild: [Zähler]" in text


def test_empty_paragraphs_that_make_the_space_stay() -> None:
    html = '<p style="margin:0">one</p><p style="margin:0"><br></p><p style="margin:0">two</p>'
    assert sanitise(html) == html
    assert sanitise("<p>one</p><p> </p><p><b>&nbsp;</b></p><p>two</p>") == "<p>one</p><p>two</p>"


@pytest.mark.parametrize(
    ("body", "style"),
    [
        ('bgcolor="#1d2733" text=white', "background-color:#1d2733;color:white"),
        ("style='background:#000;color:#fff;margin:0;position:fixed'", "background-color:#000;color:#fff"),
        ('style="background:url(https://t.example/x)"', ""),
        ('style="color:red;background:\\75rl(x)"', ""),
        ("style='color:red\"><img src=x onerror=hit()>'", ""),
        ("bgcolor=expression(hit())", ""),
    ],
)
def test_the_ground_that_letters_stand_on_stays(body: str, style: str) -> None:
    cleaned = sanitise(f"<html><body {body}><p>x</p></body></html>")
    assert cleaned == (f'<div style="{style}"><p>x</p></div>' if style else "<p>x</p>")


@pytest.mark.parametrize(
    "style",
    ["display:none", "opacity:0", "max-height:0;overflow:hidden", "visibility: hidden", "color:red;mso-hide:all"],
)
def test_what_only_lists_of_mails_show_is_hidden_everywhere(style: str) -> None:
    html = f'<div style="{style}">Preview of all we have</div><p>Hello</p>'
    assert sanitise(html) == '<div style="display:none">Preview of all we have</div><p>Hello</p>'
    assert to_text(html) == "Hello"


def test_a_font_of_no_size_around_others_hides_nothing() -> None:
    assert (
        to_text('<td style="font-size:0;max-height:0.5em;opacity:0.9"><div style="font-size:14px">Hello</div>')
        == "Hello"
    )


def test_columns_and_prices_stand_side_by_side_and_letters_in_a_frame_do_not() -> None:
    html = (
        "<table><tr><td>Lamp<br><small>black</small></td><td><p>2</p></td><td>39.80</td></tr><tr><td></td><td>7</td></tr>"
        "</table><table><tr><td>Hello,<br>one<br>two</td></tr></table>"
    )
    assert to_text(html) == "Lamp black | 2 | 39.80\n7\n\nHello,\none\ntwo"


def test_a_point_of_a_list_goes_on_below_itself() -> None:
    html = "<ul><li>one<br>and more<ol><li>inner</li></ol></li><li>two</li></ul>"
    assert to_text(html) == "- one\n  and more\n  1. inner\n- two"


HARD = {
    "cells": "<table><tr>" + "<td>a" * 200_000,
    "rows": "<table>" + "<tr><td>a<td>b" * 60_000,
    "tables": ("<table><tr>" + "<td>ab</td>" * 5000 + "<td>") * 60,
    "quotes": '<div class="gmail_quote">' * 190 + "<p>x</p>" * 90_000,
    "signatures": "<div id=Signature>" * 190 + "x<br>" * 90_000,
    "borders": '<div style="border-top:solid red">' * 190 + "<p>x</p>" * 90_000,
    "bullets": '<span style="mso-list:Ignore">' * 190 + "x<br>" * 90_000,
    "empty": "<p>a</p><p>" + "<br>" * 150_000,
    "body": "<body " * 100_000,
    "divs": "<div>" * 100_000,
}


@pytest.mark.parametrize("html", HARD.values(), ids=HARD)
def test_hostile_html_is_read_cleaned_and_cut_in_time_or_refused(html: str) -> None:
    for work in (to_text, clean_html, lambda source: cut_reply("", source)):
        begin = time.process_time()
        try:
            work(html[:200_000])
        except HtmlTooHard:
            continue
        assert time.process_time() - begin < 2
