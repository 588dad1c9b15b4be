"""Every address answers everybody rightly: nobody, a stranger, an agent of another team, the administrator.

Read and written, with real objects in the address. Which objects of others a person may name is S8's matter.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.cast import TEST, Cast, make_cast
from tests.catalog.conftest import equipment
from tests.house.access import AREA_OF
from tests.knowledge.articles import make_article
from tests.setup.pictures import png
from tresen.channels.mail.models import Mailbox
from tresen.core.announcements.services import create_announcement, publish
from tresen.core.calendars.services import create_calendar
from tresen.core.catalog.shelves import set_picture
from tresen.core.knowledge.models import ArticleFile
from tresen.core.people.models import User
from tresen.core.teamwork.templates import create_template
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.models import Status, Tag, Ticket
from tresen.core.tickets.services import add_received
from tresen.kit import files
from tresen.service.answers.models import SynonymGroup
from tresen.service.oncall.models import Alert, Rota
from tresen.service.procedures.models import Procedure
from tresen.service.procedures.services import create_procedure
from tresen.service.procedures.steps import Step, Way
from tresen.service.rules.services import create_rule
from tresen.service.sla.services import create_policy
from tresen.service.texts.services import create_macro, create_saved_reply
from tresen.service.webhooks.services import create_endpoint
from tresen.spine.events.services import record

pytestmark = [pytest.mark.house, pytest.mark.django_db]

SIGN_IN = "/sign-in/"
REFUSED = {401, 403, 404, 405}
Addresses = dict[str, str]


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address below `resolver` with its namespace; ninja's nameless root is the interface's own 404."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name:
            yield f"{prefix}{entry.name}", entry


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return ticket_with_file(cast)


def ticket_with_file(cast: Cast) -> Ticket:
    """A ticket of the team Netz, on which carol has written and sent a file."""
    ticket = cast.ticket()
    message = add_received(
        ticket, by=TEST, contact=cast.carol, content=Content("See file."), channel="mail", trust="claimed"
    )
    row = prepare_file([b"hello"], filename="log.txt")
    row.message = message
    row.save()
    ticket.refresh_from_db()
    return ticket


@pytest.fixture
def addresses(cast: Cast, ticket: Ticket) -> Addresses:
    return real_addresses(cast, ticket)


def a_guide() -> Procedure:
    """A procedure for customers, too."""
    asked = [Step(ask="Is it on?", hint="", ways=[Way(label="Yes", go="solved")])]
    topic = create_category(names={"en": "Printers"}, by=TEST)
    return create_procedure(name="No print", category=topic, steps=asked, for_customers=True, by=TEST)


def announced() -> int:
    """The key of an announcement that everybody can read."""
    told = {"titles": {"en": "VPN is down"}, "language": "en"}
    return publish(create_announcement(set=told, agent=None, by=TEST), by=TEST).pk


def an_article() -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """A published article with a file: what its addresses are made of, and what some of them need besides."""
    article = make_article()
    row = {"article": article, "name": "plan.txt", "content_type": "text/plain", "size": 5}
    beside = ArticleFile.objects.create(
        **row, created_at=article.created_at, storage_key=files.store_bytes(b"plan.").key
    )  # fmt: skip
    return {"article_id": article.pk, "language": "en", "after": 0}, {
        "portal:help-article": {"slug": article.texts.get().slug}, "portal:help-file": {"file_id": beside.pk},
        "portal:help-collection": {"slug": article.collection.slug},
    }  # fmt: skip


def a_service() -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """A service that everybody may ask for, with a picture: what its addresses are made of."""
    made = equipment()
    set_picture(made, data=png(), by=TEST)
    made.refresh_from_db()
    return {"service_id": made.pk, "shelf_id": made.category_id}, {
        "portal:service": {"slug": made.slug}, "portal:service-picture": {"key": made.picture_key},
        "setup:service-version": {"number": 1},
    }  # fmt: skip


def real_addresses(cast: Cast, ticket: Ticket, **more: Any) -> Addresses:
    """The name of every address with real objects filled in; `more` names objects that the desk has besides."""
    message = ticket.messages.latest("pk")
    tag = Tag.objects.create(name="vpn")
    with transaction.atomic():
        moved = record("message.moved", stream=ticket, by=TEST, changes={"to": ticket.number, "messages": []})
    kept = create_saved_reply(set={"name": "Hours", "texts": {"en": "We open at eight."}}, by=TEST)
    macro = create_macro(set={"name": "Close", "changes": {"status": "solved"}}, by=TEST)
    week = {"mon": [["08:00", "17:00"]]}
    calendar = create_calendar(set={"name": "Office", "timezone": "UTC", "weekly": week}, by=TEST)
    policy = create_policy(set={"name": "Usual", "calendar": calendar}, by=TEST)
    rota = Rota.objects.create(name="Nights", keeper=cast.ada)
    at = ticket.created_at
    alert = Alert.objects.create(ticket=ticket, rota=rota, at=at, next_at=at)
    raised = {"name": "Up", "triggers": ["created"], "actions": [{"do": "priority", "value": "4"}]}
    rule = create_rule(set=raised, by=TEST)
    called, _secret = create_endpoint(set={"name": "Wall", "url": "https://wall.example/in", "kinds": []}, by=TEST)
    guide, (read, of_article), (served, of_service) = a_guide(), an_article(), a_service()
    values: dict[str, Any] = {
        "rule_id": rule.pk, "endpoint_id": called.pk, "webhook_id": called.pk,
        "calendar_id": calendar.pk, "policy_id": policy.pk, "group_id": SynonymGroup.objects.first().pk,
        "number": ticket.number, "message_id": message.pk, "pk": message.pk, "participant": 1,
        "slug": "mine", "name": "status", "token": "A" * 43, "uid": "MQ", "file_id": message.attachments.get().pk,
        "brand_id": cast.brand.pk, "agent_id": cast.anna.pk, "team_id": cast.netz.pk, "tag_id": tag.pk,
        "mailbox_id": Mailbox.objects.get().pk, "status_id": Status.objects.order_by("pk")[0].pk, "token_id": 1,
        "raw_id": 1, "job_id": 1, "outbox_id": 1, "contact_id": cast.carol.pk, "organisation_id": cast.faehrholm.pk,
        "attachment_id": message.attachments.get().pk, "mark": "0.aa", "domain": "lindhafen.example", "key": "A" * 32,
        "event": moved.pk, "relation": 1, "kind": "replies", "text_id": kept.pk, "macro_id": macro.pk,
        "absence_id": 1, "level_id": 1, "rota_id": rota.pk, "category_id": 1, "field_id": 1,
        "passkey_id": 1, "recurring_id": 1, "role_id": 1, "occurrence_id": 1, "year": 2026, "month": 11,
        **read, **served, "procedure_id": guide.pk, "guide_id": guide.pk, "rating": 3, "announcement_id": announced(),
        "checklist_id": create_template(name="Moving", steps=["Pack"], by=TEST).pk,
    }  # fmt: skip
    file, contact, text = {"pk": values["file_id"]}, {"pk": cast.carol.pk}, {"pk": kept.pk}
    special: dict[str, dict[str, Any]] = {
        "setup:learning-field": {"field": "category"}, "setup:procedure-version": {"number": 1},
        "desk:team": {"slug": cast.netz.slug}, "desk:alert": {"pk": alert.pk},
        "desk:attachment": file, "desk:attachment-preview": file, "desk:attachment-page": {**file, "number": 1},
        "desk:upload-remove": file, "desk:contact": contact, "desk:contact-edit": contact,
        **articles_in_the_desk(), "desk:ticket-text": text, "desk:ticket-text-insert": text,
        **of_article, **of_service,
    }  # fmt: skip
    found = {}
    for name, pattern in patterns(get_resolver()):
        given = values | more | special.get(name, {})
        try:
            found[name] = reverse(name, kwargs={one: given[one] for one in pattern.pattern.converters})
        except NoReverseMatch as fault:
            raise AssertionError(f"tests/house/test_access.py has no value for {name}: {fault}") from fault
    return found


def articles_in_the_desk() -> dict[str, dict[str, Any]]:
    """An article and its collection, where the desk names them."""
    article = make_article()
    names = ("", "-about", "-files", "-preview", "-edit", "-act", "-draft", "-versions")
    one = {f"desk:article{name}": {"pk": article.pk, "language": "en"} for name in names}
    api = ("", "-change", "-text", "-publish", "-withdraw")
    one |= {f"api:article{name}": {"article_id": article.pk, "language": "en"} for name in api}
    shelf = {f"api:collection{name}": {"collection_id": article.collection_id} for name in ("", "-change")}
    return {**one, **shelf, "desk:collection": {"pk": article.collection_id}}


def answers(client: Client, addresses: Addresses) -> Iterator[tuple[str, str, HttpResponse]]:
    """What each address answers to reading and to writing; nothing a request changed stays, not even a sign-out."""
    cookies = copy.deepcopy(client.cookies)
    for name, path in addresses.items():
        for method in ("GET", "POST"):
            client.cookies = copy.deepcopy(cookies)
            with transaction.atomic():
                kind = "application/json" if name.startswith("api:") else "application/x-www-form-urlencoded"
                response = client.generic(method, path, b"", content_type=kind)
                transaction.set_rollback(True)
            yield name, f"{method} {path}", response


def asks_to_sign_in(response: HttpResponse) -> bool:
    """Whether the answer is the way to the sign-in page."""
    return response.status_code == 302 and response.headers["Location"].startswith(SIGN_IN)


def faults(client: Client, addresses: Addresses, closed: set[str]) -> list[str]:
    """Addresses of the closed areas that let in, any that break, and any that forget who is signed in."""
    found = []
    for name, request, response in answers(client, addresses):
        to_sign_in = asks_to_sign_in(response)
        if response.status_code >= 500 and name != "readyz":
            found.append(f"{request} ({name}) breaks: {response.status_code}")
        if to_sign_in and settings.SESSION_COOKIE_NAME in client.cookies and name != "account:sign-out":
            found.append(f"{request} ({name}) asks somebody who is signed in to sign in")
        if AREA_OF.get(name) in closed and not to_sign_in and response.status_code not in REFUSED:
            found.append(f"{request} ({name}) lets in: {response.status_code} {response.headers.get('Location', '')}")
    return found


def test_every_address_says_who_may_open_it() -> None:
    names = {name for name, _ in patterns(get_resolver())}
    assert sorted(names - set(AREA_OF)) == []
    assert sorted(set(AREA_OF) - names) == []


def test_nobody_gets_into_anything_that_is_not_open(addresses: Addresses) -> None:
    client = Client(raise_request_exception=False)
    closed = {"link", "person", "customer", "staff", "ticket", "lead", "admin", "token"}
    found = faults(client, addresses, closed)
    assert not found, "\n".join(found)


def test_a_customer_gets_neither_to_the_desk_nor_to_the_requests_of_others(cast: Cast, addresses: Addresses) -> None:
    user = User.objects.create(email="dave@harrowmere.example", name="Dave")
    cast.dave.user = user
    cast.dave.save()
    client = Client(raise_request_exception=False)
    client.force_login(user)
    del addresses["portal:requests"]
    found = faults(client, addresses, {"link", "customer", "staff", "ticket", "lead", "admin", "token"})
    assert not found, "\n".join(found)


def test_an_agent_gets_neither_to_tickets_of_other_teams_nor_to_the_settings(cast: Cast, addresses: Addresses) -> None:
    found = faults(cast.browser(cast.piotr), addresses, {"link", "ticket", "lead", "admin", "token"})
    assert not found, "\n".join(found)


def test_who_may_gets_in(cast: Cast, addresses: Addresses) -> None:
    for agent, names in (
        (cast.anna, ["desk:ticket", "desk:attachment", "desk:view", "desk:contact", "account:me"]),
        (cast.ada, ["setup:overview", "setup:agents", "setup:mailbox", "setup:status", "desk:ticket"]),
    ):
        client = cast.browser(agent)
        for name in names:
            assert client.get(addresses[name], follow=True).status_code == 200, name


def test_the_administrator_meets_no_fault_anywhere(cast: Cast, addresses: Addresses) -> None:
    found = faults(cast.browser(cast.ada), addresses, {"link", "token"})
    assert not found, "\n".join(found)
