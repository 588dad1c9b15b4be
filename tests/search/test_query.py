"""The search line becomes a small tree, or an error that says what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tresen.core.tickets.numbers import make_number
from tresen.service.search.query import MAX_DEPTH, QueryError, parse
from tresen.service.search.tree import And, Field, Not, Or, Phrase, Query, TicketNumber, Word, leaves

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


@pytest.mark.parametrize("name", ["internal", "org", "field__owner__password__startswith"])
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


def test_a_dash_or_not_leaves_out() -> None:
    assert parts("vpn -drucker ") == (Word("vpn"), Not(Word("drucker")))
    assert parts('vpn -"zweiter Stock"') == (Word("vpn"), Not(Phrase("zweiter Stock")))
    assert parts("-status:open") == parts("NOT status:open") == parts("status!=open") == parts("status≠open")
    assert parts("NICHT team:netz") == parts("NIE team:netz") == (Not(Field("team", ("netz",))),)
    assert parts("NOT -vpn ") == (Word("vpn"),)
    assert parts("E-Mail - dringend -- ") == (Word("E-Mail"), Word("-"), Word("dringend"), Word("--"))


def test_or_binds_weaker_than_what_stands_side_by_side() -> None:
    assert parts("a1 b1 OR c1 ") == (Or((And((Word("a1"), Word("b1"))), Word("c1"))),)
    assert parts("a1 AND b1 ODER c1 ") == parts("a1 b1 LUB c1 ") == parts("a1 b1 | c1 ")
    assert parts("nothing or all ") == (Word("nothing"),)  # small letters are text


def test_parentheses_group() -> None:
    assert parts("status:open (vpn OR dns) ") == (
        Field("status", ("open",)),
        Or((Word("vpn"), Word("dns"))),
    )
    assert parts("-(vpn drucker)") == (Not(And((Word("vpn"), Word("drucker")))),)
    assert parts("((vpn) (drucker))") == (Word("vpn"), Word("drucker"))


@pytest.mark.parametrize(
    "text", ["(vpn drucker ", "vpn) drucker ", ")vpn (drucker ", "() vpn drucker ", "(vpn drucker"]
)
def test_a_parenthesis_without_its_other_half_does_no_harm(text: str) -> None:
    assert [leaf.text for leaf in leaves(parse(text, FIELDS, typing=False).parts)] == ["vpn", "drucker"]


def test_parentheses_go_only_so_deep() -> None:
    with pytest.raises(QueryError) as caught:
        parts("(" * (MAX_DEPTH + 2) + "vpn")
    assert caught.value.code == "too_deep"


@pytest.mark.parametrize("sign", [">", ">=", "<", "<="])
def test_fields_are_compared(sign: str) -> None:
    assert parts(f"team{sign}3 ") == parts(f"team:{sign}3 ") == (Field("team", ("3",), sign),)
    assert parts("team=3 ") == (Field("team", ("3",)),)
    assert parts("team≥3 ") == (Field("team", ("3",), ">="),)


@pytest.mark.parametrize("text", ["a->b ", "List<String> ", "x=5 ", "5>4 "])
def test_signs_of_comparison_in_text_are_text(text: str) -> None:
    assert all(isinstance(part, Word) for part in parts(text))


def test_a_field_has_other_names() -> None:
    aliases = {"zustandig": "assignee"}
    assert parse("Zuständig:me", FIELDS, aliases=aliases).parts == (Field("assignee", ("me",)),)


@pytest.mark.parametrize(
    ("name", "meant"), [("Status_", "status"), ("asignee", "assignee"), ("zustaendig", "assignee")]
)
def test_a_field_name_that_is_nearly_right_is_asked_back(name: str, meant: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(f"drucker {name}:me", FIELDS, aliases={"zustandig": "assignee"})
    assert str(caught.value) == f"There is no field “{name}:”. Did you mean “{meant}:”?"
    assert caught.value.span == (8, 8 + len(name))


def test_a_fault_says_where_it_is() -> None:
    with pytest.raises(QueryError) as caught:
        parts("vpn status: drucker")
    assert caught.value.span == (4, 11)


def test_a_kept_line_is_not_open_at_its_end() -> None:
    assert parse("drucker rech", FIELDS, typing=False).parts == (Word("drucker"), Word("rech"))
    assert parts("vpn OR rech") == (Or((Word("vpn"), Word("rech", prefix=True))),)
    assert parts("-rech") == (Not(Word("rech")),)


@given(st.text(max_size=520) | st.text(alphabet='ab :"*\\,#T20418-7\0„“()<>=|ORNT', max_size=200))
def test_any_line_becomes_a_tree_or_a_clear_error(text: str) -> None:
    try:
        found = parse(text, FIELDS)
    except QueryError as fault:
        assert str(fault)
    else:
        assert len(list(leaves(found.parts))) <= 16
