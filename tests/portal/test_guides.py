"""A guide in the portal: questions that often help at once, and what was answered goes along when they do not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.desk.conftest import tree, words
from tests.portal.conftest import Counter, hidden_fields, send
from tresen.core.people.brands import create_brand
from tresen.core.tickets.categories import change_category, create_category
from tresen.core.tickets.models import Category, Ticket
from tresen.faces.portal.limits import HELPED_A_PLACE
from tresen.service.procedures.figures import figures_of
from tresen.service.procedures.models import Procedure, Run
from tresen.service.procedures.services import change_procedure, create_procedure, success_of
from tresen.service.procedures.steps import Step, Way, Words
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.limits.models import Count

BY = Actor.system("test")
LIGHT = Step(
    ask="Is the light on?", hint="The small one, see https://help.example/light.",
    ways=[Way(label="Yes", go="1", also={"pl": "Tak"}), Way(label="No", go="handed")],
    also={"de": Words(ask="Leuchtet das Licht?", hint=""), "pl": Words(ask="Czy świeci?", hint="Ta mała.")},
)  # fmt: skip
AGAIN = Step(ask="Switch it off and on.", hint="", ways=[Way(label="Done", go="solved")])
ASKED = {
    "name": "Erika Muster", "email": "erika@firma.example", "subject": "Still silent", "text": "It does not print.",
    "reach": "me",
}  # fmt: skip


@pytest.fixture
def printers(db: None) -> Category:
    return create_category(names={"en": "Printers"}, by=BY)


@pytest.fixture
def guide(counter: Counter, printers: Category) -> Procedure:
    """One for customers."""
    return create_procedure(
        name="Nothing comes out", category=printers, steps=[LIGHT, AGAIN], for_customers=True,
        names={"de": "Es druckt nicht"}, by=BY,
    )  # fmt: skip


def link(page: Any, label: str) -> str:
    """Where the last link that says so leads."""
    links = [a for a in tree(page).css("main a") if label in words(a)]
    assert links, f"no link {label}"
    return str(links[-1].attributes["href"])


def go(browser: Client, page: Any, label: str) -> Any:
    """Follows it."""
    return browser.get(link(page, label))


def begin(browser: Client) -> Any:
    return go(browser, browser.get("/requests/new/"), "Nothing comes out")


def test_a_guide_that_helped_is_counted_once_and_there_is_no_ticket(browser: Client, guide: Procedure) -> None:
    page = begin(browser)
    assert "Is the light on?" in words(tree(page).body) and 'href="https://help.example/light"' in page.content.decode()
    page = go(browser, go(browser, page, "Yes"), "Done")
    assert "Is the light on? Yes Switch it off and on. Done" in words(tree(page).css_first(".follows"))
    assert not Run.objects.exists(), "looking keeps nothing"
    form = {str(i.attributes["name"]): i.attributes["value"] for i in tree(page).css(".guide input[type=hidden]")}
    for _twice in range(2):
        answer = browser.post(f"/guides/{guide.pk}/", form, follow=True)
    assert "Good to hear" in words(tree(answer).body)
    run = Run.objects.get()
    assert (run.ticket, run.agent, run.outcome, run.answers.count()) == (None, None, "solved", 2)
    found, version = success_of(guide), figures_of(guide)[0]
    assert (found.begun, found.solved, found.helped) == (1, 1, 1) and (version.solved, version.percent) == (1, 100)
    assert Event.objects.get(kind="guide.helped").stream_id == guide.pk and not Ticket.objects.exists()


def test_what_was_answered_goes_along_with_the_request(
    counter: Counter, browser: Client, guide: Procedure, printers: Category
) -> None:
    where = link(go(browser, begin(browser), "No"), "Send a request")
    assert "Your answers go along Nothing comes out Is the light on? No" in words(tree(browser.get(where)).body)
    wrong = send(browser, where, **{**ASKED, "subject": ""})
    assert wrong.status_code == 422 and "Your answers go along" in words(tree(wrong).body), "nothing is lost"
    assert send(browser, where, **ASKED).status_code == 302
    ticket, run = Ticket.objects.get(), Run.objects.get()
    assert (ticket.category, run.ticket, run.outcome, run.agent) == (printers, ticket, "handed", None)
    desk = Client()
    desk.force_login(counter.anna.user)
    shown = words(tree(desk.get(f"/desk/tickets/{ticket.number}/")).css_first("#procedure"))
    assert "Is the light on? No the customer, in the portal" in shown and "Begin again" in shown
    tail = words(tree(desk.get(f"/desk/tickets/{ticket.number}/")).css_first("#timeline"))
    assert "the customer followed a guide first, which did not help: Nothing comes out" in tail


def test_whoever_gives_up_on_the_way_is_counted_where_he_stood(browser: Client, guide: Procedure) -> None:
    page = go(browser, begin(browser), "Yes")
    assert send(browser, link(page, "does not help"), **ASKED).status_code == 302
    first, second = figures_of(guide)[0].steps
    assert (Run.objects.get().outcome, first.unsolved, second.reached, second.unsolved) == ("stopped", 0, 1, 1)


def test_it_speaks_the_language_of_the_reader_and_the_desk_keeps_its_own(
    counter: Counter, browser: Client, guide: Procedure
) -> None:
    assert "Es druckt nicht" in browser.get("/requests/new/?lang=de").content.decode()
    page = browser.get(f"/guides/{guide.pk}/?lang=pl")
    assert "Czy świeci?" in words(tree(page).body) and "Ta mała." in words(tree(page).body)
    assert "Tak" in words(tree(page).css_first(".guide-ways")) and "No" in words(tree(page).css_first(".guide-ways"))
    german = words(tree(browser.get(f"/guides/{guide.pk}/?lang=de")).body)
    assert "Leuchtet das Licht? The small one" in german, "what is not translated stays as it is"


def test_who_is_in_the_middle_goes_on_with_what_he_was_shown(browser: Client, guide: Procedure) -> None:
    page = begin(browser)
    change_procedure(guide, set={"steps": [AGAIN]}, by=BY)
    assert "Switch it off and on." in words(tree(go(browser, page, "Yes")).body)
    assert [words(a) for a in tree(begin(browser)).css(".guide-ways a")] == ["Done"]


@pytest.mark.parametrize("mark", ["1.1", "x", "\0", "9" * 500, "1.1.0:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_a_mark_that_is_not_ours_leads_to_the_beginning_and_shows_no_old_version(
    browser: Client, guide: Procedure, mark: str
) -> None:
    change_procedure(guide, set={"steps": [AGAIN]}, by=BY)
    page = browser.get(f"/guides/{guide.pk}/", {"at": mark})
    assert (
        page.status_code == 200 and "Switch it off" in words(tree(page).body) and "light" not in words(tree(page).body)
    )
    assert "Your answers go along" not in browser.get("/requests/new/", {"guide": mark}).content.decode()


def test_only_what_is_for_customers_of_this_brand_and_in_use_is_there(browser: Client, guide: Procedure) -> None:
    path = f"/guides/{guide.pk}/"
    for change in ({"for_customers": False}, {"for_customers": True, "is_active": False}):
        change_procedure(guide, set=change, by=BY)
        assert (
            browser.get(path).status_code == 404 and "comes out" not in browser.get("/requests/new/").content.decode()
        )
    change_procedure(guide, set={"is_active": True}, by=BY)
    assert browser.get(path).status_code == 200
    change_category(guide.category, set={"brand": create_brand(set={"name": "Other", "letters": "O"}, by=BY)}, by=BY)
    assert browser.get(path).status_code == 404


def test_a_category_at_rest_takes_its_guides_along(browser: Client, guide: Procedure) -> None:
    change_category(guide.category, set={"is_active": False}, by=BY)
    assert browser.get(f"/guides/{guide.pk}/").status_code == 404
    assert "comes out" not in browser.get("/requests/new/").content.decode()


def test_a_place_is_good_for_a_day_and_then_the_guide_begins_anew(
    browser: Client, guide: Procedure, time_machine: Any
) -> None:
    time_machine.move_to("2026-03-02 08:00Z", tick=False)
    page = go(browser, begin(browser), "No")
    at, ask = f"{link(begin(browser), 'Yes')}", link(page, "Send a request")
    change_procedure(guide, set={"steps": [AGAIN]}, by=BY)
    time_machine.move_to("2026-03-03 07:59Z", tick=False)
    further = link(browser.get(at), "One step back")
    form = {**ASKED, **hidden_fields(browser.get(ask).content.decode())}
    assert form["guide"]
    time_machine.move_to("2026-03-03 08:01Z", tick=False)
    for old in (at, further):
        shown = words(tree(browser.get(old)).body)
        assert "Switch it off and on." in shown and "more than a day" in shown and "light" not in shown, "not prolonged"
    shown = words(tree(browser.get(ask)).body)
    assert "no longer go along" in shown and "light" not in shown
    sent = {**form, "csrfmiddlewaretoken": browser.cookies["tresen-csrf"].value}
    answer = browser.post("/requests/new/", sent)
    assert (
        answer.status_code == 422 and "no longer go along" in words(tree(answer).body) and not Ticket.objects.exists()
    )
    again = {**sent, "guide": tree(answer).css_first("[name=guide]").attributes.get("value") or ""}
    assert not again["guide"] and browser.post("/requests/new/", again).status_code == 302
    assert not Run.objects.exists() and Ticket.objects.get().category is None


def test_whoever_hammers_that_it_has_helped_writes_nothing(browser: Client, guide: Procedure) -> None:
    page = go(browser, go(browser, begin(browser), "Yes"), "Done")
    sent = {**hidden_fields(page.content.decode()), "csrfmiddlewaretoken": browser.cookies["tresen-csrf"].value}
    rows = []
    for n in range(HELPED_A_PLACE + 5):
        assert browser.post(f"/guides/{guide.pk}/", {**sent, "key": f"other {n}"}).status_code == 302
        rows.append(Count.objects.count())
    assert Run.objects.count() == HELPED_A_PLACE and rows[-1] == rows[HELPED_A_PLACE - 1]
