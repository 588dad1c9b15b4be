"""The desk in a real browser: what was wrong is taken back in time, a key links, the subject has room."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.knowledge.articles import make_article
from tresen.core.tickets.structure_models import Relation
from tresen.service.answers.indexing import rebuild
from tresen.spine.jobs.worker import drain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COLUMNS = """() => [".subject", ".req .name", ".own .team", ".who-owns"].map(
  (name) => document.querySelector(`li.row ${name}`).getBoundingClientRect().width)"""


def open_composer(page: Any, cast: Cast) -> None:
    page.goto(f"/desk/tickets/{cast.ticket().number}/")
    page.wait_for_selector("reply-composer:defined")
    page.keyboard.press("n")


def test_what_was_wrong_with_a_note_goes_when_one_writes_on(cast: Cast, page: Any) -> None:
    open_composer(page, cast)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("reply-composer .banner.bad")
    page.wait_for_function("() => document.activeElement.matches('#note-text[aria-invalid]')")
    page.keyboard.type("x")
    assert page.query_selector("reply-composer .banner.bad, reply-composer [aria-invalid]") is None


def test_a_lost_connection_is_no_longer_told_once_the_note_is_kept(cast: Cast, page: Any) -> None:
    open_composer(page, cast)
    page.keyboard.type("The gateway again.")
    page.route("**/write/", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".toast")
    page.unroute("**/write/")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.note:has-text('The gateway again.')")
    page.wait_for_selector(".toast", state="detached")


def test_the_key_1_links_a_ticket_with_the_first_of_the_similar_ones(cast: Cast, page: Any) -> None:
    text = "Since the update the forklift terminal at gate seven reboots and loses the scanned pallets."
    old, fresh = (cast.ticket(subject, text) for subject in ("Forklift terminal reboots", "Terminal at gate seven"))
    drain("default")
    page.goto(f"/desk/tickets/{fresh.number}/")
    page.wait_for_selector(f"#similar .pair:has-text('{old.subject}')")
    page.wait_for_selector("key-map:defined", state="attached")
    with page.expect_navigation():
        page.keyboard.press("1")
    page.wait_for_selector(f"#context .pair:has-text('{old.subject}') form[action*='/unlink/']")
    assert page.query_selector("#similar") is None
    assert [(one.source, one.target, one.kind) for one in Relation.objects.all()] == [(fresh, old, "related")]
    assert page.complaints == []


@pytest.mark.parametrize("width", [1300, 1440])
def test_the_subject_is_the_widest_column_of_the_list(cast: Cast, page: Any, width: int) -> None:
    cast.ticket("The printer on the second floor smokes")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/desk/views/all/")
    page.wait_for_selector("li.row .own .team")
    subject, *others = page.evaluate(COLUMNS)
    assert subject >= 300
    assert all(80 <= other < subject / 2 for other in others)


def test_leaving_the_list_while_its_news_come_in_is_no_fault(cast: Cast, page: Any) -> None:
    cast.ticket()
    page.goto("/desk/views/all/")
    page.wait_for_selector("live-list:defined", state="attached")
    page.evaluate(
        """() => {
          // The head of the answer comes, its body does not: it ends when the page is left.
          window.fetch = async (url, { signal }) => new Response(new ReadableStream({
            start(line) { signal.addEventListener("abort", () => line.error(signal.reason)); window.asked = true; },
          }));
          document.dispatchEvent(new CustomEvent("live:reload"));
        }"""
    )
    page.wait_for_function("() => window.asked")
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    page.evaluate("() => document.querySelector('live-list').remove()")
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    assert page.faults == []


def test_an_article_is_found_while_a_subject_is_typed_and_put_into_an_answer_by_a_key(
    cast: Cast, page: Any, live_server: Any
) -> None:
    article = make_article("Change the toner of the printer", html="<p>Open the flap.</p>")
    rebuild()
    guest = page.context.browser.new_page(locale="en")
    guest.goto(f"{live_server.url}/requests/new/")
    guest.locator("[name=subject]").press_sequentially("prnter tonner")
    link = guest.locator("subject-answers a")
    link.wait_for()
    guest.locator("[name=subject]").fill("prnter tonner empty")
    with guest.expect_popup() as opened:
        link.click()
    opened.value.locator("h1", has_text="Change the toner of the printer").wait_for()
    assert guest.locator("[name=subject]").input_value() == "prnter tonner empty"
    guest.close()

    ticket = cast.ticket("No toner in the printer", "What now?")
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector(f"#articles-offered .pair:has-text('{article.texts.get().newest.title}')")
    page.wait_for_selector("key-map:defined", state="attached")
    page.wait_for_selector("reply-composer:defined")
    page.keyboard.press("4")
    page.wait_for_function("() => document.getElementById('composer').area('reply').value.includes('/help/en/')")
    assert page.complaints == []
