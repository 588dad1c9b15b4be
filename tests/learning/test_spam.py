"""Spam: a proposal, never a loss. It is closed where it stands, and both answers teach."""

from __future__ import annotations

from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.learning.history import examples
from tresen.service.learning.learning import learn
from tresen.service.learning.models import LearntModel, Proposal, SpamMark
from tresen.service.learning.thresholds import set_thresholds
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

JUNK = (
    "You have won the lottery prize of a million, claim your prize now", "Cheap watches, lowest price, buy now",
    "Claim the inheritance of a prince, million in gold", "Rank first on every search engine, cheap backlinks, buy now",
)  # fmt: skip
GOOD = (
    "The printer in the hall is out of toner", "My password has expired and I cannot log in",
    "The invoice of March is missing", "The tunnel to the office breaks off every hour",
)  # fmt: skip


def taught(cast: Cast) -> None:
    """A desk whose people have said of forty tickets what is spam, and solved others."""
    solved = Status.objects.default_of(StatusCategory.SOLVED)
    for number in range(80):
        junk = number % 2 == 0
        text = (JUNK if junk else GOOD)[number // 2 % 4]
        ticket = cast.ticket(subject=text[:20], text=text)
        update_ticket(ticket, by=TEST, set={"status": solved})
        if junk:
            SpamMark.objects.create(ticket=ticket, is_spam=True, name="Anna", at=clock.now())
    assert learn()["spam"].right > 0.8


def page(client: Client, ticket: Ticket) -> str:
    return words(tree(client.get(f"/desk/tickets/{ticket.number}/")).css_first("#t-head"))


def say(client: Client, ticket: Ticket, act: str) -> int:
    return client.post(f"/desk/tickets/{ticket.number}/spam/", {"act": act}).status_code


def test_what_looks_like_spam_is_proposed_and_stays_where_it_is(cast: Cast) -> None:
    taught(cast)
    set_thresholds("spam", shown_from=60, filled_from=60, by=TEST)
    ticket = cast.ticket(subject="Your million", text="Dear winner, the prize of a million in gold: claim it now, buy")
    drain()
    proposal = Proposal.objects.get(ticket=ticket, field="spam")
    assert not proposal.is_automatic, "no ticket is ever spam by itself"
    ticket.refresh_from_db()
    assert ticket.status_category == StatusCategory.NEW
    anna = cast.browser(cast.anna)
    assert "Spam?" in page(anna, ticket) and "because of: " in page(anna, ticket)
    assert ticket.subject in words(tree(anna.get("/desk/views/unassigned/")).body)
    assert "Spam" in words(tree(cast.browser(cast.ada).get("/settings/learning/")).body)


def test_spam_is_closed_says_so_and_comes_back_with_a_click(cast: Cast) -> None:
    ticket, anna = cast.ticket(), cast.browser(cast.anna)
    assert say(anna, ticket, "spam") == 302
    ticket.refresh_from_db()
    assert ticket.status_category == StatusCategory.CLOSED
    assert "Marked as spam by Anna Kowalczyk" in page(anna, ticket)
    assert "marked as spam" in words(tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#timeline-tail"))
    say(anna, ticket, "spam")
    assert Event.objects.filter(kind="spam.marked").count() == 1, "said twice it is said once"
    say(anna, ticket, "none")
    ticket.refresh_from_db()
    assert ticket.status_category == StatusCategory.OPEN and "Marked as spam" not in page(anna, ticket)


def test_what_was_closed_before_it_was_called_spam_stays_closed(cast: Cast) -> None:
    ticket, anna = cast.ticket(), cast.browser(cast.anna)
    update_ticket(ticket, by=TEST, set={"status": Status.objects.default_of(StatusCategory.CLOSED)})
    say(anna, ticket, "spam")
    say(anna, ticket, "none")
    ticket.refresh_from_db()
    assert ticket.status_category == StatusCategory.CLOSED and "Marked as spam" not in page(anna, ticket)


def test_not_spam_teaches_and_closes_nothing(cast: Cast) -> None:
    ticket, anna = cast.ticket(), cast.browser(cast.anna)
    Proposal.objects.create(ticket=ticket, field="spam", value="spam", confidence=0.9, made_at=clock.now())
    assert "Spam?" in page(anna, ticket)
    say(anna, ticket, "none")
    assert "Spam?" not in page(anna, ticket) and Proposal.objects.get().state == "refused"
    update_ticket(ticket, by=TEST, set={"status": Status.objects.default_of(StatusCategory.OPEN)})
    assert [one.labels["spam"] for one in examples()] == ["ham"]
    say(anna, ticket, "spam")
    assert [one.labels for one in examples()] == [{"spam": "spam"}], "what spam is filed under teaches nothing else"


def test_nobody_judges_what_he_does_not_see(cast: Cast) -> None:
    assert say(cast.browser(cast.piotr), cast.ticket(), "spam") == 404
    assert not SpamMark.objects.exists() and not LearntModel.objects.exists()
