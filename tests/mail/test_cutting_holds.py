"""Whatever the lines are: cutting answers, loses nothing to emptiness, invents nothing, and takes its time in line with
the length."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tresen.kit.html import to_text
from tresen.kit.replies import cut_reply

LANGUAGES = tomllib.loads(Path(__file__).with_name("quoting_languages.toml").read_text("utf-8"))
SAID = [
    line
    for words in LANGUAGES.values()
    for line in (
        *words["wrote"], *words["forward"], *words["mobile"], words["legal"],
        *(f"-----{text}-----" for text in words["original"]),
        *(f"{label}: x@desk.example" for label in words["labels"]),
    )
]  # fmt: skip
LINES = st.lists(
    st.one_of(
        st.sampled_from(SAID),
        st.sampled_from(["", " ", ">", "> old", ">> older", "--", "-- ", "____________", "new", "  indented", "<https://a",
                         "<https://a.example/x\n> y", "\u00a0", "\u200b", "|", ":", "Re: yes", "[x]: y"]),
        st.text(max_size=60),
    ),
    max_size=25,
)  # fmt: skip
GENTLE = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@GENTLE
@given(LINES)
def test_the_new_text_is_never_empty_and_made_of_lines_of_the_mail(lines: list[str]) -> None:
    text = "\n".join(lines).replace("\r", " ")
    reply = cut_reply(text).reply_text
    assert bool(reply) == bool(text.strip())
    there = [line.strip() for line in text.split("\n")]
    for line in reply.split("\n"):
        # A line that ends in "… On Monday, Anna wrote:" is the one that may be given in part.
        assert line.strip() in there or any(own.startswith(line.strip()) for own in there), line


@GENTLE
@given(LINES)
def test_what_is_cut_is_not_lost(lines: list[str]) -> None:
    text = "\n".join(lines).replace("\r", " ")
    parts = cut_reply(text)
    if parts.quoted_text:
        shown = "".join((parts.reply_text + parts.quoted_text).split())
        assert sorted(shown) == sorted("".join(text.split()).replace("\ue000", "").replace("\ue001", ""))


@GENTLE
@given(
    st.lists(
        st.sampled_from([
            "<div>", "</div>", '<div class="gmail_quote">', "<blockquote>", "</blockquote>", "<p>old</p>", "new",
            "<br>", '<div id="divRplyFwdMsg">', '<div id="appendonsend"></div>', '<div class="gmail_signature">',
            "<hr>", "<b>From:</b> x", '<div style="border:none;border-top:solid #E1E1E1 1.0pt">', "&#xE000;",
            '<div class="yahoo_quoted">', "&#xE001;", '<div name="quote">', '<blockquote type="cite">', "<li>one",
            "On 2 Mar 2026 at 10:11, a@b.example wrote:", "<table><tr><td>c",
        ]),
        max_size=20,
    )
)  # fmt: skip
def test_html_that_says_something_leaves_something(pieces: list[str]) -> None:
    html = "".join(pieces)
    text = to_text(html)
    reply = cut_reply(text, html).reply_text
    assert bool(reply) == bool(text.strip())
    assert "\ue000" not in reply
    assert "\ue001" not in reply


LONG = {
    "signs": ">" * 400, "on": "On Mon 1 Jan 2026 at 10:00 x ", "unended": "On Mon 1 Jan 2026 at 10:00 x\n",
    "wrote": "Jan wrote on Monday:\n", "labels": "From: a@b.example\n", "rules": "--\nword\n",
    "notes": "this e-mail is confidential and intended for you\n\n--\n\n", "links": "x <http\n", "empty": "\n",
    "inside": "On a On b On c On d a@b wrote:\n> x\n", "colons": "a: b: c:\n", "phones": "Sent from my iPhone\n",
}  # fmt: skip


@pytest.mark.parametrize("unit", LONG.values(), ids=LONG)
def test_ten_times_the_text_takes_no_more_than_its_share(unit: str) -> None:
    small, large = unit * (20_000 // len(unit)), unit * (200_000 // len(unit))

    def seconds(text: str) -> float:
        best = 60.0
        for _ in range(3):
            begin = time.process_time()
            cut_reply(text)
            best = min(best, time.process_time() - begin)
        return best

    assert seconds(large) < 30 * seconds(small) + 0.1
