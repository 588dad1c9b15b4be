"""An article in a real browser: written, previewed, published, translated, compared, brought back."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.cast import Cast
from tests.desk.test_ticket_in_browser import AXE_OPTIONS
from tests.knowledge.articles import make_collection
from tests.knowledge.test_articles import PNG
from tresen.core.knowledge.models import Article, ArticleDraft, ArticleFile
from tresen.core.people.models import Agent, Role, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """([selector, data]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const bag = new DataTransfer();
  bag.items.add(new File([bytes], "plan.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData: bag, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(event);
}"""


def assert_accessible(page: Any) -> None:
    found = Axe().run(page, options=AXE_OPTIONS)
    assert found.violations_count == 0, found.generate_report()


def test_an_article_is_written_published_translated_compared_and_brought_back(cast: Cast, page: Any) -> None:
    Agent.objects.filter(pk=cast.anna.pk).update(role=Role.TEAM_LEAD)
    User.objects.update(language="en")
    make_collection("accounts")
    write(page)
    translate(page)
    compare(page)
    assert page.complaints == [] and page.faults == []


def write(page: Any) -> None:
    """The toolbar writes Markdown, the preview follows, and what is typed is kept."""
    page.goto("/desk/knowledge/new/")
    page.fill("[name=title]", "Reset your password")
    page.select_option("[name=collection]", label="Accounts")
    page.click("text=Begin writing")
    page.wait_for_selector(".look:not([hidden])")
    page.click("[name=source]")
    page.keyboard.type("Begin")
    page.click("[data-do=heading]")
    page.keyboard.press("End")
    page.keyboard.type("\n\nPress ")
    page.click("[data-do=bold]")
    page.keyboard.type("start")
    assert page.input_value("[name=source]") == "## Begin\n\nPress **start**"
    page.wait_for_selector(".as-read h2#s-begin")
    page.evaluate(PASTE, ["[name=source]", base64.b64encode(PNG).decode()])
    page.wait_for_selector(".as-read img")
    assert f"![plan]({ArticleFile.objects.get().path})" in page.input_value("[name=source]")
    page.wait_for_function("() => document.querySelector('.saved').textContent.includes('not saved yet')")
    assert ArticleDraft.objects.get().title == "Reset your password"
    assert_accessible(page)
    page.focus("[name=source]")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert page.inner_text(".prose strong") == "start" and not ArticleDraft.objects.exists()
    with page.expect_navigation():
        page.click("button[value=publish]")
    text = Article.objects.get().texts.get()
    assert text.published_id == text.newest_id and "readers" in page.inner_text(".side").lower()


def translate(page: Any) -> None:
    """In rich text, with the main text beside it."""
    page.click("nav[aria-label=Languages] a:has-text('Deutsch')")
    page.click("main a:has-text('Translate')")
    page.wait_for_selector(".look:not([hidden])")
    assert "Press start" in page.inner_text(".main-text")
    page.fill("[name=title]", "Kennwort zurücksetzen")
    page.check("[name=format][value=html]")
    page.click(".sheet [role=textbox]")
    page.keyboard.type("Drücken Sie ")
    page.click("[data-do=bold]")
    page.keyboard.type("Start")
    page.wait_for_function("() => document.querySelector('.as-read strong')?.textContent.trim() === 'Start'")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    with page.expect_navigation():
        page.click("button[value=publish]")
    assert page.locator(".sheets article").count() == 2
    assert_accessible(page)


def compare(page: Any) -> None:
    """New words of the main text: the translation is out of date, the words are compared, the old ones come back."""
    own = f"/desk/knowledge/{Article.objects.get().pk}/"
    page.goto(f"{own}en/")
    page.wait_for_selector(".look:not([hidden])")
    page.fill("[name=source]", "## Begin\n\nPress **stop**")
    with page.expect_navigation():
        page.click("main .form-acts .primary")
    with page.expect_navigation():
        page.click("button[value=publish]")
    page.goto(f"{own}?in=de")
    assert "out of date" in page.inner_text("main").lower() and page.locator(".pieces ins").count() >= 1
    page.goto(f"{own}en/versions/?version=2")
    page.click("button:has-text('Bring version 2 back')")
    page.wait_for_url("**/?in=en")
    assert Article.objects.get().texts.get(language="en").newest.again == 2
