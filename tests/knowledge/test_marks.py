"""What may be a person's is marked before a ticket becomes an article."""

from __future__ import annotations

import time

import pytest

from tresen.core.knowledge.marks import mark_personal, marks_in, without_marks

NAMES = ["Carol Großmann", "Piotr Kowalski", "Ada Fenn", "Fährholm GmbH"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        # German
        ("Guten Tag Frau Großmann,", "Guten Tag Frau [name: ~~Großmann~~],"),
        ("Carols Drucker", "[name: ~~Carols~~] Drucker"),
        ("Hallo Stefan, der Drucker geht.", "Hallo [name: ~~Stefan~~], der Drucker geht."),
        ("an carol@faehrholm.example schicken", "an [mail: ~~carol@faehrholm.example~~] schicken"),
        ("Rufen Sie 030 / 123 456-78 an", "Rufen Sie [phone: ~~030 / 123 456-78~~] an"),
        ("Tel. +49 (0)30 1234567.", "Tel. [phone: ~~+49 (0)30 1234567~~]."),
        ("IBAN DE89 3704 0044 0532 0130 00 bitte", "IBAN [iban: ~~DE89 3704 0044 0532 0130 00~~] bitte"),
        ("Siehe Ticket T200015 und #200016", "Siehe Ticket [number: ~~T200015~~] und [number: ~~#200016~~]"),
        # Polish
        ("Dzień dobry Panu Kowalskiemu", "Dzień dobry Panu [name: ~~Kowalskiemu~~]"),
        ("komputer kowalskiego", "komputer [name: ~~kowalskiego~~]"),
        ("Pani Anno Nowak, proszę", "Pani [name: ~~Anno Nowak~~], proszę"),
        ("tel. 601 202 303", "tel. [phone: ~~601 202 303~~]"),
        ("konto 61 1090 1014 0000 0712 1981 2874", "konto [iban: ~~61 1090 1014 0000 0712 1981 2874~~]"),
        # English
        ("Dear Ms Fenn,", "Dear [name: ~~Ms Fenn~~],"),
        ("the host 192.168.17.4 and fe80::1", "the host [ip: ~~192.168.17.4~~] and [ip: ~~fe80::1~~]"),
        ("2001:db8:0:1:1:1:1:1", "[ip: ~~2001:db8:0:1:1:1:1:1~~]"),
        ("open https://x.example/reset?token=abc now", "open [link: ~~https://x.example/reset?token=abc~~] now"),
        ("https://x.example/t/" + "aB3" * 10, f"[link: ~~https://x.example/t/{'aB3' * 10}~~]"),
        # What is nobody's
        ("Windows 11, version 10.0.22631", "Windows 11, version 10.0.22631"),
        ("Fehler 0x80070005 um 12:30:45", "Fehler 0x80070005 um 12:30:45"),
        ("siehe https://x.example/help/drucker/", "siehe https://x.example/help/drucker/"),
        ("Die Adresse und das Großraumbüro", "Die Adresse und das Großraumbüro"),
        ("PDF-24, KB5031354 herunterladen", "PDF-24, [number: ~~KB5031354~~] herunterladen"),
    ],
)
def test_personal_data_is_marked(text: str, marked: str) -> None:
    assert mark_personal(text, NAMES) == marked


def test_marks_are_found_and_taken_from_a_title() -> None:
    text = mark_personal("Ada Fenn: 192.168.17.4", NAMES)
    assert without_marks(text) == "[name] [name]: [ip]" and len(marks_in(text, "", text)) == 6
    assert marks_in("<p>[name: <s>Ada</s>]</p>") and marks_in("~~Ada~~", "[x](y)", "[name]") == []


@pytest.mark.parametrize("text", ["1 " * 20_000, "a@" * 20_000, "+4 " * 13_000, "0a:" * 13_000, "DE12 " * 8_000])
def test_hostile_text_is_read_in_linear_time(text: str) -> None:
    began = time.process_time()
    mark_personal(text, NAMES)
    assert time.process_time() - began < 2
