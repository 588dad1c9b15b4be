"""What mail programs say in each language over what they quote, for every way of answering."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tresen.kit.replies import cut_reply

LANGUAGES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("quoting_languages.toml").read_text("utf-8"))
NEW, OTHER_NEW = "It prints again since noon.", "The second one too, thank you."
OLD = "Have you tried another cable?"


def every(name: str) -> list[tuple[str, str]]:
    return [(language, text) for language, words in LANGUAGES.items() for text in words[name]]


def header(labels: list[str], *, bold: bool = False) -> list[str]:
    values = ["Nele Brandt <nele@desk.example>", "Monday, 2 March 2026 10:11", "Carol", "Your printer"]
    mark = "*" if bold else ""
    return [f"{mark}{label}:{mark} {value}" for label, value in zip(labels, values, strict=True)]


@pytest.mark.parametrize(("language", "line"), every("wrote"))
def test_the_line_goes_with_the_quote_wherever_the_answer_stands(language: str, line: str) -> None:
    quoted = f"{line}\n\n> {OLD}\n> Nele\n"
    assert cut_reply(f"{NEW}\n\n{quoted}").reply_text == NEW
    assert cut_reply(f"{quoted}\n{NEW}\n").reply_text == NEW
    between = cut_reply(f"{line}\n> {OLD}\n\n{NEW}\n\n> And the other printer?\n\n{OTHER_NEW}\n")
    assert between.reply_text == f"{NEW}\n\n{OTHER_NEW}"
    assert line in between.quoted_text


@pytest.mark.parametrize(("language", "line"), [row for row in every("wrote") if "@" in row[1] and "10" in row[1]])
def test_a_line_with_an_address_and_a_time_needs_no_quote_signs(language: str, line: str) -> None:
    assert cut_reply(f"{NEW}\n\n{line}\n\n{OLD}\nNele\n").reply_text == NEW


@pytest.mark.parametrize(("language", "line"), every("wrote"))
def test_the_line_may_be_broken_in_the_middle(language: str, line: str) -> None:
    words = line.split(" ")
    half = len(words) // 2
    broken = f"{' '.join(words[:half])}\n{' '.join(words[half:])}"
    assert cut_reply(f"{NEW}\n\n{broken}\n\n> {OLD}\n").reply_text == NEW


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 0, 2, 3), (0, 2, 1, 3), (0, 3, 1, 2)])
def test_all_below_a_header_block_is_old(language: str, bold: bool, order: tuple[int, ...]) -> None:
    lines = header(LANGUAGES[language]["labels"], bold=bold)
    block = "\n".join(lines[place] for place in order)
    for rule in ("", "________________________________\n", "-----\n\n", f"{'-' * 20}\n"):
        assert cut_reply(f"{NEW}\n\n{rule}{block}\n\n{OLD}\nNele").reply_text == NEW


@pytest.mark.parametrize(("language", "words"), every("original"))
def test_all_below_the_words_between_dashes_is_old(language: str, words: str) -> None:
    block = "\n".join(header(LANGUAGES[language]["labels"])[:2])
    for fence in ("-----{}-----", "-------- {} --------", "---- {} ----", "----- {} -----\n"):
        line = fence.format(words)
        assert cut_reply(f"{NEW}\n\n{line}\n{block}\n\n{OLD}").reply_text == NEW
        assert cut_reply(f"{NEW}\n\n{line}\n\n{OLD}").reply_text == NEW
    answered = cut_reply(f"----- {words} -----\n{block}\n\n> {OLD}\n\n{NEW}\n")
    assert answered.reply_text == NEW


@pytest.mark.parametrize(("language", "line"), every("forward"))
def test_a_forwarded_mail_is_kept_whole(language: str, line: str) -> None:
    block = "\n".join(header(LANGUAGES[language]["labels"]))
    quoted = "\n".join(f"> {row}" for row in block.split("\n"))
    for text in (
        f"{NEW}\n\n{line}\n{block}\n\n{OLD}\n\n--\nNele",
        f"{NEW}\n\n{line}\n\n{quoted}\n>\n> {OLD}",
        f"{NEW}\n\n> {line}\n>\n{quoted}\n>\n> {OLD}",
    ):
        assert cut_reply(text).reply_text == text


@pytest.mark.parametrize(("language", "line"), every("mobile"))
def test_a_telephone_does_not_speak(language: str, line: str) -> None:
    quote = LANGUAGES[language]["wrote"][0]
    assert cut_reply(f"{NEW}\n\n{line}").reply_text == NEW
    assert cut_reply(f"{NEW}\n\n{line}\n\n{quote}\n> {OLD}").reply_text == NEW
    assert cut_reply(line).reply_text == line


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lawyers_note_is_folded(language: str) -> None:
    note = LANGUAGES[language]["legal"]
    for text in (f"{NEW}\n\n{note}", f"{NEW}\n\n_______\n{note}\n\n"):
        parts = cut_reply(text)
        assert parts.reply_text == NEW
        assert note in parts.quoted_text
    assert cut_reply(note).reply_text == note


@pytest.mark.parametrize("language", LANGUAGES)
def test_name_and_telephone_below_a_greeting_stay(language: str) -> None:
    text = f"{NEW}\n\nRegards\nCarol Winter\nTel. +44 20 7946 0102"
    assert cut_reply(f"{text}\n\n{LANGUAGES[language]['wrote'][0]}\n> {OLD}").reply_text == text
