"""Announcements at the desk, and the status page: address, role, way and state of each screen."""

from __future__ import annotations

import re
from typing import Any

from django.test import override_settings

from tests.browser.sample_desk import SampleDesk
from tresen.core.announcements.models import AnnouncementMail
from tresen.service.announcing.links import unsubscribe_token


def at(path: str) -> Any:
    """By its address."""
    return lambda desk, page: page.goto(desk.url + path)


def by_link(start: str, pattern: str, then: str = "") -> Any:
    """By the first link of a page whose path fits the pattern; `then` stands behind it."""

    def go(desk: SampleDesk, page: Any) -> None:
        page.goto(desk.url + start)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        page.goto(desk.url + next(link for link in links if re.fullmatch(pattern, link)) + then)

    return go


def sent_empty(path: str) -> Any:
    """By sending its form as it stands, past the browser's own checks."""

    def go(desk: SampleDesk, page: Any) -> None:
        page.goto(desk.url + path)
        page.eval_on_selector("main form[method=post]", "form => { form.noValidate = true; }")
        with page.expect_navigation():
            page.eval_on_selector("main form[method=post]", "form => form.requestSubmit()")

    return go


def by_mail(desk: SampleDesk, page: Any) -> None:
    """By the link in the mail of somebody affected, signed with the key of that desk."""
    secret = (desk.instance.data / "secret.key").read_text().strip()
    with override_settings(SECRET_KEY=secret):
        token = unsubscribe_token(AnnouncementMail(affected_id=1))
    page.goto(f"{desk.url}/status/unsubscribe/{token}/")


ONE = ("/desk/announcements/", r"/desk/announcements/\d+/")
ANNOUNCEMENT_SCREENS: list[tuple[Any, ...]] = [
    ("desk:announcements", "agent", at("/desk/announcements/")),
    ("desk:announcement", "admin", by_link(*ONE)),
    ("desk:announcement-new", "admin", sent_empty("/desk/announcements/new/"), "wrong"),
    ("desk:announcement-edit", "admin", by_link(*ONE, "edit/")),
    ("portal:status", "guest", at("/status/")),
    ("portal:status-month", "guest", by_link("/status/", r"/status/\d+-\d+/")),
    ("portal:status-one", "guest", by_link("/status/", r"/status/\d+/")),
    ("portal:status-me-too", "guest", by_link("/status/", r"/status/\d+/me-too/")),
    ("portal:status-subscribe", "guest", sent_empty("/status/subscribe/"), "wrong"),
    ("portal:status-unsubscribe", "guest", by_mail),
    ("portal:status-confirm", "guest", at("/status/confirm/c1-aaaaaaaaaaaaaaaaaaaaaaaaaa/"), "over"),
]
