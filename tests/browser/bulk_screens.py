"""How one gets to the screens of changes to many tickets."""

from __future__ import annotations

from typing import Any

from tests.browser.sample_desk import SampleDesk


def select_two(desk: SampleDesk, page: Any) -> None:
    """Two tickets of the list are selected."""
    page.goto(desk.url + "/desk/views/all/")
    if page.locator("label.picking").is_visible():
        page.click("label.picking")
    page.check(".rows li:nth-of-type(2) input[name=ticket]")
    page.check(".rows li:nth-of-type(3) input[name=ticket]")


def bulk(desk: SampleDesk, page: Any) -> None:
    """What to change on them is asked."""
    select_two(desk, page)
    with page.expect_navigation():
        page.click("form.bulk .primary")


def bulk_macro(desk: SampleDesk, page: Any) -> None:
    """What a macro would do on them."""
    select_two(desk, page)
    with page.expect_navigation():
        page.click("form.bulk [formaction$='/macro/']")
    page.check("input[name=macro] >> nth=0")
    page.check("input[name=with_text]")
    with page.expect_navigation():
        page.click("button[value=preview]")


def bulk_merge(desk: SampleDesk, page: Any) -> None:
    """Which of them remains is asked."""
    select_two(desk, page)
    with page.expect_navigation():
        page.click("form.bulk [formaction$='/merge/']")


def bulk_preview(desk: SampleDesk, page: Any) -> None:
    """What the change would do."""
    bulk(desk, page)
    page.select_option("[name=type]", "question")
    with page.expect_navigation():
        page.click("button[value=preview]")


def bulk_done(desk: SampleDesk, page: Any) -> None:
    """The change is through."""
    bulk_preview(desk, page)
    button = page.locator("button[value=run]")
    if not button.count():  # another walk has made them so
        page.click("button[value=fields]")
        page.select_option("[name=type]", "incident")
        page.click("button[value=preview]")
    with page.expect_navigation():
        page.click("button[value=run]")
    page.wait_for_selector("#bulk-progress .banner")
