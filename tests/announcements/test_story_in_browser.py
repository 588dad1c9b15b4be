"""A disturbance is announced: customers of three languages say ‘me too’, subscribe, and hear how it goes on and ends;
with and without a script, on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.announcements.conftest import Announce, link_in, say, sent
from tests.portal.conftest import Counter
from tresen.core.announcements.models import Affected

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Language, whether scripts run, the address; ‘me too’ and its confirmation; the button behind the mail's link; ‘over’.
READERS = (
    ("en", True, "en@kunde.example", "Me too", "Yes, me too", "Yes, send it to me", "Over"),
    ("de", False, "de@kunde.example", "Betrifft mich auch", "Ja, mich auch", "Ja, schicken Sie es mir", "Vorbei"),
    ("pl", True, "pl@kunde.example", "Mnie też to dotyczy", "Tak, mnie też", "Tak, proszę przysyłać", "Zakończone"),
)
TITLES = {"en": "VPN drops every 20 minutes", "de": "VPN bricht alle 20 Minuten ab", "pl": "VPN zrywa połączenie"}
ENDED = {"en": "It works again.", "de": "Es geht wieder.", "pl": "Znów działa."}


def test_nobody_has_to_write_one_more_request(
    counter: Counter, announce: Announce, live_server: Any, chromium: Any
) -> None:
    row = announce(titles=TITLES)
    for language, scripts, address, me_too, yes, send, _over in READERS:
        context = chromium.new_context(
            java_script_enabled=scripts, locale=language, viewport={"width": 360, "height": 780}
        )
        page = context.new_page()
        page.goto(f"{live_server.url}/requests/new/")
        page.locator(".known li", has_text=TITLES[language]).get_by_role("link", name=me_too).click()
        page.locator("[name=email]").fill(address)
        page.get_by_role("button", name=yes).click()
        page.locator(".notice, .banner").first.wait_for()
        assert page.url.endswith(f"/status/{row.pk}/")
        question = next(mail for mail in sent() if mail["To"] == address)
        page.goto(live_server.url + link_in(question, "confirm"))
        page.get_by_role("button", name=send).click()
        page.wait_for_url(f"**/status/{row.pk}/")
        context.close()
    assert Affected.objects.count() == 3
    before = len(sent())
    say(row, counter, "identified", en="A card is broken.", de="Eine Karte ist defekt.", pl="Karta jest uszkodzona.")
    say(row, counter, "solved", **ENDED)
    news = sent()[before:]
    for language, _scripts, address, *_words, over in READERS:
        his = [mail for mail in news if mail["To"] == address]
        assert len(his) == 2 and str(his[1]["Subject"]) == f"{over}: {TITLES[language]}"
        assert ENDED[language] in his[1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = chromium.new_page(locale="pl")
    page.goto(f"{live_server.url}/status/")
    page.get_by_role("link", name=TITLES["pl"]).click()
    page.get_by_text(ENDED["pl"]).wait_for()
    page.close()
