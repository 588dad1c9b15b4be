"""Drafts that a colleague looks at before they leave: asked for, commented, changed, sent or given back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import HTMX, tree, value, words
from tresen.core.people.models import Agent, User
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Attachment, Draft, Message, Ticket
from tresen.spine.events.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Of team Netz, to which anna and piotr belong; mira belongs to it, too, and is asked nothing."""
    cast.piotr.teams.add(cast.netz)
    mira = Agent.objects.create(user=User.objects.create(email="mira@lindhafen.example", name="Mira"))
    mira.teams.add(cast.netz)
    return cast.ticket()


@pytest.fixture
def piotr(cast: Cast) -> Client:
    return cast.browser(cast.piotr)


def mira() -> Client:
    client = Client()
    client.force_login(User.objects.get(name="Mira"))
    return client


def save(client: Client, ticket: Ticket, text: str, **more: Any) -> Any:
    sent = {"keep": "reply", "kind": "reply", "reply_text": text, "once": "anna-1", "turn": 1, **more}
    return client.post(f"/desk/tickets/{ticket.number}/draft/", sent, headers=HTMX)


def ask(client: Client, ticket: Ticket, whom: object, question: str = "Is this right?") -> Any:
    sent = {"kind": "reply", "whom": whom, "question": question}
    return client.post(f"/desk/tickets/{ticket.number}/draft/review/", sent, headers=HTMX)


def test_a_colleague_is_asked_sees_the_draft_and_says_something(
    cast: Cast, anna: Client, piotr: Client, ticket: Ticket
) -> None:
    save(anna, ticket, "Dear Carol, it is the gateway.")
    file = {"kind": "reply", "files": SimpleUploadedFile("log.txt", b"12:00")}
    anna.post(f"/desk/tickets/{ticket.number}/draft/files/", file, headers=HTMX)
    form = tree(anna.get(f"/desk/tickets/{ticket.number}/draft/review/?kind=reply", headers=HTMX))
    offered = [option.attributes["value"] for option in form.css("option")]
    assert offered[0] == f"team:{cast.netz.pk}" and f"agent:{cast.piotr.pk}" in offered
    assert f"agent:{cast.anna.pk}" not in offered
    assert ask(anna, ticket, f"agent:{cast.piotr.pk}").status_code == 200
    entry = tree(piotr.get(f"/desk/tickets/{ticket.number}/")).css_first("#shared-drafts .draft")
    for said in ("Draft of a reply", "Anna Kowalczyk", "not sent, Piotr Wieczorek", "the gateway", "Is this right?"):
        assert said in words(entry)
    assert piotr.get(f"/desk/attachments/{Attachment.objects.get().pk}/").status_code in {200, 302}
    draft = Draft.objects.get()
    said = piotr.post(f"/desk/drafts/{draft.pk}/comment/", {"text": "Say when."}, headers=HTMX)
    assert "Say when." in words(tree(said).css_first("#shared-drafts"))
    assert [e.kind for e in Event.objects.filter(kind__startswith="draft.").order_by("pk")] == [
        "draft.review_asked",
        "draft.commented",
    ]
    assert not any("gateway" in str(e.changes) or "Say when" in str(e.changes) for e in Event.objects.all())


def test_who_was_asked_changes_it_and_the_writer_is_told(
    cast: Cast, anna: Client, piotr: Client, ticket: Ticket
) -> None:
    version = save(anna, ticket, "It is the gateway.").json()["version"]
    ask(anna, ticket, f"agent:{cast.piotr.pk}")
    draft = Draft.objects.get()
    shown = tree(piotr.get(f"/desk/tickets/{ticket.number}/?draft={draft.pk}")).css_first("#composer")
    assert "You are working on the draft of Anna Kowalczyk" in words(shown)
    assert shown.css_first("#reply-text").text() == "It is the gateway."
    page = {name: value(shown, f"[name={name}]") for name in ("draft", "once", "reply_version", "seen", "seen_event")}
    assert save(piotr, ticket, "It is the gateway in Bremen.", **page).status_code == 200
    assert Draft.objects.get().text == "It is the gateway in Bremen."
    told = save(anna, ticket, "It is the gateway, sorry.", reply_version=version, turn=2)
    assert told.status_code == 409 and "Piotr Wieczorek has changed this draft meanwhile." in told.json()["html"]


def test_who_was_asked_sends_it_in_his_name_with_its_files(
    cast: Cast, anna: Client, piotr: Client, ticket: Ticket
) -> None:
    save(anna, ticket, "It is the gateway.")
    file = {"kind": "reply", "files": SimpleUploadedFile("log.txt", b"12:00")}
    anna.post(f"/desk/tickets/{ticket.number}/draft/files/", file, headers=HTMX)
    ask(anna, ticket, f"team:{cast.netz.pk}")
    draft = Draft.objects.get()
    shown = tree(piotr.get(f"/desk/tickets/{ticket.number}/?draft={draft.pk}")).css_first("#composer")
    names = ("draft", "once", "reply_version", "seen", "seen_event", "upload")
    page = {name: value(shown, f"[name={name}]") for name in names}
    sent = {
        "kind": "reply",
        "reply_text": "It is the gateway!",
        "to": "carol@faehrholm.example",
        "then": "send",
        **page,
    }
    assert piotr.post(f"/desk/tickets/{ticket.number}/write/", sent, headers=HTMX).status_code == 200
    reply = Message.objects.get(kind="reply")
    assert (reply.agent, reply.text) == (cast.piotr, "It is the gateway!")
    assert reply.attachments.get().filename == "log.txt"
    after = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    assert after.css_first("#reply-text").text() == "" and not after.css("#shared-drafts .draft")
    # A page in which it was still open sends it no second time.
    again = piotr.post(f"/desk/tickets/{ticket.number}/write/", {**sent, "once": "x", "anyway": "send"}, headers=HTMX)
    assert again.status_code == 409 and Message.objects.filter(kind="reply").count() == 1


def test_given_back_it_is_its_writers_alone_with_what_was_said(
    cast: Cast, anna: Client, piotr: Client, ticket: Ticket
) -> None:
    save(anna, ticket, "It is the gateway.")
    ask(anna, ticket, f"agent:{cast.piotr.pk}")
    draft = Draft.objects.get()
    assert piotr.post(f"/desk/drafts/{draft.pk}/give-back/", {"text": "Fine."}, headers=HTMX).status_code == 200
    assert not Draft.objects.visible_to(Principal.of_agent(cast.piotr)).exists()
    assert Draft.objects.get().comments.last().text == "Fine."
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    assert page.css_first("#reply-text").text() == "It is the gateway."
    assert "Fine." in words(page.css_first("#composer .news"))
    assert save(piotr, ticket, "Mine now", draft=draft.pk, once="late", turn=5).status_code == 422
    assert Draft.objects.get(agent=cast.anna).text == "It is the gateway."


def test_who_was_not_asked_sees_it_and_can_do_nothing_with_it(cast: Cast, anna: Client, ticket: Ticket) -> None:
    save(anna, ticket, "It is the gateway.")
    file = {"kind": "reply", "files": SimpleUploadedFile("log.txt", b"12:00")}
    anna.post(f"/desk/tickets/{ticket.number}/draft/files/", file, headers=HTMX)
    ask(anna, ticket, f"agent:{cast.piotr.pk}")
    draft, upload = Draft.objects.get(), Attachment.objects.get()
    client = mira()
    entry = tree(client.get(f"/desk/tickets/{ticket.number}/")).css_first("#shared-drafts .draft")
    assert "the gateway" in words(entry) and entry.css_first("form") is None
    for path in (f"/desk/drafts/{draft.pk}/comment/", f"/desk/drafts/{draft.pk}/give-back/"):
        assert client.post(path, {"text": "x"}, headers=HTMX).status_code in {403, 404}
    assert client.post(f"/desk/uploads/{upload.pk}/remove/", headers=HTMX).status_code == 404
    assert save(client, ticket, "Mine", draft=draft.pk).status_code == 422
    sent = {
        "kind": "reply",
        "reply_text": "Hi",
        "to": "carol@faehrholm.example",
        "upload": str(upload.pk),
        "seen": 10**9,
    }
    client.post(f"/desk/tickets/{ticket.number}/write/", {**sent, "seen": 10**9})
    assert Message.objects.get(kind="reply").attachments.count() == 0
    assert Draft.objects.get(agent=cast.anna).text == "It is the gateway."


@pytest.mark.parametrize("whom", ["agent:ada?", "agent:0", "team:0", "", "anna", "agent:²"])
def test_nobody_is_asked_who_does_not_see_the_ticket(cast: Cast, anna: Client, ticket: Ticket, whom: str) -> None:
    cast.piotr.teams.set([cast.orders])
    save(anna, ticket, "It is the gateway.")
    for one in (whom, f"agent:{cast.piotr.pk}", f"agent:{cast.anna.pk}", f"team:{cast.orders.pk}"):
        assert ask(anna, ticket, one).status_code == 422
    assert not Draft.objects.shared().exists()


def test_without_a_text_there_is_nothing_to_review(cast: Cast, anna: Client, ticket: Ticket) -> None:
    answer = ask(anna, ticket, f"agent:{cast.piotr.pk}")
    assert answer.status_code == 422 and "Write something first." in answer.content.decode()
