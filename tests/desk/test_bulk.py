"""Many tickets at once: chosen, seen before, changed in small steps, watched, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.tickets import merging, operations
from tresen.core.tickets.jobs import sweep_old_operations
from tresen.core.tickets.models import Tag, Ticket
from tresen.core.tickets.operation_models import Operation, OperationStep
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.bulk import services
from tresen.service.bulk.jobs import work
from tresen.service.bulk.models import BulkChange, BulkTarget
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.registry import Retry


def ask(client: Client, tickets: list[Ticket] = [], code: int = 200, **more: Any) -> Any:  # noqa: B006
    """Sends the form; the parsed page, or the answer where it leads elsewhere."""
    answer = client.post("/desk/bulk/", {"ticket": [t.number for t in tickets], "from": "view=all", **more})
    assert answer.status_code == code, answer.content.decode()[:3000]
    return tree(answer) if code < 300 or code > 399 else answer


def previewed(page: Any) -> list[str]:
    """What the preview says."""
    return [words(node) for node in page.css("ul.outcomes li")]


def start(client: Client, tickets: list[Ticket] = [], **more: Any) -> BulkChange:  # noqa: B006
    """Through the preview; the change, whose job waits."""
    page = ask(client, tickets, step="preview", **more)
    total = page.css_first("input[name=total]").attributes["value"]
    ask(client, tickets, 302, step="run", total=total, **more)
    return BulkChange.objects.latest("pk")


def finish() -> None:
    """Runs the jobs that wait as a worker does."""
    for job in Job.objects.filter(name="bulk.work"):
        for _turn in range(100):
            try:
                work(**job.payload)
            except Retry:
                continue
            break
        job.delete()


@pytest.fixture
def three(cast: Cast) -> list[Ticket]:
    return [cast.ticket(f"number {n}") for n in range(3)]


def test_a_list_offers_its_rows_to_be_selected(three: list[Ticket], anna: Client) -> None:
    page = tree(anna.get("/desk/views/all/"))
    boxes = page.css("li.row input[name=ticket]")
    assert {box.attributes["value"] for box in boxes} == {ticket.number for ticket in three}
    assert {box.attributes["form"] for box in boxes} == {page.css_first("form.bulk").attributes["id"]}


def test_selected_tickets_are_changed_with_one_event_each_and_taken_back(
    cast: Cast, three: list[Ticket], anna: Client
) -> None:
    page = ask(anna, three[:2])
    assert page.css_first("select[name=status]") and len(page.css("input[name=ticket]")) == 2
    page = ask(anna, three[:2], step="preview", priority="4", assignee=str(cast.anna.pk), team="none")
    assert previewed(page) == ["2 tickets change"]
    wanted = {"priority": "4", "assignee": str(cast.anna.pk), "team": "none", "add_tags": "vpn, New word"}
    change = start(anna, three[:2], **wanted)
    assert "0 of 2 done" in words(tree(anna.get(f"/desk/bulk/{change.pk}/")).css_first("main"))
    before = Event.objects.latest("pk").pk
    finish()
    for ticket in three[:2]:
        ticket.refresh_from_db()
        assert (ticket.priority, ticket.assignee, ticket.team) == (4, cast.anna, None)
        assert {tag.name for tag in ticket.tags.all()} == {"vpn", "New word"}
    assert Event.objects.filter(pk__gt=before, kind="ticket.changed").count() == 2
    three[2].refresh_from_db()
    assert three[2].priority == 2
    page = tree(anna.get(f"/desk/bulk/{change.pk}/"))
    assert "2 tickets changed" in words(page.css_first("[role=status]"))
    anna.post(page.css_first("form.acts").attributes["action"])
    for ticket in three[:2]:
        ticket.refresh_from_db()
        assert (ticket.priority, ticket.assignee, ticket.team) == (2, None, cast.netz) and not ticket.tags.exists()
    assert "taken back" in words(tree(anna.get(f"/desk/bulk/{change.pk}/")).css_first("[role=status]"))


def test_the_preview_says_what_will_not_change_and_changes_nothing(
    cast: Cast, three: list[Ticket], anna: Client
) -> None:
    update_ticket(three[0], by=TEST, set={"priority": 4})
    hidden = cast.ticket("another team's", team=cast.orders)
    page = ask(anna, [*three, hidden], step="preview", priority="4", add_tags="")
    assert previewed(page) == ["2 tickets change", "1 is as wanted already", "1 is not to be seen any more"]
    ask(anna, three, step="preview", add_tags="brand new")
    assert not Tag.objects.filter(name="brand new").exists() and not BulkChange.objects.exists()


def test_all_of_a_list_means_every_page_and_the_ones_one_may_see(cast: Cast, anna: Client) -> None:
    first = cast.ticket("n")
    copies = []
    for n in range(70):
        copy = Ticket.objects.get(pk=first.pk)
        copy.pk, copy.number, copy.team = None, f"X{n}", cast.orders if n < 5 else cast.netz
        copies.append(copy)
    Ticket.objects.bulk_create(copies)
    for came_from in ("view=open", "q=status:new", "view=team-netz"):
        page = ask(anna, step="preview", all="1", type="question", **{"from": came_from})
        assert previewed(page) == ["66 tickets change"]
    change = start(anna, all="1", type="question", **{"from": "q=status:new"})
    finish()
    assert services.progress_of(change).changed == 66
    assert Ticket.objects.filter(type="question").count() == 66


def test_when_the_list_has_changed_since_the_preview_one_is_asked_again(
    cast: Cast, three: list[Ticket], anna: Client
) -> None:
    ask(anna, step="preview", all="1", priority="4")
    cast.ticket("in between")
    page = ask(anna, code=409, step="run", all="1", priority="4", total="3")
    assert page.css_first(".banner.warn") and not BulkChange.objects.exists()
    assert previewed(page) == ["4 tickets change"]


def test_rights_are_asked_again_when_the_turn_of_a_ticket_comes(cast: Cast, three: list[Ticket], anna: Client) -> None:
    change = start(anna, three, priority="4")
    update_ticket(three[1], by=TEST, set={"team": cast.orders})
    finish()
    progress = services.progress_of(change)
    assert (progress.changed, progress.refused) == (2, 1)
    page = words(tree(anna.get(f"/desk/bulk/{change.pk}/")).css_first("main"))
    assert "1 stayed as it was" in page and "number 1" not in page


def test_what_was_merged_stays_as_it_is_and_so_does_where_it_went(
    cast: Cast, three: list[Ticket], anna: Client
) -> None:
    hidden = cast.ticket("another team's", team=cast.orders)
    merging.merge(three[0], into=hidden, by=TEST, agent=cast.anna)
    assert previewed(ask(anna, step="preview", all="1", priority="4")) == ["2 tickets change"]
    change = start(anna, three[1:], priority="4", assignee=str(cast.anna.pk))
    merging.merge(three[1], into=hidden, by=TEST, agent=cast.anna)
    Ticket.objects.filter(pk=hidden.pk).update(deleted_at=clock.now())
    finish()
    progress = services.progress_of(change)
    assert (progress.changed, progress.refused, progress.waiting) == (1, 1, 0)
    hidden.refresh_from_db()
    assert (hidden.priority, hidden.assignee) == (2, None)
    page = words(tree(anna.get(f"/desk/bulk/{change.pk}/")).css_first("main"))
    assert "The ticket was merged or deleted meanwhile." in page


def test_a_change_that_a_worker_left_half_done_goes_on_where_it_was(
    cast: Cast, three: list[Ticket], anna: Client, monkeypatch: Any
) -> None:
    change = start(anna, three, priority="4")
    monkeypatch.setattr(services, "SECONDS", 0)
    assert services.work_on(change.pk)
    assert services.progress_of(change).done == 1
    finish()
    assert services.progress_of(change).changed == 3
    assert not services.work_on(change.pk)
    assert Event.objects.filter(kind="ticket.changed").count() == 3


def test_an_undo_while_it_works_stops_it(three: list[Ticket], anna: Client, monkeypatch: Any) -> None:
    change = start(anna, three, priority="4")
    monkeypatch.setattr(services, "SECONDS", 0)
    services.work_on(change.pk)
    anna.post(f"/desk/operations/{change.operation_id}/undo/")
    finish()
    assert set(Ticket.objects.values_list("priority", flat=True)) == {2}
    assert "taken back" in words(tree(anna.get(f"/desk/bulk/{change.pk}/")).css_first("main"))
    change.refresh_from_db()
    assert change.state == "stopped"


@pytest.mark.parametrize(
    "more", [{}, {"status": "nonsense"}, {"assignee": "999"}, {"priority": "9"}, {"add_tags": " , "}]
)
def test_a_wish_that_cannot_be_stays_in_its_form(three: list[Ticket], anna: Client, more: Any) -> None:
    page = ask(anna, three, 422, step="preview", **more)
    assert page.css_first(".banner.bad") and len(page.css("input[name=ticket]")) == 3


def test_without_a_selection_one_goes_back_to_the_list(anna: Client) -> None:
    answer = ask(anna, code=302, **{"from": "view=mine"})
    assert answer.headers["Location"] == "/desk/views/mine/"


def test_too_many_at_once_are_refused_with_what_to_do(three: list[Ticket], anna: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(services, "MOST_TICKETS", 2)
    page = ask(anna, code=422, step="preview", all="1", priority="4")
    assert "Narrow the search" in words(page.css_first(".banner.bad"))


def test_the_change_of_another_is_not_shown(cast: Cast, three: list[Ticket], anna: Client) -> None:
    change = start(anna, three, priority="4")
    assert cast.browser(cast.ada).get(f"/desk/bulk/{change.pk}/").status_code == 404
    assert Operation.objects.get(pk=change.operation_id).kind == "bulk"


def test_a_preview_costs_the_same_for_many(cast: Cast, django_assert_max_num_queries: Any, anna: Client) -> None:
    first = cast.ticket("n")
    copies = []
    for n in range(300):
        copy = Ticket.objects.get(pk=first.pk)
        copy.pk, copy.number = None, f"X{n}"
        copies.append(copy)
    Ticket.objects.bulk_create(copies)
    with django_assert_max_num_queries(24):
        ask(anna, step="preview", all="1", priority="4", add_tags="vpn")


def test_what_nobody_can_take_back_any_more_is_forgotten_but_for_merges(
    cast: Cast, anna: Client, three: list[Ticket], monkeypatch: Any
) -> None:
    change = start(anna, three[:2], status="closed")
    finish()
    merge = merging.merge(three[0], into=three[2], by=TEST, agent=cast.anna)
    over = change.operation.undoable_until + operations.KEPT
    for late, left in ((-1, {change.operation, merge}), (1, {merge})):
        monkeypatch.setattr(clock, "now", lambda late=late: over + timedelta(minutes=late))
        sweep_old_operations()
        assert set(Operation.objects.all()) == left
    assert not BulkChange.objects.exists() and not BulkTarget.objects.exists()
    assert set(OperationStep.objects.values_list("operation", flat=True)) == {merge.pk}
    assert Event.objects.filter(kind="ticket.changed").count() == 2
