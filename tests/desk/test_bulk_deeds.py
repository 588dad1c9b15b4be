"""A macro on many tickets, and many that become one: seen before, done by a job, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tests.desk.test_bulk import finish, previewed
from tresen.core.people.principals import Principal
from tresen.core.tickets import operations, undoing
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.services import add_note, add_participant, update_ticket
from tresen.core.tickets.structure_models import Merge
from tresen.service.bulk.models import BulkChange
from tresen.service.texts.models import Macro
from tresen.service.texts.services import create_macro
from tresen.spine.jobs.worker import drain


def ask(client: Client, path: str, tickets: list[Ticket], code: int = 200, **more: Any) -> Any:
    """Sends the form; the parsed page, or the answer where it leads elsewhere."""
    sent = {"ticket": [t.number for t in tickets], "from": "view=all", **more}
    answer = client.post(f"/desk/bulk/{path}/", sent)
    assert answer.status_code == code, answer.content.decode()[:3000]
    return tree(answer) if code != 302 else answer


@pytest.fixture
def three(cast: Cast) -> list[Ticket]:
    return [cast.ticket(f"number {n}") for n in range(3)]


def macro(**more: Any) -> Macro:
    changes = {"priority": 4, "assignee": "me", "add_tags": ["vpn"], **more.pop("changes", {})}
    return create_macro(set={"name": "Look after", "changes": changes, **more}, by=TEST)


def run(client: Client, tickets: list[Ticket], **sent: Any) -> BulkChange:
    """Through the preview; the job is done."""
    page = ask(client, "macro", tickets, step="preview", **sent)
    total = page.css_first("input[name=total]").attributes["value"]
    ask(client, "macro", tickets, 302, step="run", total=total, **sent)
    finish()
    return BulkChange.objects.latest("pk")


def test_a_macro_changes_many_tickets_and_all_go_back_by_one_undo(
    cast: Cast, three: list[Ticket], anna: Client
) -> None:
    kept = macro()
    update_ticket(three[2], by=TEST, set={"priority": 4, "assignee": cast.anna})
    assert "Look after" in words(ask(anna, "macro", three).css_first("fieldset"))
    page = ask(anna, "macro", three, step="preview", macro=kept.pk)
    assert "Assignee → Anna Kowalczyk" in words(page.css_first("dl")) and previewed(page) == ["3 tickets change"]
    change = run(anna, three, macro=kept.pk)
    for ticket in three:
        ticket.refresh_from_db()
        assert (ticket.priority, ticket.assignee) == (4, cast.anna)
        assert [tag.name for tag in ticket.tags.all()] == ["vpn"]
    kept.refresh_from_db()
    assert kept.used_count == 3 and not Message.objects.filter(kind="note").exists()
    assert previewed(ask(anna, "macro", three, step="preview", macro=kept.pk))[1] == "3 are as wanted already"
    assert "Macro “Look after”, 3 tickets changed" in words(tree(anna.get("/desk/operations/")).css_first("main"))
    page = tree(anna.get(f"/desk/bulk/{change.pk}/"))
    anna.post(page.css_first("form.acts").attributes["action"])
    assert set(Ticket.objects.values_list("priority", "assignee")) == {(2, None), (4, cast.anna.pk)}


def test_its_text_is_a_note_on_each_in_the_language_of_the_ticket(
    cast: Cast, three: list[Ticket], anna: Client
) -> None:
    Ticket.objects.filter(pk=three[1].pk).update(language="de")
    kept = macro(kind="note", texts={"en": "About {{ticket.subject}}.", "de": "Zu {{ticket.subject}}."})
    page = ask(anna, "macro", three, step="preview", macro=kept.pk, with_text="1")
    assert words(page.css_first("blockquote")) == "About number 0."
    change = run(anna, three, macro=kept.pk, with_text="1")
    assert list(Message.objects.filter(kind="note").order_by("ticket").values_list("text", flat=True)) == [
        "About number 0.", "Zu number 1.", "About number 2."
    ]  # fmt: skip
    anna.post(f"/desk/operations/{change.operation_id}/undo/")
    assert not Message.objects.filter(kind="note").exists()
    assert set(Ticket.objects.values_list("priority", flat=True)) == {2}


def test_its_text_is_a_reply_that_can_be_taken_back_like_any_other(
    cast: Cast, three: list[Ticket], anna: Client
) -> None:
    kept = macro(texts={"en": "We look after it."}, changes={"status": "waiting"})
    change = run(anna, three[:2], macro=kept.pk, with_text="1")
    replies = list(Message.objects.filter(kind="reply"))
    assert [reply.delivery for reply in replies] == ["planned", "planned"]
    assert all(f"macro={kept.pk}" in reply.plan.staged and "priority=4" in reply.plan.staged for reply in replies)
    assert {t.status.slug for t in Ticket.objects.filter(pk__in=[three[0].pk, three[1].pk])} == {"waiting"}
    anna.post(f"/desk/operations/{change.operation_id}/undo/")
    assert not Message.objects.filter(kind="reply").exists()


def test_a_macro_of_another_team_or_none_is_refused(cast: Cast, three: list[Ticket], anna: Client) -> None:
    other = macro(team=cast.orders)
    assert "Look after" not in words(ask(anna, "macro", three).css_first("main"))
    page = ask(anna, "macro", three, 422, step="run", macro=other.pk, total="3")
    assert page.css_first(".banner.bad") and not BulkChange.objects.exists()
    words_only = create_macro(set={"name": "Words", "texts": {"en": "x"}}, by=TEST)
    assert ask(anna, "macro", three, 422, step="preview", macro=words_only.pk).css_first(".banner.bad")


def merged(client: Client, tickets: list[Ticket], into: Ticket, **more: Any) -> BulkChange:
    ask(client, "merge", tickets, 302, step="run", into=into.number, **more)
    finish()
    return BulkChange.objects.latest("pk")


def test_many_become_one_and_are_parted_by_one_undo(cast: Cast, three: list[Ticket], anna: Client) -> None:
    page = ask(anna, "merge", three)
    assert page.css_first("input[name=into][checked]").attributes["value"] == three[0].number
    assert not page.css("input[name=sure]")  # all have the same people
    change = merged(anna, three, three[1])
    assert three[1].messages.count() == 3
    assert set(Ticket.objects.exclude(merged_into=None)) == {three[0], three[2]}
    page = tree(anna.get(f"/desk/bulk/{change.pk}/"))
    assert "2 tickets merged" in words(page.css_first("[role=status]"))
    add_note(three[1], by=TEST, agent=cast.anna, content=Content("since"))
    anna.post(page.css_first("form.acts").attributes["action"])
    assert not Ticket.objects.exclude(merged_into=None).exists() and not Merge.objects.filter(undone_at=None).exists()
    assert [ticket.messages.count() for ticket in three] == [1, 2, 1]
    assert "taken back" in words(tree(anna.get(f"/desk/bulk/{change.pk}/")).css_first("[role=status]"))


def test_many_are_parted_by_a_job_and_what_could_not_be_is_not_called_undone(
    cast: Cast, three: list[Ticket], anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tresen.service.bulk.merging.PARTED_AT_ONCE", 1)
    change = merged(anna, three, three[1])
    at = f"/desk/bulk/{change.pk}/"
    Operation.objects.filter(kind="merge").update(undoable_until=change.created_at)
    anna.post(at)
    page = words(tree(anna.get(at)).css_first("main"))
    assert "It has been taken back" not in page and Merge.objects.filter(undone_at=None).count() == 2
    Operation.objects.filter(kind="merge").update(undoable_until=change.created_at + timedelta(days=1))
    page = words(tree(anna.post(at, follow=True)))
    assert "1 ticket was parted again. It is being taken back" in page
    assert Merge.objects.filter(undone_at=None).count() == 1
    drain()
    assert not Merge.objects.filter(undone_at=None).exists()
    assert "It has been taken back" in words(tree(anna.get(at)).css_first("main"))


def test_only_what_this_change_has_merged_is_parted_by_its_undo(cast: Cast, three: list[Ticket], anna: Client) -> None:
    change = merged(anna, three[:2], three[1])
    page = tree(anna.get(f"/desk/bulk/{change.pk}/"))
    ada = Principal.of_agent(cast.ada)
    undoing.undo(Merge.objects.get().operation, by=ada.actor, principal=ada)
    anna.post(f"/desk/tickets/{three[0].number}/connect/", {"with": three[2].number, "act": "merge_into"})
    anna.post(page.css_first("form.acts").attributes["action"])
    assert Ticket.objects.get(pk=three[0].pk).merged_into == three[2]
    assert tree(anna.get(f"/desk/bulk/{change.pk}/")).css_first("#bulk-progress form.acts") is None


def test_nobody_reads_what_he_could_not_without_a_word(cast: Cast, three: list[Ticket], anna: Client) -> None:
    add_participant(three[2], contact=cast.dave, by=TEST)
    page = ask(anna, "merge", three, 409, step="run", into=three[0].number)
    assert page.css_first("p.error") and "Dave" in words(page.css_first(".banner.warn"))
    for odd in (str(cast.carol.pk), "9" * 5000):
        ask(anna, "merge", three, 409, step="run", into=three[0].number, sure=odd)
    assert not BulkChange.objects.exists()
    sure = page.css_first("input[name=sure]").attributes["value"]
    assert services_done(merged(anna, three, three[0], sure=sure)) == 2


def services_done(change: BulkChange) -> int:
    return change.targets.filter(outcome="changed").count()


def test_who_joins_between_look_and_merge_stops_his_own_ticket(cast: Cast, three: list[Ticket], anna: Client) -> None:
    ask(anna, "merge", three, 302, step="run", into=three[0].number)
    add_participant(three[2], contact=cast.dave, by=TEST)
    finish()
    change = BulkChange.objects.latest("pk")
    assert services_done(change) == 1
    page = words(tree(anna.get(f"/desk/bulk/{change.pk}/")).css_first("main"))
    assert "Somebody joined meanwhile" in page


def test_what_one_may_not_see_takes_no_part_and_one_alone_is_none(
    cast: Cast, three: list[Ticket], anna: Client
) -> None:
    hidden = cast.ticket("another team's", team=cast.orders)
    answer = ask(anna, "merge", [three[0], hidden], 302)
    assert answer.headers["Location"] == "/desk/views/all/"
    ask(anna, "merge", [three[0], three[1]], 409, step="run", into=hidden.number)
    change = merged(anna, three, three[0])
    update_ticket(three[0], by=TEST, set={"team": cast.orders})
    anna.post(f"/desk/bulk/{change.pk}/")
    assert Ticket.objects.exclude(merged_into=None).count() == 2
    assert operations.can_undo(Merge.objects.first().operation)  # type: ignore[union-attr]
    assert cast.browser(cast.ada).post(f"/desk/bulk/{change.pk}/").status_code == 404
