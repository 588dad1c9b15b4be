"""What is new in a reply is shown, what was quoted is not, and nothing new is ever lost."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tresen.kit.replies import REPLY_MARKERS, cut_reply, is_forward_subject, marker_line

NEW, OLD = "Das Neue steht hier.", "Das Alte stand dort."
ABOVE_QUOTES = [
    "On Mon, Mar 2, 2026 at 10:11 AM Support <help@desk.example> wrote:",
    "On 2 Mar 2026, at 10:11, Support <help@desk.example>\nwrote:",
    "Am 02.03.2026 um 10:11 schrieb Support:",
    "Am Mo., 2. März 2026 um 10:11 Uhr schrieb Support\n<help@desk.example>:",
    "Support <help@desk.example> schrieb am Mo., 2. März 2026, 10:11:",
    "W dniu 2.03.2026 o 10:11, Support pisze:",
    "pon., 2 mar 2026 o 10:11 Support <help@desk.example> napisał(a):",
    "Dnia 2 marca 2026 10:11 Support <help@desk.example> napisał(a):",
    "Le lun. 2 mars 2026 à 10:11, Support <help@desk.example> a écrit :",
    "El lun, 2 mar 2026 a las 10:11, Support (<help@desk.example>) escribió:",
    "Il giorno lun 2 mar 2026 alle ore 10:11 Support <help@desk.example> ha scritto:",
    "Op ma 2 mrt 2026 om 10:11 schreef Support <help@desk.example>:",
    "Em seg., 2 de mar. de 2026 às 10:11, Support <help@desk.example> escreveu:",
    "po 2. 3. 2026 v 10:11 odesílatel Support <help@desk.example> napsal:",
    "Den mån 2 mars 2026 kl 10:11 skrev Support <help@desk.example>:",
    "пн, 2 мар. 2026 г. в 10:11, Support <help@desk.example>:",
    "2026-03-02 10:11 GMT+01:00 Support <help@desk.example>:",
]
WITHOUT_A_TIME = [
    "Am Montag schrieb Anna Berg:",
    "Am Montag, den 2. März schrieb\nAnna Berg:",
    "Am Montag hat Anna Berg geschrieben:",
    "Anna Berg schrieb am Montag:",
    "Anna Berg schrieb:",
    "Sie schrieben:",
    "Zitat von Anna Berg <anna@desk.example>:",
    "On Mon, Anna Berg wrote:",
    "Anna Berg wrote on Monday:",
    "On Monday, Anna Berg\nwrote:",
    "Anna Berg wrote:",
    "Quoting Anna Berg <anna@desk.example>:",
    "W dniu wczorajszym Anna Berg napisała do nas:",
    "W poniedziałek Anna Berg napisał(a):",
    "Anna Berg napisała w poniedziałek:",
    "Anna Berg napisał(a):",
    "Pani pisała:",
]
HEADER_BLOCKS = [
    "From: Support <help@desk.example>\nSent: Monday, March 2, 2026 10:11\nTo: Anna\nSubject: Printer",
    "*From:* Support\n*Date:* Monday, 2 March 2026\n*To:* Anna\n*Subject:* Printer",
    "Von: Support [mailto:help@desk.example]\nGesendet: Montag, 2. März 2026 10:11\nAn: Anna\nBetreff: Drucker",
    "Od: Support <help@desk.example>\nWysłano: poniedziałek, 2 marca 2026 10:11\nDo: Anna\nTemat: Drukarka",
    "De : Support\nEnvoyé : lundi 2 mars 2026 10:11\nÀ : Anna\nObjet : Imprimante",
    "Da: Support\nInviato: lunedì 2 marzo 2026 10:11\nA: Anna\nOggetto: Stampante",
    "-----Original Message-----\nFrom: Support",
    "-----Ursprüngliche Nachricht-----\nVon: Support",
    "----- Oryginalna wiadomość -----\nOd: Support",
    "________________________________\nVon: Support\nGesendet: Montag\nAn: Anna\nBetreff: Drucker",
]


@pytest.mark.parametrize("line", ABOVE_QUOTES)
def test_the_line_above_a_quote_goes_with_it(line: str) -> None:
    parts = cut_reply(f"{NEW}\n\n{line}\n\n> {OLD}\n> mehr\n")
    assert parts.reply_text == NEW
    assert OLD in parts.quoted_text


@pytest.mark.parametrize("line", WITHOUT_A_TIME)
def test_the_line_above_a_quote_needs_no_time_of_day(line: str) -> None:
    parts = cut_reply(f"{NEW}\n\n{line}\n> {OLD}\n> mehr\n")
    assert parts.reply_text == NEW
    assert parts.quoted_text == f"{line}\n> {OLD}\n> mehr"


@pytest.mark.parametrize("line", ["Am Montag schrieb Anna Berg:", "On Mon, the printer wrote its report:"])
def test_without_a_quote_below_such_a_line_is_new_text(line: str) -> None:
    assert line in cut_reply(f"{NEW}\n{line}\nEs geht nicht.\n").reply_text


@pytest.mark.parametrize("line", ["Bitte am Montag ändern:", "The wrote-protect tab, as described:"])
def test_a_sentence_above_a_quote_that_names_no_writer_stays(line: str) -> None:
    assert cut_reply(f"{NEW}\n{line}\n> {OLD}\n").reply_text == f"{NEW}\n{line}"


@pytest.mark.parametrize("line", [line for line in ABOVE_QUOTES if "@" in line and "\nS" not in line])
def test_a_line_with_address_is_sure_even_when_nothing_is_marked_below(line: str) -> None:
    assert cut_reply(f"{NEW}\n\n{line}\n\n{OLD}\n").reply_text == NEW


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_everything_from_a_header_block_on_is_quoted(block: str) -> None:
    assert cut_reply(f"{NEW}\n\n{block}\n\n{OLD}\n").reply_text == NEW


@pytest.mark.parametrize("language", REPLY_MARKERS)
def test_our_own_line_ends_the_reply(language: str) -> None:
    assert cut_reply(f"{NEW}\n\n{marker_line(language)}\n\n{OLD}").reply_text == NEW
    assert marker_line(f"{language}-XX") == REPLY_MARKERS[language]


@pytest.mark.parametrize(
    "text",
    [
        "Am 3. Mai schrieb ich Ihnen:\nDer Drucker ist kaputt.\nBitte melden Sie sich.",
        "Here is what the customer wrote: nothing works.\nPlease help.",
        "From: Berlin\nTo: Hamburg\nWe need a van.",
        "> nur ein Zitat\n> und sonst nichts",
        "-- \nNur eine Signatur",
        "Von meinem iPhone gesendet",
        "Meine Frage:\n- geht das?\n- und das?",
        "We would like to book:\n\nFrom: London\nTo: Paris\nDate: 3 May 2026\nSeats: 2\n\nThank you",
        "New request:\n\nName: Ada\nEmail: a@b.example\nSubject: Help\nDate: 2 May 2026\n\nMy printer burns.",
        f"Please see my answers in red.\n\nFrom: Nele <n@desk.example>\nSent: 2 Mar 2026\nTo: x\nSubject: y\n\n{OLD}",
        "It prints.\n\nIf you are not sure what it was, call me.",
        "Es geht.\n\nWenn Sie nicht der Meinung sind, dann rufen Sie mich bitte an, ich bin da.",
        "Działa.\n\nJeśli nie jest Pan pewien, proszę o telefon do mnie, jestem w biurze.",
        "The contract was\nsent by mail",
        f"Antworten stehen unten.\n\nAm 02.03.2026 um 10:11 schrieb Nele Berg:\n{OLD} Ja, am Freitag.",
        f"---------- Forwarded message ---------\nFrom: a@b.example\nDate: x\nSubject: y\nTo: z\n\n{OLD}",
        f"Bitte!\n\n-------- Weitergeleitete Nachricht --------\nBetreff: x\nDatum: y\nVon: z\nAn: q\n\n{OLD}",
    ],
)
def test_when_in_doubt_everything_is_shown(text: str) -> None:
    assert cut_reply(text).reply_text == text


def test_a_telephone_that_goes_on_in_the_same_line_is_understood() -> None:
    text = f"{NEW}\n\n  On Mon, Mar 2, 2026 at 10:11 AM, Nele<nele@desk.example> wrote:   {OLD}\n\nNele"
    assert cut_reply(text).reply_text == NEW


def test_new_text_before_the_line_above_a_quote_stays() -> None:
    text = f"{NEW} On Mon, Mar 2, 2026 at 10:11 AM, nele@desk.example wrote:\n> {OLD}"
    parts = cut_reply(text)
    assert parts.reply_text == NEW
    assert parts.quoted_text.startswith("On Mon")


def test_a_mail_that_says_that_it_forwards_keeps_all() -> None:
    text = f"Please answer.\n\nFrom: Nele <n@desk.example>\nSent: 2 Mar 2026 10:11\nTo: x\nSubject: y\n\n{OLD}"
    assert cut_reply(text, is_forward=True).reply_text == text
    assert is_forward_subject("WG: Drucker", text)
    assert not is_forward_subject("AW: WG: Drucker", text)
    assert is_forward_subject("VS: Printer", text)
    assert not is_forward_subject("VS: Tulostin", "Lähettäjä: Nele")


def test_an_answer_below_the_quote_stays() -> None:
    assert cut_reply(f"On 2 Mar 2026 at 10:11, Support wrote:\n> {OLD}\n\n{NEW}\n").reply_text == NEW


@pytest.mark.parametrize(
    "signature", ["-- \nAnna Müller\nFirma", "Sent from my iPhone", "Wysłane z iPhone'a", "Von meinem Gerät gesendet"]
)
def test_signatures_are_cut(signature: str) -> None:
    assert cut_reply(f"{NEW}\n\n{signature}\n").reply_text == NEW


HTML: dict[str, str] = tomllib.loads(Path(__file__).with_name("quoting_programs.toml").read_text("utf-8"))


@pytest.mark.parametrize("program", HTML)
def test_the_marks_of_mail_programs_are_known(program: str) -> None:
    html = HTML[program].format(new=NEW, old=OLD)
    reply = cut_reply(f"{NEW} {OLD}", html).reply_text
    assert NEW in reply
    assert OLD not in reply


def test_an_answer_inside_a_quoting_container_stays() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On 2 Mar 2026 at 10:11, x wrote:</div>'
        f"<blockquote>{OLD}</blockquote><div>{NEW}</div><blockquote>zweite Frage</blockquote></div>"
    )
    assert cut_reply("x", html).reply_text == NEW


def test_an_indented_paragraph_is_no_quote() -> None:
    html = f'<div>{NEW}</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px">eingerückt</blockquote>'
    assert "eingerückt" in cut_reply(f"{NEW}\neingerückt", html).reply_text
