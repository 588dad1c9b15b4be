"""S58: a link of a survey needs its MAC and its click: what fetches it (mail scanners, previews) rates nothing; to
repeat is harmless (P7)."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.cast import TEST, Cast, make_cast
from tresen.kit.crypto import derived_key, mac128
from tresen.service.surveys.addresses import rating_url, stop_url
from tresen.service.surveys.links import token_of
from tresen.service.surveys.models import Asked, NoSurveys
from tresen.service.surveys.services import change_survey
from tresen.spine.events.models import Event

# How scanners, previews and browsers ask for a page that nobody has opened.
FETCHES: list[tuple[str, dict[str, str]]] = [
    ("GET", {}), ("HEAD", {}), ("OPTIONS", {}), ("GET", {"Purpose": "prefetch"}), ("GET", {"Sec-Purpose": "prefetch"}),
    ("GET", {"X-Moz": "prefetch"}), ("GET", {"Sec-Purpose": "prefetch;prerender"}),
    ("GET", {"User-Agent": "Mozilla/5.0 (compatible; LinkScanner/2.1)", "X-Requested-With": "XMLHttpRequest"}),
    ("GET", {"HX-Request": "true"}), ("HEAD", {"User-Agent": "curl/8.5"}),
]  # fmt: skip


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def asked(cast: Cast, count: int) -> list[Asked]:
    """So many people who were asked, each about a ticket."""
    change_survey(None, set={"is_active": True}, by=TEST)
    now = timezone.now()
    tickets = [cast.ticket(subject=f"Case {n}") for n in range(count)]
    return Asked.objects.bulk_create([
        Asked(ticket=ticket, contact=cast.carol, scale="csat", state="asked", change_days=14, due_at=now, asked_at=now,
              level=1)
        for ticket in tickets
    ])  # fmt: skip


def test_s58_a_thousand_fetched_links_rate_nothing(db: None, full_size: bool, record_property: Any) -> None:
    count, seed = (200, 58) if full_size else (20, 58)
    random.seed(seed)
    rows = asked(make_cast(), count)
    links = [path_of(rating_url(row, rating)) for row in rows for rating in range(1, 6)]
    assert len(links) == len(set(links)) == count * 5
    client, before = Client(), Event.objects.count()
    for link in links:
        method, headers = random.choice(FETCHES)
        answer = client.generic(method, f"{link}?rating=5&words=x&sent", headers=headers)
        assert answer.status_code in (200, 405), (method, headers, answer.status_code)
    for row in rows:
        for method in ("GET", "HEAD"):
            assert client.generic(method, path_of(stop_url(row))).status_code == 200
    assert not Asked.objects.exclude(rating=None).exists() and not NoSurveys.objects.exists()
    assert Event.objects.count() == before
    record_property("fetched", len(links))


def test_s58_only_the_click_rates_and_to_repeat_it_is_harmless(db: None) -> None:
    (row,) = asked(make_cast(), 1)
    link, browser = path_of(rating_url(row, 4)), Client(enforce_csrf_checks=True)
    assert browser.post(link, {"rating": "4"}).status_code == 403  # no page of ours has sent it
    browser.get(link)
    sent = {"rating": "4", "words": "", "csrfmiddlewaretoken": browser.cookies["tresen-csrf"].value}
    assert [browser.post(link, sent).status_code for _again in range(3)] == [302] * 3
    assert Asked.objects.get().rating == 4 and Event.objects.filter(kind="survey.rated").count() == 1


def test_s58_a_link_without_its_mac_opens_nothing(db: None) -> None:
    cast = make_cast()
    first, second = asked(cast, 2)
    token = token_of(first)
    number, mac = token.split("-")
    other = mac128(derived_key("survey"), number, str(first.ticket_id), str(first.contact_id))
    wrong = [
        f"{second.pk}-{mac}", f"{number}-{mac[:-1]}", f"{number}-{mac}a", f"{number}-{mac.upper()}", f"{number}-",
        f"0{number}-{mac}", f"-{mac}", mac, f"{number}-{other}", "null", "0", "%00", "a" * 4000, f"{number}-{'a' * 26}",
    ]  # fmt: skip
    client = Client()
    for one in wrong:
        for rest in ("", "4/", "stop/"):
            for method in ("get", "post"):
                answer = getattr(client, method)(f"/survey/{one}/{rest}", {"rating": "4"})
                assert answer.status_code == 404, (one, rest, method)
    assert not Asked.objects.exclude(rating=None).exists() and not NoSurveys.objects.exists()
    # One whose time is over, or whose person is another by now, looks no different.
    Asked.objects.filter(pk=first.pk).update(asked_at=timezone.now() - timedelta(days=15))
    type(first.ticket).objects.filter(pk=second.ticket_id).update(requester=cast.dave)
    tokens = [token_of(first), token_of(second), f"{number}-{'a' * 26}"]
    gone = [client.get(f"/survey/{one}/4/") for one in tokens]
    assert {answer.status_code for answer in gone} == {404}
    bodies = [(one, answer.content.decode()) for one, answer in zip(tokens, gone, strict=True)]
    assert len({re.sub(r'"X-CSRFToken": "[^"]*"', "", body.replace(one, "")) for one, body in bodies}) == 1
