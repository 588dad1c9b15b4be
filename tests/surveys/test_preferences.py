"""What a person gets that is no answer, chosen when signed in or behind a personal link."""

from __future__ import annotations

from django.test import Client

from tests.portal.conftest import MAIL, Counter, send
from tresen.core.announcements.models import Subscription
from tresen.core.announcements.subscriptions import subscribe
from tresen.service.participation.links import preferences_token
from tresen.service.surveys.services import wants_surveys


def test_topics_are_chosen_and_one_click_ends_them_all(counter: Counter, browser: Client) -> None:
    carol = counter.carol
    base = f"/preferences/{preferences_token(carol)}/"
    assert "Announcements" not in browser.get(base).content.decode()
    subscribe(
        brand=counter.brand, announcement=None, address="carola@kunde.example", contact=carol, language="en", by=MAIL
    )
    page = browser.get(base).content.decode()
    assert 'value="surveys" checked' in page and 'value="announcements" checked' in page
    assert browser.head(base).status_code == 200 and wants_surveys(carol)
    assert send(browser, base, topic="announcements").status_code == 302
    assert not wants_surveys(carol) and Subscription.objects.exists()
    assert send(browser, base, topic=["surveys", "announcements"]).status_code == 302
    assert wants_surveys(carol)
    assert send(browser, base, topic="surveys", offered="surveys").status_code == 302
    assert Subscription.objects.exists()  # it came after the page was opened
    assert browser.post(base, {"topic": "announcements"}).status_code == 403  # no page of ours has sent it
    assert browser.post(base, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert not wants_surveys(carol) and not Subscription.objects.exists()
    for wrong in ("1-aaaaaaaaaaaaaaaaaaaaaaaaaa", "null", "a" * 4000):
        assert browser.get(f"/preferences/{wrong}/").status_code == 404
        assert browser.post(f"/preferences/{wrong}/", {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert browser.get("/preferences/").headers["Location"].startswith("/sign-in/")


def test_who_is_signed_in_finds_them_beside_his_requests(counter: Counter) -> None:
    signed_in = Client()
    signed_in.force_login(counter.account(counter.carol))
    assert 'href="/preferences/"' in signed_in.get("/requests/").content.decode()
    assert "What reaches you besides answers" in signed_in.get("/preferences/").content.decode()
