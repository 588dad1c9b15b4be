"""In a message's frame, all that is not new stands behind the dots, and nothing new does."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tresen.kit.html import fold_old, sanitise, to_text
from tresen.kit.replies import cut_reply

PROGRAMS: dict[str, str] = tomllib.loads(Path(__file__).with_name("quoting_programs.toml").read_text("utf-8"))
NEW, OLD = "It prints again since noon, as you said.", "Have you tried the other cable?"
FOLD = '<details><summary aria-label="Old">•••</summary>'


@pytest.mark.parametrize(
    ("html", "new", "folded"),
    [
        ("<p>New</p><blockquote>Old</blockquote>", "New", "<blockquote>Old</blockquote>"),
        ("<p>New</p><blockquote>a<blockquote>b</blockquote></blockquote><br>", "New",
         "<blockquote>a<blockquote>b</blockquote></blockquote><br>"),
        ("<p>New</p><hr><p><b>From:</b> Anna<br><b>Sent:</b> Monday</p><p>Old</p>", "New",
         "<hr><p><b>From:</b> Anna<br><b>Sent:</b> Monday</p><p>Old</p>"),
        ("<div><p>New &amp; fine</p><p>Old</p></div>", "New & fine", "<div><p>Old</p></div>"),
        ("<div>New<br>Old</div>", "New", "<div>Old</div>"),
        ('<p>See <a href="https://a.example/">here</a></p><p>This mail is confidential.</p>',
         "See here <https://a.example/>", "<p>This mail is confidential.</p>"),
        ("<div>On Monday:<blockquote>Old</blockquote></div><p>New</p>", "New",
         "<div>On Monday:<blockquote>Old</blockquote></div>"),
    ],
)  # fmt: skip
def test_what_follows_or_precedes_the_new_is_folded(html: str, new: str, folded: str) -> None:
    assert f"{FOLD}{folded}</details>" in fold_old(html, new=new, label="Old")


@pytest.mark.parametrize(
    ("html", "new"),
    [
        ("<blockquote>Only a quote</blockquote>", "Only a quote"),
        ("<p>From: here to there</p><p>Date: today</p>", "From: here to there\nDate: today"),
        ("<p>Nothing of it is there</p>", "Another text, which is as long as it must be to be found anywhere"),
        ("<p>New and old in one piece</p>", "New"),
        ("<p>Broken</p><blockquote>", "Broken and"),
        ("", ""),
    ],
)
def test_in_doubt_nothing_is_folded(html: str, new: str) -> None:
    assert fold_old(html, new=new, label="Old") == html


def test_with_answers_between_the_lines_only_the_last_quote_is_folded() -> None:
    html = "<p>Hi</p><blockquote>one?</blockquote><p>yes</p><blockquote>two?</blockquote>"
    assert fold_old(html, new="Hi\n\nyes", label="Old").endswith(f"{FOLD}<blockquote>two?</blockquote></details>")


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_is_folded_where_its_text_is_cut(program: str) -> None:
    html = PROGRAMS[program].format(new=NEW, old=OLD)
    shown = fold_old(sanitise(html), new=cut_reply(to_text(html), html).reply_text, label="Old")
    assert shown.count(FOLD) == 1
    begin, end = shown.index(FOLD), shown.index("</details>")
    assert NEW not in shown[begin:end]
    if "between" not in program:
        assert OLD in shown[begin:end]
        assert OLD not in shown[:begin]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["<div>", "</div>", "<p>", "new ", "old ", "<br>", "<blockquote>", "</blockquote>",
                                 "&amp;", "&lt;", "<table><tr><td>", '<img alt="x" src="cid:a">', "<b>"]), max_size=20),
       st.sampled_from(["new", "new new", "old", "new old", "&", "x"]))  # fmt: skip
def test_folded_html_is_still_clean_and_whole(pieces: list[str], new: str) -> None:
    cleaned = sanitise("".join(pieces))
    shown = fold_old(cleaned, new=new, label="Old")
    unfolded = shown.replace(FOLD, "").replace("</details>", "")
    assert to_text(unfolded).replace(">", "").split() == to_text(cleaned).replace(">", "").split()
    assert shown.count("<details>") == shown.count("</details>") <= 1
    assert sanitise(shown) == sanitise(sanitise(shown))


def test_folding_is_linear_in_hostile_html() -> None:
    for html in ("<blockquote>" * 80_000, "<p>From:</p>" * 60_000, "x" + "</blockquote>" * 80_000, "&amp;a" * 100_000):
        fold_old(html, new="x y z" * 1000, label="x")
