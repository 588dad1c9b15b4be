"""How one gets to the screens of a recurring ticket and of a procedure."""

from __future__ import annotations

from typing import Any

from tests.browser.sample_desk import SampleDesk


def recurring_ticket(desk: SampleDesk, page: Any) -> None:
    """One of them, made where there is none."""
    page.goto(desk.url + "/settings/recurring/")
    if not page.locator("main table a").count():
        page.goto(desk.url + "/settings/recurring/new/")
        page.fill("[name=name]", "Backups")
        page.fill("[name=subject]", "Check the backups")
        page.fill("[name=text]", "Look at the log and restore one file.")
        page.fill("[name=requester]", "carola.brandt@faehrholm.example")
        with page.expect_navigation():
            page.eval_on_selector("#recurring-form", "form => form.requestSubmit()")
        page.goto(desk.url + "/settings/recurring/")
    page.goto(desk.url + str(page.locator("main table a").first.get_attribute("href")))


def written_procedure(desk: SampleDesk, page: Any) -> None:
    """One of them, made where there is none."""
    page.goto(desk.url + "/settings/procedures/")
    if not page.locator("main table a").count():
        page.goto(desk.url + "/settings/procedures/new/")
        page.fill("[name=name]", "VPN")
        page.select_option("[name=category]", index=1)
        page.fill("[name=ask-0]", "Is the certificate valid?")
        page.fill("[name=label-0-0]", "Yes")
        page.fill("[name=label-0-1]", "No")
        with page.expect_navigation():
            page.eval_on_selector("form.s-form", "form => form.requestSubmit()")
        page.goto(desk.url + "/settings/procedures/")
    page.goto(desk.url + str(page.locator("main table a").first.get_attribute("href")))


def procedure_versions(desk: SampleDesk, page: Any) -> None:
    """The versions of one that was changed."""
    written_procedure(desk, page)
    base = page.url.partition("#")[0]
    page.goto(base + "versions/")
    if page.locator("main tbody tr").count() < 2:
        page.goto(base)
        page.fill("[name=hint-0]", "It is on the first page of the portal of certificates.")
        with page.expect_navigation():
            page.eval_on_selector("form.s-form", "form => form.requestSubmit()")
        page.goto(base + "versions/")


def procedure_compared(desk: SampleDesk, page: Any) -> None:
    """The first version, beside the newest."""
    procedure_versions(desk, page)
    page.goto(page.url + "1/?with=2")
