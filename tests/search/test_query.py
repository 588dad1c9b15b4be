"""The search line becomes a small tree, or an error that says what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tresen.core.tickets.numbers import make_number
from tresen.service.search.query import Field, Phrase, Query, QueryError, TicketNumber, Word, parse

FIELDS = ("status", "team", "assignee", "number")
NUMBER = make_number("T", 20418)
SPOKEN = f"T {NUMBER[1:6]}-{NUMBER[6:]}"


def parts(text: str) -> tuple[object, ...]:
    return parse(text, FIELDS).parts


def test_words_and_phrases_and_fields() -> None:
    assert parts('drucker "zweiter Stock" status:open') == (
        Word("drucker"),
        Phrase("zweiter Stock"),
        Field("status", ("open",)),
    )


def test_the_last_word_is_open_until_a_blank_follows() -> None:
    assert parts("drucker rech") == (Word("drucker"), Word("rech", prefix=True))
    assert parts("drucker rech ") == (Word("drucker"), Word("rech"))


def test_a_star_opens_a_word() -> None:
    assert parts("druck* papier ") == (Word("druck", prefix=True), Word("papier"))


@pytest.mark.parametrize("written", ["„zweiter Stock“", "”zweiter Stock”", "«zweiter Stock»", '"zweiter Stock'])
def test_any_quotation_marks_will_do(written: str) -> None:
    assert parts(written) == (Phrase("zweiter Stock"),)


@pytest.mark.parametrize("written", [NUMBER, NUMBER.lower(), SPOKEN, f"#{NUMBER}", f"[#{NUMBER}]", f"t{SPOKEN[1:]}"])
def test_a_ticket_number_is_recognised_as_it_is_typed(written: str) -> None:
    (found,) = parts(written)
    assert isinstance(found, TicketNumber)
    assert found.number == NUMBER
    assert parts(f"number:{written}") == parts(f"number: {written}") == (Field("number", (NUMBER,)),)


def test_a_ticket_number_stands_among_words() -> None:
    before, found, after = parts(f"drucker {SPOKEN} papier ")
    assert (before, after) == (Word("drucker"), Word("papier"))
    assert isinstance(found, TicketNumber)


def test_a_ticket_number_in_quotes_is_text() -> None:
    assert parts(f'"{SPOKEN}"') == (Phrase(SPOKEN),)


def test_a_misheard_ticket_number_is_noticed() -> None:
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    with pytest.raises(QueryError) as caught:
        parts(f"number:{wrong}")
    assert caught.value.code == "bad_number"
    assert wrong in str(caught.value)
    assert parts(wrong) == (Word(wrong, prefix=True),)


def test_a_telephone_number_is_one_word() -> None:
    assert parts("anruf +49 (40) 12 34-567 drucker ") == (Word("anruf"), Word("+49 (40) 12 34-567"), Word("drucker"))
    assert parts("2024 100200 ") == (Word("2024"), Word("100200"))


def test_several_values_and_quoted_values() -> None:
    assert parts('team:"Erste Linie",netz assignee:me') == (
        Field("team", ("Erste Linie", "netz")),
        Field("assignee", ("me",)),
    )


@pytest.mark.parametrize("name", ["internal", "org", "field__owner__password__startswith", "Status_"])
def test_an_unknown_field_is_named_with_the_known_ones(name: str) -> None:
    with pytest.raises(QueryError) as caught:
        parts(f"{name}:true")
    assert caught.value.code == "unknown_field"
    assert name in str(caught.value)
    assert "assignee:" in str(caught.value)


def test_a_field_that_the_reader_may_not_use_is_unknown() -> None:
    with pytest.raises(QueryError) as caught:
        parse("team:netz", ("status", "number"))
    assert caught.value.code == "unknown_field"
    assert "assignee" not in str(caught.value)


@pytest.mark.parametrize("text", ["status:", 'status:""', "status:,", "team: netz"])
def test_a_field_wants_a_value(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parts(text)
    assert caught.value.code == "no_value"


@pytest.mark.parametrize("text", ["Re: Drucker ", "https://help.example/x ", "C:\\Daten ", "10:30 "])
def test_pasted_text_with_a_colon_is_text(text: str) -> None:
    assert parts(text) == tuple(map(Word, text.split()))


def test_words_that_mean_nothing_are_dropped_unless_there_is_nothing_else() -> None:
    assert parts("der Drucker im Keller ") == (Word("Drucker"), Word("Keller"))
    assert parts("the ") == (Word("the"),)
    assert parts("status:open the ") == (Field("status", ("open",)), Word("the"))


@pytest.mark.parametrize(("text", "code"), [("x" * 501, "too_long"), ("xy " * 40, "too_many")])
def test_a_line_that_is_too_long_is_refused(text: str, code: str) -> None:
    with pytest.raises(QueryError) as caught:
        parts(text)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["", "   ", '""', "\t\n"])
def test_an_empty_line_asks_for_everything(text: str) -> None:
    assert parse(text, FIELDS) == Query()


def test_the_typed_words_can_be_marked() -> None:
    assert parse('drucker "zweiter Stock" status:open', FIELDS).words == ("drucker", "zweiter Stock")


@given(st.text(max_size=520) | st.text(alphabet='ab :"*\\,#T20418-7\0„“', max_size=200))
def test_any_line_becomes_a_tree_or_a_clear_error(text: str) -> None:
    try:
        found = parse(text, FIELDS)
    except QueryError as fault:
        assert str(fault)
    else:
        assert len(found.parts) <= 16
