"""What colleagues have begun on a ticket goes along with it into another, and home again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import TEST, Cast
from tests.undo.conftest import now, undo
from tests.undo.test_merging import merge, write
from tests.undo.test_splitting import split
from tresen.core.people.models import Agent
from tresen.core.teamwork.checklist import add_items, tick_item
from tresen.core.teamwork.times import add_time, change_time
from tresen.core.tickets import operations
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.drafts import StaleDraft, Writing, keep_file, save_draft
from tresen.core.tickets.models import Draft, Message, Participant, Status, Ticket
from tresen.core.tickets.numbers import show_number
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.planning import plan_reply
from tresen.core.tickets.reviews import ask_review, comment_on
from tresen.core.tickets.rows import StaleTicket
from tresen.core.tickets.services import add_note, update_ticket
from tresen.core.tickets.undoing import Left
from tresen.faces.desk.operations.reading import undone_words
from tresen.kit import clock
from tresen.spine.events.actors import Actor


def draft(ticket: Ticket, agent: Agent, text: str, kind: str = "reply") -> Draft:
    return save_draft(ticket, agent=agent, kind=kind, writing=Writing(text))


def drafts(ticket: Ticket) -> list[tuple[str, str]]:
    rows = ticket.drafts.order_by("pk")
    return [(row.kind, row.text) for row in rows if row.text or row.files.exists()]


def test_steps_and_times_go_along_and_home_and_a_signpost_takes_no_more(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    [open_step, _done] = add_items(source, ["Order the part", "Ring back"], by=TEST)
    add_items(target, ["Look"], by=TEST)
    entry = add_time(source, agent=cast.anna, minutes=20, by=TEST)
    operation = merge(cast, source, target)
    assert [step.text for step in target.checklist.all()] == ["Look", "Order the part", "Ring back"]
    assert target.times.get() == entry and not source.checklist.exists()
    open_step.refresh_from_db()
    tick_item(open_step, done=True, agent=cast.anna, by=TEST)
    for act in (
        lambda: add_items(source, ["More"], by=TEST),
        lambda: add_time(source, agent=cast.anna, minutes=1, by=TEST),
    ):
        with pytest.raises(StaleTicket):
            act()
    undo(operation)
    assert [(step.text, bool(step.done_at)) for step in source.checklist.all()] == [
        ("Order the part", True), ("Ring back", False)]  # fmt: skip
    assert [step.text for step in target.checklist.all()] == ["Look"] and source.times.get() == entry
    entry.refresh_from_db()
    change_time(entry, minutes=30, note="", by=TEST)


def test_drafts_go_along_and_home_with_their_files(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    draft(source, cast.anna, "Half a reply")
    keep_file(source, agent=cast.anna, kind="note", file=prepare_file([b"a"], filename="a.txt"))
    draft(target, cast.anna, "", "note")
    operation = merge(cast, source, target)
    assert drafts(source) == [] and sorted(drafts(target)) == [("note", ""), ("reply", "Half a reply")]
    undo(operation)
    assert drafts(target) == [] and sorted(drafts(source)) == [("note", ""), ("reply", "Half a reply")]


def test_what_its_writer_has_there_already_stays_above_it(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    for ticket, text in ((source, "Second half"), (target, "First half")):
        ask_review(draft(ticket, cast.anna, text), by=TEST, agent=cast.ada)
    comment_on(source.drafts.get(), text="Good.", agent=cast.ada, by=TEST)
    keep_file(source, agent=cast.anna, kind="reply", file=prepare_file([b"a"], filename="a.txt"))
    merge(cast, source, target)
    assert drafts(source) == [] and drafts(target) == [("reply", "First half\n\nSecond half")]
    kept = target.drafts.get()
    assert kept.reviewer == cast.ada and kept.comments.get().text == "Good." and kept.files.get().filename == "a.txt"


@pytest.mark.parametrize("shown", ["source", "target"])
def test_what_nobody_was_shown_is_not_shown_by_what_it_is_joined_with(cast: Cast, shown: str) -> None:
    source, target = cast.ticket(), cast.ticket()
    rows = {"source": draft(source, cast.anna, "From here"), "target": draft(target, cast.anna, "From there")}
    ask_review(rows[shown], by=TEST, agent=cast.ada)
    merge(cast, source, target)
    assert target.drafts.get().asked_at is None and not Draft.objects.shared().exists()


def test_both_pages_that_are_open_are_told_before_they_write_over_the_other(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    for turn in range(3):
        here = save_draft(source, agent=cast.anna, kind="reply", writing=Writing(f"Here {turn}", writer="s", turn=turn))
    there = save_draft(target, agent=cast.anna, kind="reply", writing=Writing("There", version=1, writer="t", turn=1))
    assert there.version < here.version
    merge(cast, source, target)
    for page, version in (("s", here.version), ("t", there.version)):
        over = Writing("Over it", version=version, writer=page, turn=9)
        with pytest.raises(StaleDraft):
            save_draft(target, agent=cast.anna, kind="reply", writing=over)


def test_what_would_be_too_much_together_stays_on_its_own_ticket(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    for ticket, files in ((source, 4), (target, 7)):
        for n in range(files):
            keep_file(ticket, agent=cast.anna, kind="reply", file=prepare_file([b"a"], filename=f"{n}.txt"))
    merge(cast, source, target)
    assert (source.drafts.get().files.count(), target.drafts.get().files.count()) == (4, 7)


def test_a_ticket_that_was_split_off_brings_it_all_back(cast: Cast) -> None:
    ticket = cast.ticket(text="VPN")
    new, operation = split(cast, ticket, [write(ticket, "Printer")])
    draft(new, cast.anna, "Half a reply")
    add_items(new, ["Toner"], by=TEST)
    add_time(new, agent=cast.anna, minutes=5, by=TEST)
    undo(operation)
    assert (drafts(ticket), drafts(new)) == ([("reply", "Half a reply")], [])
    assert [step.text for step in ticket.checklist.all()] == ["Toner"] and ticket.times.get().minutes == 5


def test_who_does_not_see_the_other_ticket_keeps_his_words_where_they_are(cast: Cast) -> None:
    source, target = cast.ticket(team=None), cast.ticket()
    draft(source, cast.piotr, "Mine")
    merge(cast, source, target)
    assert drafts(source) == [("reply", "Mine")] and drafts(target) == []


def test_a_page_that_is_open_writes_on_where_its_draft_went(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    anna = cast.browser(cast.anna)
    to = {"to": "carol@faehrholm.example", "seen": "99999"}
    page: dict[str, Any] = {"keep": "reply", "kind": "reply", "once": "page-1"}
    at = f"/desk/tickets/{source.number}"
    assert anna.post(f"{at}/draft/", {**page, "turn": 1, "reply_text": "Half"}).status_code == 200
    merge(cast, source, target)
    assert anna.post(f"{at}/draft/", {**page, "turn": 2, "reply_text": "Half a reply"}).status_code == 200
    assert drafts(target) == [("reply", "Half a reply")] and drafts(source) == []
    sent = anna.post(f"{at}/write/", {**page, "turn": 3, "reply_text": "Half a reply", **to})
    assert sent.status_code == 409 and not Message.objects.filter(text="Half a reply").exists()
    anna.post(f"{at}/write/", {**page, "turn": 3, "note_text": "A note", "then": "keep"})
    assert sorted(drafts(target)) == [("note", "A note"), ("reply", "Half a reply")] and drafts(source) == []


def planned(cast: Cast, ticket: Ticket) -> Operation:
    operation = operations.start("macro", agent=cast.anna)
    plan_reply(
        ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=Content("Which one?"), operation=operation,
        leaves_at=clock.now() + timedelta(seconds=10), set={"status": Status.objects.get(slug="waiting")},
    )  # fmt: skip
    add_note(ticket, by=TEST, agent=cast.anna, content=Content("For us"), operation=operation)
    return operation


def test_the_undo_of_a_macro_takes_its_reply_back_from_where_it_went(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    operation = planned(cast, source)
    merge(cast, source, target)
    update_ticket(target, by=TEST, set={"status": Status.objects.get(slug="waiting")})
    undone = undo(operation)
    assert drafts(target) == [("reply", "Which one?")] and not Message.objects.filter(delivery="planned").exists()
    assert now(target).status.slug == "waiting", "what changed with it changed on the other ticket"
    assert Left(source.number, "note", "moved") in undone.left
    assert f"{show_number(target.number)}: the text is in your draft there." in undone_words(undone)


def test_an_undo_names_the_reply_it_may_not_take_back_from_there(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    operation = planned(cast, source)
    merge(cast, source, target)
    Ticket.objects.filter(pk=target.pk).update(team=cast.orders)
    Participant.objects.filter(ticket=target).exclude(agent=None).delete()
    assert Left(source.number, "reply", "moved") in undo(operation).left
    assert Message.objects.get(text="Which one?").delivery == "planned"


def test_a_reply_that_was_stopped_has_not_left(cast: Cast) -> None:
    ticket = cast.ticket()
    operation = planned(cast, ticket)
    Message.objects.filter(text="Which one?").update(delivery="stopped")
    undone = undo(operation)
    assert undone.left == [] and drafts(ticket) == [("reply", "Which one?"), ("note", "For us")]
