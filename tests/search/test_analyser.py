"""What words a text is found by, and what is looked for when somebody types."""

import re
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tresen.kit.language import guess_language
from tresen.service.search.analyser import MAX_TOKENS_LENGTH, Term, analyse, phrase_term, query_terms, tokens


def finds(typed: str, text: str, *, prefix_last: bool = False) -> bool:
    """Do what the word indexes do, slowly: every term must be there, in one of its spellings, words in order."""
    words = analyse(text)[1].split()
    return all(_holds(term, words) for term in query_terms(typed, prefix_last=prefix_last))


def _holds(term: Term, words: list[str]) -> bool:
    for sequence in term.alternatives:
        size = len(sequence.tokens)
        for start in range(len(words) - size + 1):
            *firsts, last = words[start : start + size]
            same = last.startswith(sequence.tokens[-1]) if sequence.prefix else last == sequence.tokens[-1]
            if same and tuple(firsts) == sequence.tokens[:-1]:
                return True
    return False


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Rechnungen", "Die Rechnung ist falsch und wurde nicht bezahlt"),
        ("rechnung", "Bitte senden Sie mir die Rechnungen noch einmal"),
        ("fakturę", "Proszę o przesłanie faktury, której nie ma"),
        ("faktura", "Nie dostałem fakturę za wrzesień"),
        ("lodz", "Nasz oddział w Łódź nie ma sieci"),
        ("Łódź", "nasza drukarka, oddzial Lodz, nie dziala"),
        ("Grosse", "Die Größe stimmt nicht"),
        ("Größe", "Die Groesse stimmt nicht"),
        ("Groesse", "Die Größe stimmt nicht"),
        ("Grosse", "Die Groesse stimmt nicht"),
        ("Mueller", "Herr Müller hat angerufen"),
        ("Müller", "Mr Mueller called about the invoice"),
        ("müller", "Pan Müller dzwonił w sprawie faktury"),
        ("haus", "Alle Häuser sind ohne Netz"),
        ("invoices", "Please send the invoice"),
        ("printing", "The printer has printed nothing"),
        ("hasla", "Zapomniałem hasło do konta"),
        ("email", "Meine E-Mail kommt nicht an"),
        ("E-Mail", "Meine Email kommt nicht an"),
        ("ORD100010", "order ORD-100010 is late"),
        ("ord-100010", "order ORD100010 is late"),
        ("ORD_100010", "order ORD-100010 is late"),
        ("100010", "order ORD-100010 is late"),
        ("2026/1144", "Rechnung 2026-1144 wurde nicht bezahlt"),
        ("0401234567", "Sie erreichen mich unter 040 123 45-67"),
        ("040/1234567", "Sie erreichen mich unter 0401234567"),
        ("+49 40 1234567", "Tel. +49 (40) 123-4567"),
        ("carol@zielony.example", "Carol <carol@zielony.example> writes"),
        ("zielony", "Carol <carol@zielony.example> writes"),
        ("rechnung_2026-11.pdf", "siehe Anhang Rechnung_2026-11.pdf"),
        ("Привет", "привет из Киева"),
        ("große", "GROSSE Probleme"),
        ("Rechnung", "die Rech\u00adnung"),
    ],
)
def test_a_word_is_found_in_its_other_forms_and_spellings(typed: str, text: str) -> None:
    assert finds(typed, text)


POLISH = (
    "faktura faktury fakturze fakturę fakturą faktur fakturom fakturami fakturach",
    "drukarka drukarki drukarce drukarkę drukarką drukarek drukarkom drukarkami drukarkach",
    "hasło hasła hasłu hasłem haśle haseł hasłom hasłami hasłach",
    "serwer serwera serwerowi serwerem serwerze serwery serwerów serwerom serwerami serwerach",
    "internet internetu internetowi internetem internecie",
    "umowa umowy umowie umowę umową umów umowom umowami umowach",
    "zamówienie zamówienia zamówieniu zamówieniem zamówień zamówieniom zamówieniami zamówieniach",
    "usługa usługi usłudze usługę usługą usług usługom usługami usługach",
    "konto konta kontu kontem koncie kont kontom kontami kontach",
    "sieć sieci siecią sieciom sieciami sieciach",
    "monitor monitora monitorowi monitorem monitorze monitory monitorów",
    "kabel kabla kablowi kablem kable kabli kablom kablami kablach",
)  # fmt: skip


@pytest.mark.parametrize("forms", POLISH, ids=[line.split()[0] for line in POLISH])
def test_every_case_of_a_polish_word_finds_the_others(forms: str) -> None:
    for text in forms.split():
        for typed in forms.split():
            assert finds(typed, f"Dzień dobry, proszę: {text}. Dziękuję"), (typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Rechnung", "Die Rechner sind aus"),
        ("fakt", "Proszę o fakturę"),
        ("druk", "Drukarka nie drukuje"),
        ("konto", "Dzień dobry, kontroler jest zepsuty"),
        ("usługa", "Dzień dobry, usłyszałem to już"),
        ("200", "order 2000"),
        ("drucker maus", "Der Drucker druckt nicht"),
        ("ORD-100010", "order ORD-100011 is late, 100010 too"),
        ("0401234568", "Sie erreichen mich unter 040 123 45-67"),
    ],
)
def test_another_word_is_not_found(typed: str, text: str) -> None:
    assert not finds(typed, text)


def test_the_last_word_may_be_the_beginning_of_one() -> None:
    assert finds("drucker rech", "Der Drucker druckt die Rechnung", prefix_last=True)
    assert not finds("drucker rech", "Der Drucker druckt die Rechnung")
    assert finds("dru* rechnung", "Der Drucker druckt die Rechnung")
    assert finds("groess", "Die Größentabelle", prefix_last=True)


def test_one_letter_is_not_taken_for_the_beginning_of_everything() -> None:
    assert not finds("d", "Der Drucker", prefix_last=True)


def test_a_phrase_stands_word_for_word() -> None:
    term = phrase_term("Größe der")
    assert term is not None
    assert _holds(term, analyse("die Grosse der Datei")[1].split())
    assert not _holds(term, analyse("die Größen der Datei")[1].split())
    assert phrase_term("?!") is None


@given(st.text(max_size=300), st.sampled_from(["de", "pl", "en", ""]))
def test_index_words_are_small_latin_letters_and_digits_for_any_text(text: str, lang: str) -> None:
    assert all(re.fullmatch("[a-z0-9]{1,64}", token) for token in tokens(text, lang))
    for term in query_terms(text, prefix_last=True):
        for sequence in term.alternatives:
            assert sequence.tokens
            assert all(re.fullmatch("[a-z0-9]{1,64}", token) for token in sequence.tokens)


@given(st.text(alphabet="abcäößłżąеж019 -_./", min_size=1, max_size=30))
def test_a_text_is_found_by_itself(text: str) -> None:
    assert finds(text, text)
    assert finds(text.upper(), text)


@pytest.mark.parametrize("bad", ["0 ", "a-", "+", "0", '"', "(0", "ж", "ab ", "a\u0301", "\ufdfa"])
def test_a_hostile_text_costs_little_and_stays_small(bad: str) -> None:
    started = time.process_time()
    _, found = analyse(bad * 200_000)
    assert time.process_time() - started < 5
    assert len(found) <= MAX_TOKENS_LENGTH + 200


def test_many_threads_may_analyse_at_once() -> None:
    text = "Die Rechnungen der Häuser und faktury drukarki with many invoices "
    results: list[str] = []

    def work() -> None:
        results.extend(analyse(f"{text} {number}wörter")[1] for number in range(50))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == sorted([analyse(f"{text} {number}wörter")[1] for number in range(50)] * 4)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Guten Tag, leider geht der Drucker nicht mehr. Vielen Dank", "de"),
        ("Sehr geehrte Damen und Herren, anbei die Rechnung", "de"),
        ("Dzień dobry, nie działa drukarka. Pozdrawiam", "pl"),
        ("Proszę o fakturę za wrzesień, dziękuję", "pl"),
        ("Hello, the printer does not work. Thanks and regards", "en"),
        ("VPN", ""),
        ("", ""),
        ("Drucker HP 2420", ""),
    ],
)
def test_the_language_of_a_text_is_guessed_or_left_open(text: str, lang: str) -> None:
    assert guess_language(text) == lang
