"""A customer follows a request in a real browser: signs in by mail, asks for more speed, answers, closes, opens again;
in three languages, on a phone and on a wide screen, with JavaScript and without."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.looking import accessibility_faults, misfits
from tests.portal.conftest import Counter
from tresen.core.people.mail_sign_in import mint_sign_in
from tresen.core.people.models import User
from tresen.core.tickets.models import Ticket
from tresen.spine.events.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
WAYS = [("en", WIDE, True), ("de", PHONE, False), ("pl", PHONE, True)]


def test_a_request_is_followed_from_sign_in_to_the_end(counter: Counter, live_server: Any, chromium: Any) -> None:
    identity = counter.carol.identities.get(kind="mail")
    for language, size, has_script in WAYS:
        User.objects.filter(contact=counter.carol).update(language=language)
        ticket = counter.ticket(f"VPN drops {language}")
        context = chromium.new_context(java_script_enabled=has_script, locale=language, viewport=size)
        page = context.new_page()
        page.goto(f"{live_server.url}/?lang={language}")
        page.goto(f"{live_server.url}/sign-in/by-mail/{mint_sign_in(identity)}/")
        _look(page, has_script)
        page.locator("main form button").click()
        page.get_by_role("link", name=ticket.subject).click()
        assert page.locator("html").get_attribute("lang") == language

        page.locator("form[action$='/hurry/'] button").click()
        page.locator(".told .banner").wait_for()
        _look(page, has_script)
        assert page.locator("form[action$='/hurry/']").count() == 0
        page.locator("textarea").fill(f"Still there ({language})")
        page.locator("form.answer .btn.primary").click()
        page.get_by_text(f"Still there ({language})").wait_for()
        page.locator("button[formaction$='/close/']").click()
        page.locator("button[formaction$='/reopen/']").wait_for()
        _look(page, has_script)
        page.locator("button[formaction$='/reopen/']").click()
        page.locator("button[formaction$='/close/']").wait_for()
        page.locator(".pin summary").click()
        page.locator("form[action$='/pin/'] button").click()
        page.locator(".told .banner").wait_for()
        context.close()
        now = Ticket.objects.get(pk=ticket.pk)
        assert (now.status_category, now.messages.count()) == ("open", 2)
        rows = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, actor_kind="contact").order_by("id")
        kinds = list(rows.values_list("kind", flat=True))
        assert kinds.index("ticket.nudged") < kinds.index("message.received") < kinds.index("ticket.changed")


def _look(page: Any, has_script: bool) -> None:
    size = page.viewport_size
    assert misfits(page) == []
    if has_script:
        assert accessibility_faults(page) == []
    page.set_viewport_size(size)
