"""Two brands on two host names show nothing of each other: every address of one is asked with what is the other's.

The addresses come from the URL table, so a new page is walked as soon as it is there. A new parameter fails here until
OBJECTS says what of the other brand it names; what the new page would show of the other brand belongs into `fill`,
with MARKER in its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import PASSWORD, TEST, Cast, make_cast
from tests.knowledge.articles import make_article, make_collection
from tests.safety.test_s08_object_matrix import CSRF_TOKEN, Route, routes
from tresen.channels.mail.models import Mailbox
from tresen.core.announcements.models import Announcement
from tresen.core.announcements.services import create_announcement, publish
from tresen.core.catalog.models import Service, ServiceCategory
from tresen.core.catalog.services import create_service
from tresen.core.knowledge.models import Article
from tresen.core.people.models import Brand, User
from tresen.core.people.principals import Principal
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.file_urls import signed_url
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import Attachment, Ticket
from tresen.core.tickets.numbers import make_number
from tresen.core.tickets.services import add_reply
from tresen.kit import clock
from tresen.service.procedures.services import create_procedure
from tresen.service.procedures.steps import Step, Way
from tresen.spine.events.models import Event

MARKER = "Zebrafinkennest"
HERE, THERE = "help.lindhafen.example", "help.morskie.example"
FORM = {"text": "taken", "email": "carol@faehrholm.example", "subject": "taken", "name": "Carol", "reach": "me"}
# Pages that show words of whoever is signed in, whatever the brand; and those that end the session.
NOT_WALKED = frozenset({"account:sign-out", "account:end-session", "account:end-sessions", "account:own-password"})
# Pages that answer every token, the right and the wrong, with the same words.
TELLS_NOTHING = frozenset({"portal:status-unsubscribe"})
FACES = ("portal:", "account:", "files:")


@dataclass
class Other:
    """What the other brand has; carol is a customer of both."""

    brand: Brand
    ticket: Ticket
    link: str
    file: Attachment
    guide: int
    signed: str
    article: Article
    service: Service
    announcement: Announcement


# What a parameter names of the other brand, and what is nowhere; by its own name, or by route and name.
OBJECTS: dict[str, tuple[Callable[[Other], Any], Any]] = {
    "number": (lambda other: other.ticket.number, make_number("M", 987654)),
    "token": (lambda other: other.link, "x" * 43),
    "files:file token": (lambda other: other.signed, f"{uuid4().hex}.ffffffff.c1.{'0' * 32}"),
    "account:reset token": (lambda other: "set-password", "x"),
    "account:reset uid": (lambda other: "MQ", "MQ"),
    "account:invite token": (lambda other: "x" * 43, "x" * 43),
    "message_id": (lambda other: other.ticket.messages.order_by("id")[0].pk, 987654),
    "file_id": (lambda other: other.file.pk, uuid4()),
    "guide_id": (lambda other: other.guide, 987654),
    "brand_id": (lambda other: other.brand.pk, 987654),
    "language": (lambda other: "en", "en"),
    "article_id": (lambda other: other.article.pk, 987654),
    "portal:help-article slug": (lambda other: other.article.texts.get().slug, "nowhere"),
    "portal:help-collection slug": (lambda other: other.article.collection.slug, "nowhere"),
    "portal:service slug": (lambda other: other.service.slug, "nowhere"),
    "key": (lambda other: "x" * 32, "x" * 32),
    "announcement_id": (lambda other: other.announcement.pk, 987654),
    "year": (lambda other: clock.now().year, clock.now().year),
    "month": (lambda other: clock.now().month, clock.now().month),
    "after": (lambda other: 0, 0),
    "rating": (lambda other: 3, 3),
    "passkey_id": (lambda other: 987654, 987654),
}


def fill(cast: Cast, brand: Brand) -> Other:
    """One of each thing that customers see, of that brand."""
    file = prepare_file([MARKER.encode()], filename=f"{MARKER}.txt")
    ticket = cast.ticket(f"{MARKER} drops", f"about {MARKER}", brand=brand, files=[file])
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content(f"answer about {MARKER}"))
    category = create_category(names={"en": MARKER}, brand=brand, by=TEST)
    step = Step(ask=MARKER, hint="", ways=[Way(label=MARKER, go="solved")])
    guide = create_procedure(name=MARKER, category=category, steps=[step], for_customers=True, by=TEST)
    article = make_article(MARKER, collection=make_collection("shelf", en=MARKER), brands=[brand])
    shelf = ServiceCategory.objects.create(names={"en": MARKER})
    service = create_service(set={"names": {"en": MARKER}, "category": shelf, "brands": [brand]}, by=TEST)
    wanted = {"titles": {"en": MARKER}, "texts": {"en": MARKER}, "language": "en", "brands": [brand]}
    announcement = publish(create_announcement(set=wanted, agent=cast.anna, by=TEST), by=TEST)
    return Other(
        brand, ticket, mint_link(ticket, cast.carol, by_mail=True, address="carol@faehrholm.example"), file, guide.pk,
        signed_url(file, principal=Principal.of_contact(cast.carol)).split("/")[2], article, service, announcement,
    )  # fmt: skip


def urls(other: Other) -> Iterator[tuple[Route, str, str]]:
    """Every address of the portal with what is the other's, and with what is nowhere."""
    for route in routes():
        if route.name.startswith(FACES) and route.name not in NOT_WALKED:
            found = {p: OBJECTS.get(f"{route.name} {p}") or OBJECTS.get(p) for p in route.parameters}
            for parameter, known in found.items():
                assert known, f"say in OBJECTS what <{parameter}> of {route.name} ({route.template}) names"
            theirs = {p: known[0](other) for p, known in found.items() if known}
            yield route, route.url(theirs), route.url({p: known[1] for p, known in found.items() if known})


def said(client: Client, method: str, url: str) -> tuple[int, bytes]:
    """Status and body, without what every answer has of its own and without the address itself."""
    answer = getattr(client, method)(url, FORM if method == "post" else None)
    if answer.status_code == 302 and method == "post":
        client.get("/requests/link/sent/")  # the notice that the next page would show
    body = b"" if answer.streaming else answer.content
    for part in url.split("/"):
        if len(part) > 4:
            body = body.replace(part.encode(), b"ID")
    return answer.status_code, re.sub(rb'name="key" value="[^"]+"', b"", CSRF_TOKEN.sub(b"", body))


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["guest", "customer"])
def test_every_address_of_one_brand_knows_nothing_of_the_other(who: str) -> None:
    cast = make_cast()
    Brand.objects.filter(pk=cast.brand.pk).update(host=HERE)
    there = Brand.objects.create(name=f"{MARKER} IT", letters="M", host=THERE)
    Mailbox.objects.create(address=f"help@{MARKER.lower()}.example", brand=there)
    other = fill(cast, there)
    client = Client(headers={"host": HERE}, raise_request_exception=False)
    if who == "customer":
        user = User(email="carol@faehrholm.example", name="Carol")
        user.set_password(PASSWORD)
        user.save()
        cast.carol.user = user
        cast.carol.save()
        client.force_login(user)
    before = Event.objects.filter(stream_kind="ticket", stream_id=other.ticket.pk).count()
    asked = 0
    for route, theirs, nowhere in urls(other):
        for method in ("get", "post"):
            status, body = said(client, method, theirs)
            assert MARKER.lower().encode() not in body.lower(), (method, theirs)
            if theirs != nowhere:
                assert (status, body) == said(client, method, nowhere), (method, theirs)
                assert status in {404, 405, 302} or route.name in TELLS_NOTHING, (route.name, method, status)
            asked += 1
    assert asked > 50
    assert Event.objects.filter(stream_kind="ticket", stream_id=other.ticket.pk).count() == before
    # And all of it is there at its own host.
    own = Client(headers={"host": THERE})
    for path in (f"/t/{other.link}/", "/", f"/guides/{other.guide}/", f"/brand/{there.pk}.css"):
        assert own.get(path).status_code == 200, path
    assert own.get(f"/files/{other.signed}/").status_code == 200


@pytest.mark.django_db
def test_a_link_from_before_the_brand_had_a_host_leads_there_from_the_desks_host() -> None:
    cast = make_cast()
    there = Brand.objects.create(name="Morskie IT", letters="M", host=THERE)
    link = mint_link(cast.ticket(brand=there), cast.carol, by_mail=True)
    answer = Client().get(f"/t/{link}/?all")
    assert (answer.status_code, answer.headers["Referrer-Policy"]) == (302, "no-referrer")
    assert re.fullmatch(rf"http://{THERE}(:\d+)?/t/{link}/\?all", answer.headers["Location"])
    assert Client().post(f"/t/{link}/answer/", {"text": "x"}).status_code == 404
    assert Client().get(f"/t/{'x' * 43}/").status_code == 404
