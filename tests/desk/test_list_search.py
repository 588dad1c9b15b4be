"""The search box: results in the same rows, words marked, faults in words, a number goes straight there."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.cast import TEST, Cast
from tests.desk.test_list_views import subjects, tree
from tresen.core.tickets.content import Content
from tresen.core.tickets.services import add_reply
from tresen.faces.desk.lists.reading import PAGE


def test_found_tickets_stand_in_rows_with_the_words_marked(cast: Cast) -> None:
    cast.ticket("The printer smokes", "It smells of toner.")
    cast.ticket("VPN")
    anna = cast.browser(cast.anna)
    page = tree(anna, "/desk/search/?q=printer")
    assert [n.attributes["title"] for n in page.css("li.row a.subject")] == ["The printer smokes"]
    assert page.css_first("li.row .subject mark").text() == "printer"
    assert page.css_first(".list-head h2").text() == "Found 1 ticket, newest first"
    assert page.css_first("input[name=q]").attributes["value"] == "printer"


def test_what_one_may_not_see_is_not_found(cast: Cast) -> None:
    cast.ticket("The printer smokes")
    assert subjects(cast.browser(cast.piotr), "/desk/search/?q=printer") == []


def test_a_line_that_cannot_be_understood_is_answered_in_words_and_kept(cast: Cast) -> None:
    page = tree(cast.browser(cast.anna), "/desk/search/?q=colour%3Ared", status=400)
    assert "colour:" in page.css_first("#search-fault").text()
    assert page.css_first("input[name=q]").attributes["value"] == "colour:red"


@pytest.mark.parametrize("written", ["{n}", "{s}", "[#{n}]", "number:{n}", " {l} ", "{d}", "#{d}"])
def test_a_ticket_number_goes_straight_to_its_ticket(cast: Cast, written: str) -> None:
    ticket = cast.ticket()
    line = written.format(n=ticket.number, s=ticket.shown_number, l=ticket.number.lower(), d=ticket.number.lstrip("T"))
    answer = cast.browser(cast.anna).get("/desk/search/", {"q": line})
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/desk/tickets/{ticket.number}/")


def test_the_number_of_a_ticket_one_may_not_see_leads_nowhere(cast: Cast) -> None:
    ticket = cast.ticket()
    answer = cast.browser(cast.piotr).get("/desk/search/", {"q": ticket.number})
    assert answer.status_code == 200
    assert LexborHTMLParser(answer.content.decode()).css_first("li.row") is None


def misheard(number: str) -> str:
    """The number with another last digit."""
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


@pytest.mark.parametrize("written", ["{n}", "[#{n}]", " {l}", "T {h}"])
def test_a_misheard_number_is_told_as_such(cast: Cast, written: str) -> None:
    number = misheard(cast.ticket().number)
    line = written.format(n=number, l=number.lower(), h=f"{number[1:-1]}-{number[-1]}")
    answer = cast.browser(cast.anna).get("/desk/search/", {"q": line})
    page = LexborHTMLParser(answer.content.decode())
    assert answer.status_code == 200
    shown = f"There can be no ticket T\u00a0{number[1:-1]}-{number[-1]}"
    assert page.css_first(".empty h2").text() == shown
    assert "misheard" in page.css_first(".empty p").text()


@pytest.mark.parametrize("line", ["HP 3055", "printer", "4711", "T"])
def test_what_is_no_number_of_ours_is_just_not_found(cast: Cast, line: str) -> None:
    answer = cast.browser(cast.anna).get("/desk/search/", {"q": line})
    assert LexborHTMLParser(answer.content.decode()).css_first(".empty h2").text() == "Nothing found"


def test_a_misheard_number_that_somebody_has_written_down_is_found(cast: Cast) -> None:
    cast.ticket("They call it T204188")
    page = tree(cast.browser(cast.anna), "/desk/search/?q=T204188")
    assert len(page.css("li.row")) == 1 and page.css_first(".empty") is None


def test_a_misheard_number_in_the_number_field_is_told_as_such(cast: Cast) -> None:
    page = tree(cast.browser(cast.anna), "/desk/search/?q=number%3AT204188", status=400)
    assert "check digit" in page.css_first("#search-fault").text()


def test_without_a_line_it_says_how_to_search(cast: Cast) -> None:
    page = tree(cast.browser(cast.anna), "/desk/search/")
    assert "status:open" in page.css_first(".empty").text()
    assert page.css_first("live-list").attributes["data-focus"]


def test_many_hits_come_in_pages(cast: Cast) -> None:
    for n in range(PAGE + 3):
        cast.ticket(f"Printer {n}")
    anna = cast.browser(cast.anna)
    first = tree(anna, "/desk/search/?q=printer")
    older = first.css_first(".older a").attributes["href"] or ""
    assert len(first.css("li.row")) == PAGE and len(subjects(anna, older)) == 3
    assert "q=printer" in older
    spoilt = older.partition("after=")[0] + "after=nonsense"
    assert len(subjects(anna, spoilt)) == PAGE


def test_a_hostile_line_stays_text(cast: Cast) -> None:
    answer = cast.browser(cast.anna).get("/desk/search/", {"q": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in answer.content


def test_a_misspelt_word_is_forgiven_and_it_is_said(cast: Cast) -> None:
    cast.ticket("The printer smokes")
    page = tree(cast.browser(cast.anna), "/desk/search/?q=prniter+status%3Anew")
    assert page.css_first(".forgiven").text() == "Nothing found for “prniter”; showing “printer”."
    assert page.css_first("input[name=q]").attributes["value"] == "printer status:new"
    assert page.css_first("li.row .subject mark").text() == "printer"
    assert tree(cast.browser(cast.piotr), "/desk/search/?q=prniter").css_first(".forgiven") is None


def test_the_place_in_the_message_is_shown_and_marked(cast: Cast) -> None:
    ticket = cast.ticket("Question", "Hello, the plotter in the cellar is broken. " + "Thank you very much. " * 20)
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content("We will see."))
    page = tree(cast.browser(cast.anna), "/desk/search/?q=plotters")
    assert page.css_first("li.row .last").text().startswith("Hello, the plotter in the cellar is broken.")
    assert page.css_first("li.row .last mark").text() == "plotter"


def test_people_and_organisations_stand_above(cast: Cast) -> None:
    page = tree(cast.browser(cast.anna), "/desk/search/?q=carol")
    assert [link.attributes["href"] for link in page.css(".beside a")] == [f"/desk/contacts/{cast.carol.pk}/"]
    assert page.css_first(".beside mark").text() == "Carol"


def test_the_best_can_come_first(cast: Cast) -> None:
    cast.ticket("The printer smokes")
    cast.ticket("Question", "It is about the printer.")
    anna = cast.browser(cast.anna)
    first = tree(anna, "/desk/search/?q=printer")
    links = [link.attributes["href"] or "" for link in first.css(".list-head a") if "Best first" in link.text()]
    assert links == ["/desk/search/?q=printer&order=best"]
    best = tree(anna, links[0])
    assert [n.attributes["title"] for n in best.css("li.row a.subject")] == ["The printer smokes", "Question"]
    assert "order=best" in (best.css_first("li.row a.subject").attributes["href"] or "")
    assert best.css_first(".list-head h2").text() == "Found 2 tickets, best first"


def test_a_large_total_is_not_counted_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tresen.service.search.services.COUNT_LIMIT", 2)
    for n in range(4):
        cast.ticket(f"Printer {n}")
    page = tree(cast.browser(cast.anna), "/desk/search/?q=printer")
    assert page.css_first(".list-head h2").text() == "Found 2+ tickets, newest first"
