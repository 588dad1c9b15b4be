"""S9: a marker in an internal note, a draft, or whatever else colleagues note on a ticket appears in no byte that a
customer can reach, nor in a call to another system: pages, frames, files, mail, webhooks (P4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.cast import PASSWORD, TEST, Cast, make_cast
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.people.models import User
from tresen.core.people.services import find_or_create_contact, verify_mail
from tresen.core.teamwork.checklist import add_items
from tresen.core.teamwork.snoozing import snooze
from tresen.core.teamwork.templates import CHECKLIST, create_template
from tresen.core.teamwork.times import add_time
from tresen.core.tickets import services
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.custom_fields import create_field
from tresen.core.tickets.drafts import Writing, keep_file, save_draft
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import Attachment, Ticket
from tresen.core.tickets.reviews import ask_review, comment_on
from tresen.core.tickets.sides import open_side, receive_side
from tresen.core.tickets.tagging import tags_named
from tresen.kit import clock
from tresen.kit.html import SANITISER_VERSION
from tresen.service.webhooks.kinds import KINDS
from tresen.service.webhooks.models import Delivery
from tresen.service.webhooks.services import create_endpoint
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

MARKER = "xq7marker"


class Links(HTMLParser):
    """Every address that a page leads to or loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in {"href", "src"} and value and value.startswith("/")}


@pytest.fixture
def ticket(db: None) -> Ticket:
    """A ticket of carol's with everything inside it marked."""
    cast = make_cast()
    Mailbox.objects.update(acknowledges=True)
    verify_mail(cast.carol, by=Actor.agent(cast.anna))
    ticket = cast.ticket(copies=[cast.dave])
    anna = Actor.agent(cast.anna)
    noted = Content(f"{MARKER} note", html=f"<p>{MARKER}</p>", html_version=SANITISER_VERSION)
    secret = prepare_file([MARKER.encode()], filename=f"{MARKER}.txt")
    services.add_note(ticket, by=anna, agent=cast.anna, content=noted, files=[secret])
    for more in ({"is_held": True}, {"is_automatic": True}):
        services.add_received(
            ticket, by=anna, contact=cast.dave, content=Content(f"{MARKER} mail"), channel="mail", trust="claimed",
            files=[prepare_file([MARKER.encode()], filename=f"{MARKER}.png")], author_name=MARKER, **more,
        )  # fmt: skip
    partner = find_or_create_contact(mail="max@parts.example", name=f"{MARKER} Max", by=anna)
    side = open_side(ticket, by=anna, agent=cast.anna, people=[partner], subject="Router", content=Content("In stock?"))
    receive_side(
        side, by=anna, contact=partner, content=Content(f"{MARKER} said beside"), trust="claimed",
        files=[prepare_file([MARKER.encode()], filename=f"{MARKER}.jpg")],
    )  # fmt: skip
    services.add_reply(ticket, by=anna, agent=cast.anna, content=Content("An answer for everybody."))
    for name, kind in (("Cost centre", "text"), ("Story", "long_text")):
        create_field(names={"en": f"{MARKER} {name}"}, kind=kind, by=anna)
    create_field(names={"en": "Site"}, kind="text", for_customers=True, by=anna)
    own = {f"{MARKER}-cost-centre": f"{MARKER} 7", f"{MARKER}-story": f"{MARKER}\nlong", "site": "Berlin"}
    services.update_ticket(ticket, by=anna, set={"fields": own})
    _draft(ticket, cast)
    _worked_on(ticket, cast)
    return Ticket.objects.get(pk=ticket.pk)


def _worked_on(ticket: Ticket, cast: Cast) -> None:
    """What colleagues note beside messages: steps, times, why it sleeps, its tags, who the customer is."""
    anna = Actor.agent(cast.anna)
    template = create_template(name=f"{MARKER} list", steps=[f"{MARKER} kept step"], by=anna)
    CHECKLIST.put_by(ticket, template, by=anna)
    add_items(ticket, [f"{MARKER} step"], by=anna)
    add_time(ticket, agent=cast.anna, minutes=5, note=f"{MARKER} time", by=anna)
    services.update_ticket(ticket, by=anna, set={"tags": tags_named([f"{MARKER} tag"], by=anna)})
    snooze(ticket, agent=cast.anna, until=clock.now() + timedelta(days=1), reason=f"{MARKER} asleep", by=anna)
    cast.carol.notes = f"{MARKER} stays"
    cast.carol.save()


def _draft(ticket: Ticket, cast: Cast) -> None:
    """A draft with a file, that a colleague is asked to look at and has said something about."""
    cast.piotr.teams.add(cast.netz)
    writing = Writing(f"{MARKER} draft", details={"add_cc": f"{MARKER}@faehrholm.example"})
    draft = save_draft(ticket, agent=cast.anna, kind="reply", writing=writing)
    keep_file(ticket, agent=cast.anna, kind="reply", file=prepare_file([MARKER.encode()], filename=f"{MARKER}.txt"))
    ask_review(draft, by=Actor.agent(cast.anna), agent=cast.piotr, question=f"{MARKER} question")
    comment_on(draft, by=Actor.agent(cast.piotr), agent=cast.piotr, text=f"{MARKER} comment")
    save_draft(ticket, agent=cast.anna, kind="note", writing=Writing(f"{MARKER} note in the making"))


def everything(client: Client, start: list[str]) -> Iterator[tuple[str, bytes]]:
    """All that can be reached from some pages, as their bytes."""
    waiting, seen = list(start), set()
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(("/static/", "/sign-out/")):
            continue
        seen.add(path)
        answer = client.get(path, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield path, body
        if "html" in answer["Content-Type"]:
            waiting += Links(body.decode()).found
    assert len(seen) > 5


def test_s09_a_personal_link_leads_to_no_marked_byte(ticket: Ticket) -> None:
    waiting = [f"/desk/attachments/{f.pk}/" for f in Attachment.objects.filter(message=None)]
    for contact in (ticket.requester, ticket.participants.get(role="cc").contact):
        here = f"/t/{mint_link(ticket, contact, by_mail=True)}/"
        inside = [f"{here}messages/{m.pk}/frame/" for m in ticket.messages.all()]
        inside += [f"{here}files/{f.pk}/" for m in ticket.messages.all() for f in m.attachments.all()]
        for path, body in everything(Client(), [here, f"{here}?all", *inside, *waiting]):
            assert MARKER.encode() not in body, path


def test_s09_an_account_leads_to_no_marked_byte(ticket: Ticket) -> None:
    user = User(email="carol@faehrholm.example", name="Carol")
    user.set_password(PASSWORD)
    user.save()
    ticket.requester.user = user
    ticket.requester.save()
    client = Client()
    client.force_login(user)
    here = f"/requests/{ticket.number}/"
    inside = [f"{here}messages/{m.pk}/frame/" for m in ticket.messages.all()]
    inside += [f"{here}files/{f.pk}/" for m in ticket.messages.all() for f in m.attachments.all()]
    waiting = list(Attachment.objects.filter(message=None))
    assert waiting
    inside += [f"{place}{f.pk}/" for f in waiting for place in (f"{here}files/", "/desk/attachments/")]
    searches = [f"/requests/?before={MARKER}", f"/desk/search/?q={MARKER}", f"/desk/tickets/{ticket.number}/"]
    for path, body in everything(client, [here, f"{here}?all", "/", "/requests/", *inside]):
        assert MARKER.encode() not in body, path
    for path in searches:
        shown = client.get(path).content.decode()
        assert MARKER not in re.sub(rf"before={MARKER}|q={MARKER}", "", shown), path


def test_s09_no_call_to_another_system_holds_a_marked_byte(db: None) -> None:
    cast = make_cast()
    create_endpoint(set={"name": "Wall", "url": "https://wall.example/hook", "kinds": list(KINDS)}, by=TEST)
    ticket, anna = cast.ticket(), Actor.agent(cast.anna)
    services.add_note(ticket, by=anna, agent=cast.anna, content=Content(f"{MARKER} note"))
    services.update_ticket(ticket, by=anna, set={"tags": tags_named([f"{MARKER} tag"], by=anna), "priority": 4})
    services.add_reply(ticket, by=anna, agent=cast.anna, content=Content(f"{MARKER} reply"))
    _draft(ticket, cast)
    _worked_on(ticket, cast)
    bodies = list(Delivery.objects.values_list("body", flat=True))
    assert len(bodies) >= 3 and not [body for body in bodies if MARKER in body]


def test_s09_no_mail_to_customers_holds_a_marked_byte(ticket: Ticket) -> None:
    Client().post("/requests/link/", {"email": "carol@faehrholm.example"})
    drain()
    sent = [path.read_bytes() for path in (outgoing_folder() / "new").iterdir()]
    mine = [raw for raw in sent if b"faehrholm.example" in raw]
    assert len(mine) >= 2
    assert not any(MARKER.encode() in raw for raw in mine)
