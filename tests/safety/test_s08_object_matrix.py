"""S8: whatever address one asks, an object of another team or organisation answers like one that is not there (P4).

The addresses come from the URL table. A new parameter fails here until WHAT says what it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import TEST, Cast, make_cast
from tresen.core.people.models import Agent, Role, User
from tresen.core.people.services import find_or_create_contact
from tresen.core.teamwork.checklist import add_items
from tresen.core.teamwork.times import add_time
from tresen.core.tickets import operations
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.drafts import Writing, save_draft
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import make_number
from tresen.core.tickets.reviews import ask_review
from tresen.core.tickets.services import add_note, add_received
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.sides import open_side
from tresen.faces.api.limits import requests_of_tokens
from tresen.service.bulk.models import BulkChange
from tresen.service.oncall.models import Alert, Rota
from tresen.service.texts.services import create_macro, create_saved_reply
from tresen.spine.events.services import record

MARKER = "Zebrafinkennest"
# What a parameter names, by its own name or, where that is not enough, by route and name. None: open to all who may
# be on that page at all, or no object.
WHAT: dict[str, str | None] = {
    "number": "ticket",
    "participant": "participant",
    "message_id": "message",
    "file_id": "attachment",
    "attachment_id": "attachment",
    "desk:attachment pk": "attachment",
    "desk:attachment-preview pk": "attachment",
    "desk:attachment-page pk": "attachment",
    "desk:side pk": "side",
    "desk:checklist-item pk": "step",
    "desk:time-entry pk": "time",
    "desk:upload-remove pk": "attachment",
    "desk:alert pk": "alert",
    "desk:contact pk": None,
    "desk:contact-edit pk": None,
    "contact_id": None,
    "organisation_id": None,
    "article_id": None,
    "collection_id": None,
    # Every agent sees every article; who writes and publishes them is a right.
    **dict.fromkeys(
        (
            f"desk:article{act} pk"
            for act in ("", "-about", "-files", "-preview", "-edit", "-act", "-draft", "-versions")
        ),
        None,
    ),
    "desk:collection pk": None,
    "language": None,
    "agent_id": None,
    "team_id": None,
    "brand_id": None,
    "rule_id": None,
    "webhook_id": None,
    "guide_id": None,
    "announcement_id": None,
    "after": None,
    "desk:article-figures pk": None,
    "desk:article-words-settle pk": None,
    "portal:service-picture key": None,
    "year": None,
    "month": None,
    "text_id": "saved_reply",
    "macro_id": "macro",
    "desk:ticket-text pk": "saved_reply",
    "desk:ticket-text-insert pk": "saved_reply",
    "kind": None,
    "rating": None,
    "key": None,
    "slug": None,
    "name": None,
    "token": None,
    "uid": None,
    "mark": None,
    "event": "event",
    "relation": None,
    "desk:operation-undo pk": "operation",
    "desk:bulk-change pk": "bulk",
    "desk:draft-comment pk": "draft",
    "desk:draft-give-back pk": "draft",
}
# Bodies that would do something if the object were the caller's: of forms, and by the end of an address of the API.
FORM = {"text": "taken", "value": "taken", "field": "subject", "kind": "note", "what": "done", "minutes": "1"}
BODIES: dict[str, dict[str, Any]] = {
    "<number>": {"subject": "taken"},
    "assign": {"assignee": "me"},
    "escalate": {"level": 2, "summary": "taken"},
    "return": {"summary": "taken"},
    "merge": {"into": "T200015"},
    "split": {"messages": [1]},
    "undo": {"operation": 1},
    "snooze": {"until": "2099-01-01T00:00:00Z"},
    "messages": {"kind": "note", "body_text": "taken"},
}
# What stands in an address where no object is meant.
WORDS = {"kind": "replies"}
# As whom one asks: an agent of another team, a customer, and an agent of that other team who may but read.
ASKING = ["api", "desk", "portal", "api reader", "desk reader"]
METHODS = {"api": ("get", "post", "patch"), "desk": ("get", "post"), "portal": ("get", "post")}
CSRF_TOKEN = re.compile(rb"[A-Za-z0-9]{64}")


@dataclass(frozen=True)
class Route:
    """One address of the URL table."""

    name: str
    template: str

    @property
    def parameters(self) -> list[str]:
        """Names of its parameters, in order."""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.template)

    def what(self, parameter: str) -> str | None:
        """The kind of object that the parameter names."""
        if self.name.startswith("desk:message-") and parameter == "pk":
            return "message"
        for key in (f"{self.name} {parameter}", parameter):
            if key in WHAT:
                return WHAT[key]
        raise AssertionError(f"say in WHAT what <{parameter}> of {self.name} ({self.template}) names")

    def url(self, values: dict[str, Any]) -> str:
        """The address with these values."""
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), self.template)


def routes(patterns: list[Any] | None = None, before: str = "", space: str = "") -> Iterator[Route]:
    """Every address of the product."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, before + str(pattern.pattern), space + inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield Route(f"{space}{pattern.name}", before + str(pattern.pattern))


@dataclass
class Stage:
    """Carol's ticket, which is not for piotr and dave; and one of their own."""

    cast: Cast
    theirs: dict[str, Any]
    own: dict[str, Any]
    unknown: dict[str, Any]
    browsers: dict[str, Client]
    link: str

    def ask(self, face: str, route: Route, method: str, values: dict[str, Any]) -> tuple[int, bytes, int]:
        """Status, body without what names the object asked for, and number of queries."""
        client = self.browsers[face]
        more: dict[str, Any] = {}
        if method != "get":
            body = BODIES.get(route.template.rpartition("/")[2], {})
            is_api = face.startswith("api")
            more = {"data": body, "content_type": "application/json"} if is_api else {"data": FORM}
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(client, method)(route.url(values), **more)
        content = b"" if answer.streaming else answer.content
        for named in (route.url(values), quote(route.url(values), safe=""), *values.values()):
            if len(str(named)) > 4:
                content = content.replace(str(named).encode(), b"ID")
        return answer.status_code, CSRF_TOKEN.sub(b"", content), len(queries)


def objects_of(ticket: Ticket) -> dict[str, Any]:
    """One object of each kind on the ticket, as an address names it."""
    message = ticket.messages.order_by("id")[0]
    with transaction.atomic():
        moved = record("message.moved", stream=ticket, by=TEST, changes={"message": message.pk, "to": ticket.number})
        operation = operations.start("merge", agent=ticket.assignee or Agent.objects.order_by("pk")[0])
        operations.add_step(operation, moved)
    shared = {"name": MARKER, "team": ticket.team, "texts": {"en": MARKER}}
    at = ticket.created_at
    rota = Rota.objects.get_or_create(name=MARKER, keeper=Agent.objects.order_by("pk")[0])[0]
    return {
        "alert": Alert.objects.create(ticket=ticket, rota=rota, at=at, next_at=at).pk,
        "saved_reply": create_saved_reply(set=shared, by=TEST).pk,
        "macro": create_macro(set=shared, by=TEST).pk,
        "event": moved.pk,
        "operation": operation.pk,
        "ticket": ticket.number,
        "message": message.pk,
        "attachment": message.attachments.get().pk,
        "participant": ticket.participants.order_by("-id")[0].pk,
        "side": SideThread.objects.get(thread__ticket=ticket).pk,
        "step": ticket.checklist.get().pk,
        "time": ticket.times.get().pk,
        "draft": ticket.drafts.get().pk,
        "bulk": BulkChange.objects.latest("pk").pk,
    }


def a_ticket(cast: Cast, **more: Any) -> dict[str, Any]:
    """A ticket with everything that can lie on one."""
    file = prepare_file([MARKER.encode()], filename=f"{MARKER}.txt")
    ticket = cast.ticket(f"{MARKER} {uuid4()}", f"about {MARKER}", files=[file], **more)
    add_note(ticket, by=TEST, agent=cast.ada, content=Content(f"{MARKER} inside"))
    add_received(ticket, by=TEST, contact=None, content=Content(MARKER), channel="mail", trust="claimed", is_held=True)
    add_items(ticket, [f"{MARKER} step"], by=TEST)
    add_time(ticket, agent=cast.ada, minutes=5, note=MARKER, by=TEST)
    partner = find_or_create_contact(mail="max@parts.example", by=TEST)
    open_side(ticket, by=TEST, agent=cast.ada, people=[partner], subject=MARKER, content=Content(MARKER))
    draft = save_draft(ticket, agent=cast.ada, kind="note", writing=Writing(MARKER))
    ask_review(draft, by=TEST, team=ticket.team)
    started = operations.start("bulk", agent=cast.ada)
    started.save()
    BulkChange.objects.create(operation=started, agent=cast.ada, wanted={}, created_at=draft.updated_at)
    return objects_of(ticket)


@pytest.fixture
def stage(db: None) -> Stage:
    requests_of_tokens.forget()
    cast = make_cast()
    theirs = a_ticket(cast)
    own = a_ticket(cast, requester=cast.dave, team=cast.orders)
    Ticket.objects.filter(number=own["ticket"]).update(subject="own")
    unknown = dict.fromkeys(theirs, 987654) | {"ticket": make_number("T", 987654), "attachment": uuid4()}
    user = User.objects.create(email="dave@harrowmere.example", name="Dave")
    cast.dave.user = user
    cast.dave.save()
    portal = Client(raise_request_exception=False)
    portal.force_login(user)
    reads = Role.objects.create(key="reader", name="Reader", rights={"see": True})
    reader = Agent.objects.create(user=User.objects.create(email="lea@lindhafen.example", name="Lea"), role=reads)
    reader.teams.add(cast.orders)
    api, api_reader = (
        Client(raise_request_exception=False, headers={"Authorization": f"Bearer {cast.token(agent)}"})
        for agent in (cast.piotr, reader)
    )
    link = mint_link(Ticket.objects.get(number=own["ticket"]), cast.dave, by_mail=True)
    browsers = {"api": api, "desk": cast.browser(cast.piotr), "portal": portal}
    browsers |= {"api reader": api_reader, "desk reader": cast.browser(reader)}
    return Stage(cast, theirs, own, unknown, browsers, link)


def cases(route: Route, stage: Stage) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs of values: one with a foreign object, one with none there; also a foreign object under one's own ticket."""
    kinds = {parameter: route.what(parameter) for parameter in route.parameters}
    named = {parameter: kind for parameter, kind in kinds.items() if kind}
    rest = {p: stage.link if p == "token" else WORDS.get(p, "subject") for p, kind in kinds.items() if kind is None}
    if not named:
        return
    foreign = {parameter: stage.theirs[kind] for parameter, kind in named.items()}
    unknown = {parameter: stage.unknown[kind] for parameter, kind in named.items()}
    yield {**rest, **foreign}, {**rest, **unknown}
    if len(named) > 1:
        own = {parameter: stage.own[kind] for parameter, kind in named.items() if kind == "ticket"}
        yield {**rest, **foreign, **own}, {**rest, **unknown, **own}


def test_s08_every_parameter_of_every_address_is_known() -> None:
    for route in routes():
        if route.name.partition(":")[0] in METHODS:
            for parameter in route.parameters:
                route.what(parameter)


@pytest.mark.parametrize("face", ASKING)
def test_s08_what_is_not_yours_answers_like_what_is_not_there(stage: Stage, face: str) -> None:
    asked = 0
    for route in routes():
        if not route.name.startswith(f"{face.partition(' ')[0]}:"):
            continue
        for foreign, unknown in cases(route, stage):
            for method in METHODS[face.partition(" ")[0]]:
                where = (method, route.url(foreign))
                stage.ask(face, route, method, unknown)  # so that nothing is done for the first time below
                status, body, queries = stage.ask(face, route, method, foreign)
                expected = stage.ask(face, route, method, unknown)
                assert (status, body) == expected[:2], where
                assert queries == expected[2], where
                # Under one's own ticket, what is not there may be as good as gone already.
                gone = {302} if stage.own["ticket"] in foreign.values() and method == "post" else set()
                # Who may but read is told so of what he sees, whatever else is named.
                gone |= {403} if stage.own["ticket"] in foreign.values() and "reader" in face else set()
                assert status in {404, 405} | gone, (where, status, body[:500])
                assert MARKER.encode() not in body, where
                asked += 1
    assert asked > 5
    ticket = Ticket.objects.get(number=stage.theirs["ticket"])
    assert (ticket.assignee, ticket.messages.count(), ticket.subject[: len(MARKER)]) == (None, 4, MARKER)
    assert ticket.participants.count() == 1


@pytest.mark.parametrize("face", sorted(METHODS))
def test_s08_no_list_and_no_search_shows_what_is_not_yours(stage: Stage, face: str) -> None:
    number = stage.theirs["ticket"]
    ticket = Ticket.objects.get(number=number)
    told = (f"tickets/{number}/", f'"number":"{number}"', ticket.subject, str(stage.theirs["attachment"]))
    seen = 0
    for route in routes():
        if not route.name.startswith(f"{face}:") or any(route.what(p) for p in route.parameters):
            continue
        values = {"token": stage.link, "slug": "netz", "name": "subject"}
        values |= {
            p: stage.cast.carol.pk if "contact" in route.name else 1 for p in route.parameters if p not in values
        }
        for query in ("", f"?q={number}", f"?query={number}", "?query=status:new", f"?q={MARKER}"):
            answer = stage.browsers[face].get(route.url(values) + query)
            if answer.status_code == 200 and not answer.streaming:
                content = answer.content.decode(errors="replace")
                assert not [word for word in told if word in content], route.url(values) + query
                seen += 1
    assert seen > 3


@pytest.mark.parametrize("who", ["nobody", "dave", "anna"])
def test_s08_settings_are_there_for_administrators_only(stage: Stage, who: str) -> None:
    client = {"nobody": Client(), "dave": stage.browsers["portal"], "anna": stage.cast.browser(stage.cast.anna)}[who]
    ids = {"agent_id": stage.cast.ada.pk, "team_id": stage.cast.netz.pk, "brand_id": stage.cast.brand.pk}
    # Every agent has texts of his own there; those of another team are not.
    ids |= {"text_id": stage.own["saved_reply"], "macro_id": stage.own["macro"]}
    asked = 0
    for route in routes():
        if not route.name.startswith("setup:"):
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(route.url({p: ids.get(p, 1) for p in route.parameters}))
            status = answer.status_code
            if route.name == "setup:overview" and who == "anna":
                assert status in {302, 405} and answer.headers.get("Location", "/me/") == "/me/"
                continue
            if route.name == "setup:own-attendance" and who == "anna":  # leads to her own page and to no other
                own = f"/settings/attendance/{stage.cast.anna.pk}/"
                assert status in {302, 405} and answer.headers.get("Location", own) == own
                continue
            if route.name == "setup:own-on-call" and who == "anna":  # of rotas in which she takes turns, and no other
                assert status in {200, 405} and MARKER not in answer.content.decode()
                continue
            if route.name.startswith(("setup:saved-repl", "setup:macro")) and who == "anna" and not route.parameters:
                assert status in {200, 405, 422}
                continue
            assert status in ({302, 404, 405} if who == "nobody" else {404, 405}), (method, route.template, status)
            asked += 1
    assert asked > 20
    stage.cast.ada.user.refresh_from_db()
    assert stage.cast.ada.user.is_active
