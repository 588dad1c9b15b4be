"""How one gets to the screens of kept checklists."""

from __future__ import annotations

from typing import Any

from tests.browser.sample_desk import SampleDesk


def kept_checklist(desk: SampleDesk, page: Any) -> None:
    """One of them in the settings, made where there is none."""
    page.goto(desk.url + "/settings/checklists/")
    if not page.locator("main table a").count():
        page.goto(desk.url + "/settings/checklists/new/")
        page.fill("[name=name]", "Neuer Arbeitsplatz")
        page.fill("[name=steps]", "Konto anlegen\nRechner vorbereiten")
        with page.expect_navigation():
            page.eval_on_selector("main form", "form => form.requestSubmit()")
        page.goto(desk.url + "/settings/checklists/")  # without the word that it is saved
    with page.expect_navigation():
        page.click("main table a >> nth=0")


def checklists_on_ticket(desk: SampleDesk, page: Any) -> None:
    """Those one can put on a ticket, as a page."""
    page.goto(desk.ticket("VPN bricht") + "checklist/")
