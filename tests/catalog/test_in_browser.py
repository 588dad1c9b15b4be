"""Asking for something in a real browser: a form with conditions and a file, wide and on a phone, in three languages,
with and without a script."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.looking import PHONE, WIDE, accessibility_faults, misfits
from tests.catalog.conftest import equipment
from tests.portal.conftest import Counter
from tests.portal.conftest import counter as counter
from tresen.core.catalog.models import Request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = {"name": "approval.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
ROUNDS = [("en", WIDE, True), ("de", PHONE, True), ("pl", PHONE, False)]


def test_something_is_asked_for_by_a_form_with_conditions_and_a_file(
    counter: Counter, live_server: Any, chromium: Any
) -> None:
    equipment()
    for n, (language, size, scripted) in enumerate(ROUNDS):
        context = chromium.new_context(locale=language, viewport=size, java_script_enabled=scripted)
        page = context.new_page()
        page.goto(live_server.url)
        page.locator(".catalogue a").first.click()
        page.locator("a[href='/services/a-new-device/']").click()
        papers = page.locator("[name=a_papers]")
        assert papers.is_visible() is not scripted and page.locator(".only-if").first.is_visible() is not scripted
        page.locator("[name=name]").fill("Erika Muster")
        page.locator("[name=email]").fill(f"erika{n}@firma.example")
        page.locator("[name=a_device][value=notebook]").check()
        assert papers.is_visible()
        page.locator(".p-form .btn.primary").click()
        page.locator(".p-form .banner.bad").wait_for()
        assert page.locator("[name=a_device][value=notebook]").is_checked()
        page.locator("[name=a_size][value=large]").check()
        page.locator("[name=a_papers]").set_input_files(PAPER)
        if scripted:
            assert accessibility_faults(page) + misfits(page) == []
        page.locator(".p-form .btn.primary").click()
        page.locator(".big-number").wait_for()
        asked = Request.objects.latest("pk")
        assert asked.answers == {"device": "notebook", "size": "large", "papers": ["approval.pdf"]}
        assert asked.language == language and asked.ticket.messages.get().attachments.count() == 1
        context.close()
