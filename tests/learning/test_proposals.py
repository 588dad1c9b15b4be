"""Proposals on tickets: from the desk's own history to a chip that one click takes, and what became of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tests.undo.conftest import undo
from tresen.core.tickets import operations
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Category, Status, Ticket
from tresen.core.tickets.services import create_ticket, update_ticket
from tresen.faces.cli.bench_learning.writing import written
from tresen.kit import clock
from tresen.service.learning.jobs import is_worth_it
from tresen.service.learning.judging import to_bytes
from tresen.service.learning.models import LearntModel, Proposal, ProposalState
from tresen.service.learning.rates import rates
from tresen.service.learning.settling import settle
from tresen.service.learning.thresholds import set_thresholds
from tresen.service.learning.training import Example, learn_from
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

TEXT = "My VPN connection from home breaks off, the tunnel is not built up and the client shows a certificate error."


@pytest.fixture
def network(cast: Cast) -> Category:
    """A category that the desk has learnt to know, beside others."""
    made = {name: create_category(names={"en": name.title()}, by=TEST) for name in ("network", "printing", "mail")}
    tickets = [one for one in written("learnt", 1500, seed=3) if one.category in made and one.language == "en"]
    found = learn_from(Example(one.subject, one.text, {"category": str(made[one.category].pk)}) for one in tickets)
    for field, learnt in found.items():
        LearntModel.objects.create(
            field=field, data=to_bytes(learnt.model), tickets=learnt.tickets, labels=len(learnt.model.labels),
            right=learnt.right, learnt_at=clock.now(),
        )  # fmt: skip
    return made["network"]


def new(cast: Cast, **more: Any) -> Ticket:
    ticket = cast.ticket(subject="VPN tunnel", text=TEXT, **more)
    drain()
    return Ticket.objects.get(pk=ticket.pk)


def chips(client: Client, ticket: Ticket) -> str:
    found = tree(client.get(f"/desk/tickets/{ticket.number}/")).css_first(".proposals")
    return words(found) if found else ""


def test_a_chip_says_what_how_sure_and_why_and_one_click_takes_it(cast: Cast, network: Category) -> None:
    ticket, anna = new(cast), cast.browser(cast.anna)
    assert ticket.category is None, "it fills in nothing unless it may"
    shown = chips(anna, ticket)
    assert "Category Network" in shown and "% sure" in shown and "because of: " in shown and "tunnel" in shown
    anna.post(f"/desk/tickets/{ticket.number}/proposals/", {"take": "category"})
    ticket.refresh_from_db()
    assert ticket.category == network and not chips(anna, ticket)
    event = Event.objects.filter(kind="ticket.changed", stream_id=ticket.pk).latest("id")
    assert event.actor_name == "Anna Kowalczyk"
    assert Proposal.objects.get(ticket=ticket).state == ProposalState.TAKEN


def test_no_means_no(cast: Cast, network: Category) -> None:
    ticket, anna = new(cast), cast.browser(cast.anna)
    anna.post(f"/desk/tickets/{ticket.number}/proposals/", {"refuse": "category"})
    assert not chips(anna, ticket) and Proposal.objects.get().state == ProposalState.REFUSED
    ticket.refresh_from_db()
    assert ticket.category is None


def test_it_fills_in_by_itself_only_where_it_may_and_is_taken_back_with_a_click(cast: Cast, network: Category) -> None:
    set_thresholds("category", shown_from=60, filled_from=80, by=TEST)
    ticket, anna = new(cast), cast.browser(cast.anna)
    assert ticket.category == network
    assert "Category Network filled in by itself" in chips(anna, ticket) and "because of: " in chips(anna, ticket)
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    assert "Tresen: Category filled in by likeness to earlier tickets" in words(page.css_first("#timeline-tail"))
    anna.post(f"/desk/tickets/{ticket.number}/proposals/", {"refuse": "category"})
    ticket.refresh_from_db()
    assert ticket.category is None and Proposal.objects.get().state == ProposalState.REFUSED


def test_what_was_filled_in_is_explained_after_the_ticket_is_solved_and_wrong_when_it_was_changed(
    cast: Cast, network: Category
) -> None:
    set_thresholds("category", shown_from=60, filled_from=80, by=TEST)
    kept, changed = new(cast), new(cast)
    solved = Status.objects.default_of(StatusCategory.SOLVED)
    update_ticket(kept, by=TEST, set={"status": solved})
    update_ticket(changed, by=TEST, set={"category": Category.objects.get(slug="mail")})
    assert settle() == 2 and settle() == 0
    assert [p.state for p in Proposal.objects.order_by("pk")] == [ProposalState.TAKEN, ProposalState.CORRECTED]
    assert "filled in by itself" in chips(cast.browser(cast.anna), kept)
    whole = rates()[0].whole
    assert (whole.proposed, whole.taken, whole.wrong, whole.automatic_wrong, whole.percent) == (2, 1, 1, 1, 50)


def test_what_was_chosen_by_hand_counts_too_and_an_undone_click_asks_again(cast: Cast, network: Category) -> None:
    by_hand, another, untouched = new(cast), new(cast), new(cast)
    update_ticket(by_hand, by=TEST, set={"category": network})
    update_ticket(another, by=TEST, set={"category": Category.objects.get(slug="printing")})
    assert settle() == 2
    states = dict(Proposal.objects.values_list("ticket", "state"))
    assert states == {by_hand.pk: "taken", another.pk: "corrected", untouched.pk: "open"}
    anna = cast.browser(cast.anna)
    anna.post(f"/desk/tickets/{untouched.number}/proposals/", {"take": "all"})
    undo(operations.recent_of(cast.anna)[0], cast.anna)
    untouched.refresh_from_db()
    assert untouched.category is None and "Category Network" in chips(anna, untouched)
    set_thresholds("category", shown_from=60, filled_from=80, by=TEST)
    filled = new(cast)
    anna.post(f"/desk/tickets/{filled.number}/proposals/", {"refuse": "category"})
    undo(operations.recent_of(cast.anna)[0], cast.anna)
    assert "Category Network filled in by itself" in chips(anna, filled)


def test_a_colleague_who_took_it_down_has_chosen(cast: Cast, network: Category) -> None:
    mail = Category.objects.get(slug="mail")
    chosen = new(cast, set={"category": mail})
    assert Proposal.objects.filter(ticket=chosen).exists(), "what a mailbox has set may be wrong"
    for wanted in ({"category": mail}, {}):
        create_ticket(by=Actor.agent(cast.anna), requester=cast.carol, subject="VPN tunnel", content=Content(TEXT),
                      channel="phone", set=wanted)  # fmt: skip
    drain()
    first, second = Ticket.objects.order_by("-pk")[:2][::-1]
    assert not Proposal.objects.filter(ticket=first).exists()
    assert Proposal.objects.filter(ticket=second).exists(), "what he left empty is proposed"


def test_what_was_set_before_it_was_looked_at_is_never_filled_in_over_that(cast: Cast, network: Category) -> None:
    set_thresholds("category", shown_from=60, filled_from=80, by=TEST)
    mail = Category.objects.get(slug="mail")
    by_colleague, by_rule = (cast.ticket(subject="VPN tunnel", text=TEXT) for _ in range(2))
    update_ticket(by_colleague, by=Actor.agent(cast.anna), set={"category": mail})
    update_ticket(by_rule, by=TEST, set={"category": mail})
    planned = create_ticket(by=Actor.system("recurring"), requester=cast.carol, subject="VPN tunnel",
                            content=Content(TEXT), channel="web", set={"category": mail})  # fmt: skip
    drain()
    assert set(Ticket.objects.values_list("category", flat=True)) == {mail.pk}
    assert not Proposal.objects.filter(ticket__in=[by_colleague, planned]).exists()
    assert not Proposal.objects.get(ticket=by_rule).is_automatic


def test_a_stranger_to_the_ticket_can_take_nothing(cast: Cast, network: Category) -> None:
    ticket = new(cast)
    answer = cast.browser(cast.piotr).post(f"/desk/tickets/{ticket.number}/proposals/", {"take": "category"})
    assert answer.status_code == 404 and Proposal.objects.get().state == ProposalState.OPEN
    assert cast.browser(cast.anna).post(f"/desk/tickets/{ticket.number}/proposals/", {"take": "x"}).status_code == 400


def test_a_category_that_is_no_longer_used_is_not_proposed(cast: Cast, network: Category) -> None:
    ticket = new(cast)
    Category.objects.filter(pk=network.pk).update(is_active=False)
    assert not chips(cast.browser(cast.anna), ticket)
    assert not Proposal.objects.filter(ticket=new(cast)).exists()


def test_the_settings_say_how_often_it_is_right_and_what_it_may(cast: Cast, network: Category) -> None:
    anna, ada = new(cast), cast.browser(cast.ada)
    update_ticket(anna, by=TEST, set={"category": network})
    settle()
    page = words(tree(ada.get("/settings/learning/")).body)
    assert "100 %" in page and "from 60 % on" in page and "too few tickets yet" in page
    assert ada.post("/settings/learning/category/", {"shown_from": "90", "filled_from": "80"}).status_code == 422
    ada.post("/settings/learning/category/", {"shown_from": "70", "filled_from": "95"})
    assert "from 95 % on" in words(tree(ada.get("/settings/learning/")).body)
    assert Event.objects.get(kind="learning.changed").changes == {"shown_from": [60, 70], "filled_from": [None, 95]}
    assert "Month by month" in words(tree(ada.get("/settings/learning/category/")).body)
    assert cast.browser(cast.anna).get("/settings/learning/").status_code == 404


def test_it_learns_from_what_people_have_done(cast: Cast, network: Category) -> None:
    """From the database to a model: newest tickets, touched ones, and not what it filled in itself."""
    from tresen.service.learning.history import examples

    open_status = Status.objects.default_of(StatusCategory.OPEN)
    set_thresholds("category", shown_from=60, filled_from=80, by=TEST)
    own, mine, fresh = new(cast), new(cast), new(cast)
    for ticket in (own, mine):
        update_ticket(ticket, by=TEST, set={"status": open_status})
    update_ticket(mine, by=TEST, set={"category": Category.objects.get(slug="mail")})
    settle()
    found = [example.labels for example in examples()]
    team = str(cast.netz.pk)
    assert found == [{"category": str(Category.objects.get(slug="mail").pk), "team": team}, {"team": team}]
    assert fresh.status_category == StatusCategory.NEW
    assert not is_worth_it()
