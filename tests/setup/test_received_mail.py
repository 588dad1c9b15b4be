"""Received mail: filtered, summed, taken in, made a ticket, deleted and taken back; one or many; by whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tresen.channels.mail.handling import keep_as_ticket
from tresen.channels.mail.jobs import sweep_raw
from tresen.channels.mail.ledger import read_ledger
from tresen.channels.mail.models import Mailbox, Outcome, RawMail
from tresen.channels.mail.received import Wanted
from tresen.channels.mail.services import retry
from tresen.channels.mail.spool import count_refusal, raw_bytes, store_mail
from tresen.core.people.models import Agent, Role, TeamMembership
from tresen.core.people.roles import create_role
from tresen.core.tickets.models import Ticket
from tresen.kit import clock, files
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

LEDGER = "/settings/mail/ledger/"
Keep = Callable[..., RawMail]


@pytest.fixture
def keep(cast: Cast) -> Keep:
    """A mail that was received and has come to rest."""

    def make(subject: str = "Hallo", *, mailbox: Mailbox | None = None, **more: Any) -> RawMail:
        raw = f"From: carol@faehrholm.example\r\nSubject: {subject}\r\n\r\nGuten Tag\r\n".encode()
        row = store_mail(raw, mailbox=mailbox or Mailbox.objects.get(address="help@lindhafen.example"), source="smtp",
                         envelope_from="carol@faehrholm.example")  # fmt: skip
        assert row
        values = {"outcome": Outcome.QUARANTINED, "reason": {"code": "depth"}, "subject": subject,
                  "sender": "carol@faehrholm.example", "handled_at": clock.now(), **more}  # fmt: skip
        RawMail.objects.filter(pk=row.pk).update(**values)
        Job.objects.all().delete()
        return RawMail.objects.get(pk=row.pk)

    return make


@pytest.fixture
def other(cast: Cast) -> Mailbox:
    """The mailbox of another team."""
    return Mailbox.objects.create(address="orders@lindhafen.example", brand=cast.brand, team=cast.orders)


@pytest.fixture
def lead(cast: Cast) -> Client:
    """Piotr leads the orders."""
    cast.piotr.role_id = Role.TEAM_LEAD
    cast.piotr.save()
    return cast.browser(cast.piotr)


def _text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_the_list_is_narrowed_by_outcome_mailbox_sender_and_days(ada: Client, keep: Keep, other: Mailbox) -> None:
    keep("Aachen")
    keep("Bremen", mailbox=other, outcome=Outcome.SUSPENDED)
    keep("Celle", sender="dave@harrowmere.example", outcome=Outcome.AUTOMATIC)
    keep("Dresden", received_at=clock.now() - timedelta(days=40))
    day = (clock.now() - timedelta(days=20)).date()
    for query, found in (
        ("", "Aachen Bremen Celle Dresden"),
        ("?outcome=open", "Aachen Bremen Dresden"),
        ("?outcome=suspended", "Bremen"),
        (f"?mailbox={other.pk}", "Bremen"),
        ("?sender=HARROWMERE", "Celle"),
        (f"?since={day}", "Aachen Bremen Celle"),
        (f"?until={day}", "Dresden"),
        (f"?since={day}&outcome=open", "Aachen Bremen"),
    ):
        text = _text(ada, LEDGER + query)
        shown = [name for name in ("Aachen", "Bremen", "Celle", "Dresden") if f">{name}</a>" in text]
        assert shown == found.split(), query
    wrong = _text(ada, f"{LEDGER}?mailbox=999&since=tomorrow&before=x&outcome=nothing")
    assert "is-wrong" in wrong and ">Aachen</a>" in wrong


def test_paging_keeps_the_filter(ada: Client, keep: Keep) -> None:
    for number in range(51):
        keep(f"Mail {number}", outcome=Outcome.SUSPENDED)
    text = _text(ada, f"{LEDGER}?outcome=suspended&sender=carol")
    older = text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "outcome=suspended" in older and "sender=carol" in older
    assert _text(ada, LEDGER + older).count('<th scope="row">') == 1


def test_a_mail_that_cannot_be_read_becomes_a_ticket_with_the_mail_as_its_file(
    cast: Cast, ada: Client, keep: Keep
) -> None:
    raw = keep("Rechnung 7")
    answer = ada.post(f"{LEDGER}{raw.pk}/ticket/")
    ticket = Ticket.objects.get(subject="Rechnung 7")
    assert answer.url == f"/desk/tickets/{ticket.number}/"
    raw.refresh_from_db()
    assert (raw.outcome, raw.ticket, raw.message) == (Outcome.NEW, ticket, ticket.messages.get())
    file = ticket.messages.get().attachments.get()
    assert files.read(file.storage_key) == raw_bytes(raw)
    assert ticket.requester == cast.carol
    assert not ticket.outgoing.exists(), "a mail nobody has read is not answered by a machine"
    assert "made a ticket of it" in _text(ada, f"{LEDGER}{raw.pk}/")
    ada.post(f"{LEDGER}{raw.pk}/ticket/")
    assert Ticket.objects.filter(subject="Rechnung 7").count() == 1
    assert read_ledger().closes


def test_a_deleted_mail_keeps_its_line_and_the_sum_closes(cast: Cast, ada: Client, keep: Keep) -> None:
    raw = keep()
    assert "Delete this mail?" in _text(ada, f"{LEDGER}{raw.pk}/delete/")
    ada.post(f"{LEDGER}{raw.pk}/delete/")
    raw.refresh_from_db()
    assert raw.outcome == Outcome.QUARANTINED and raw.discarded_at and raw.discarded_by == str(cast.ada)
    assert f"{cast.ada} deleted it" in _text(ada, f"{LEDGER}?outcome=deleted")
    assert "Hallo" not in _text(ada, f"{LEDGER}?outcome=open")
    assert "could not be taken in" not in _text(ada, "/desk/views/mine/")
    book = read_ledger()
    assert book.closes and book.accepted == 1 and book.outcomes["quarantined"] == 1 and book.deleted == 1
    event = Event.objects.get(kind="mail.discarded")
    assert event.actor_name == str(cast.ada) and event.changes["sha256"] == raw.sha256
    ada.post(f"{LEDGER}{raw.pk}/retry/")
    raw.refresh_from_db()
    assert raw.outcome == Outcome.QUARANTINED, "what is deleted is not taken in"
    ada.post(f"{LEDGER}{raw.pk}/restore/")
    raw.refresh_from_db()
    assert raw.discarded_at is None and Event.objects.filter(kind="mail.restored").exists()


def test_the_bytes_of_a_deleted_mail_go_after_thirty_days_and_nobody_takes_that_back(ada: Client, keep: Keep) -> None:
    kept = keep(received_at=clock.now() - timedelta(days=400))
    gone = keep(discarded_at=clock.now() - timedelta(days=31), discarded_by="Ada")
    sweep_raw()
    for row in (kept, gone):
        row.refresh_from_db()
    assert raw_bytes(kept) and not gone.raw
    ada.post(f"{LEDGER}{gone.pk}/restore/")
    gone.refresh_from_db()
    assert gone.discarded_at
    assert ada.get(f"{LEDGER}{gone.pk}/raw/").status_code == 404
    assert read_ledger().closes


def test_chosen_mails_are_taken_in_at_once_and_deleted_after_a_question(ada: Client, keep: Keep) -> None:
    rows = [keep(f"Mail {n}") for n in range(4)]
    filed = keep("filed", outcome=Outcome.AUTOMATIC)
    ada.post(f"{LEDGER}many/", {"act": "retry", "mail": [rows[0].pk, rows[1].pk, filed.pk]})
    assert set(RawMail.objects.filter(outcome="received")) == {rows[0], rows[1]}
    asked = ada.post(f"{LEDGER}many/", {"act": "discard", "mail": [rows[2].pk, rows[3].pk]})
    assert "Delete 2 mails" in asked.content.decode()
    assert not RawMail.objects.filter(discarded_at__isnull=False).exists()
    ada.post(f"{LEDGER}many/", {"act": "discard", "mail": [rows[2].pk, rows[3].pk], "sure": "1"})
    assert RawMail.objects.filter(discarded_at__isnull=False).count() == 2
    nothing = ada.post(f"{LEDGER}many/", {"act": "retry", "mail": ["x", filed.pk]}, follow=True)
    assert "Nothing is chosen that waits." in nothing.content.decode()
    assert ada.post(f"{LEDGER}many/", {"act": "burn", "all": "1"}).status_code == 404


def test_all_that_match_are_taken_in_by_a_job_each_with_its_event(cast: Cast, ada: Client, keep: Keep) -> None:
    for number in range(60):
        keep(f"flood {number}", outcome=Outcome.SUSPENDED, sender="flood@evil.example")
    spared = keep("other", outcome=Outcome.SUSPENDED)
    wanted = {"act": "retry", "all": "1", "outcome": "suspended", "sender": "flood@evil.example"}
    asked = ada.post(f"{LEDGER}many/", wanted).content.decode()
    assert "Take 60 mails in" in asked and not Job.objects.exists()
    ada.post(f"{LEDGER}many/", {**wanted, "sure": "1"})
    late = keep_job(lambda: keep("late", outcome=Outcome.SUSPENDED, sender="flood@evil.example"))
    drain("default")
    assert RawMail.objects.filter(outcome=Outcome.RECEIVED).count() == 60
    assert Event.objects.filter(kind="mail.released", actor_name=str(cast.ada)).count() == 60
    for row in (spared, late):
        row.refresh_from_db()
        assert row.outcome == Outcome.SUSPENDED


def test_of_a_mail_that_was_too_large_nothing_but_the_head_is_here_so_it_can_only_be_deleted(
    ada: Client, keep: Keep
) -> None:
    large = keep("large", reason={"code": "too_large", "detail": "40000000 bytes"})
    text = _text(ada, f"{LEDGER}{large.pk}/")
    assert "Take in once more" not in text and "Make a ticket" not in text and "Delete …" in text
    ada.post(f"{LEDGER}{large.pk}/retry/")
    ada.post(f"{LEDGER}{large.pk}/ticket/")
    ada.post(f"{LEDGER}many/", {"act": "retry", "mail": [large.pk]})
    whole = [keep("deep"), keep("flood", outcome=Outcome.SUSPENDED, reason={"limit": 20})]
    retry(large, by=TEST)
    assert keep_as_ticket(large, by=TEST) is None
    ada.post(f"{LEDGER}many/", {"act": "retry", "all": "1", "sure": "1"})
    drain("default")
    assert list(RawMail.objects.filter(outcome=Outcome.RECEIVED).order_by("pk")) == whole
    assert RawMail.objects.get(pk=large.pk).outcome == Outcome.QUARANTINED and not Ticket.objects.exists()
    ada.post(f"{LEDGER}many/", {"act": "discard", "mail": [large.pk], "sure": "1"})
    assert RawMail.objects.get(pk=large.pk).discarded_at


def keep_job(act: Callable[[], RawMail]) -> RawMail:
    """Does something that clears the jobs, and puts the one that waited back."""
    waiting = list(Job.objects.all())
    made = act()
    Job.objects.bulk_create(waiting)
    return made


def test_a_team_lead_works_with_the_mail_of_the_mailboxes_of_the_teams(
    cast: Cast, lead: Client, keep: Keep, other: Mailbox
) -> None:
    foreign = keep("foreign")
    own = keep("own", mailbox=other)
    elsewhere = keep("elsewhere", mailbox=other, outcome=Outcome.REPLY, ticket=cast.ticket())
    text = _text(lead, LEDGER)
    assert ">own</a>" in text and ">foreign</a>" not in text and ">elsewhere</a>" not in text
    assert "help@lindhafen.example" not in text
    assert lead.get("/settings/").url == LEDGER
    assert "could not be taken in" in _text(lead, "/desk/views/mine/")
    assert "foreign" not in _text(lead, f"{LEDGER}sum/")
    for row in (foreign, elsewhere):
        for act in ("", "raw/", "delete/"):
            assert lead.get(f"{LEDGER}{row.pk}/{act}").status_code == 404
        for act in ("retry/", "ticket/", "delete/", "restore/"):
            assert lead.post(f"{LEDGER}{row.pk}/{act}").status_code == 404
    lead.post(f"{LEDGER}many/", {"act": "discard", "mail": [own.pk, foreign.pk], "sure": "1"})
    lead.post(f"{LEDGER}many/", {"act": "discard", "all": "1", "sure": "1"})
    drain("default")
    assert list(RawMail.objects.filter(discarded_at__isnull=False)) == [own]
    assert lead.get("/settings/mailboxes/").status_code == 404


def test_who_sees_all_leaves_alone_the_mail_of_a_team_where_it_is_not_for_him(
    cast: Cast, lead: Client, keep: Keep, other: Mailbox
) -> None:
    create_role(name="post", rights=["see", "see_all", "mail"], by=TEST)
    create_role(name="guest", rights=["see"], by=TEST)
    Agent.objects.filter(pk=cast.piotr.pk).update(role="post")
    TeamMembership.objects.filter(agent=cast.piotr).update(role="guest")
    shown, hidden = keep("shown"), keep("hidden", mailbox=other)
    text = _text(lead, LEDGER)
    assert ">shown</a>" in text and ">hidden</a>" not in text and other.address not in text
    assert lead.post(f"{LEDGER}{hidden.pk}/delete/").status_code == 404
    lead.post(f"{LEDGER}many/", {"act": "discard", "all": "1", "sure": "1"})
    drain("default")
    assert list(RawMail.objects.filter(discarded_at__isnull=False)) == [shown]


def test_an_agent_has_nothing_to_do_here(cast: Cast, keep: Keep) -> None:
    row = keep()
    anna = cast.browser(cast.anna)
    for address in (LEDGER, f"{LEDGER}sum/", f"{LEDGER}{row.pk}/", f"{LEDGER}{row.pk}/raw/"):
        assert anna.get(address).status_code == 404
    assert anna.post(f"{LEDGER}many/", {"act": "retry", "all": "1", "sure": "1"}).status_code == 404


def test_the_headers_are_shown_as_text(ada: Client, keep: Keep) -> None:
    text = _text(ada, f"{LEDGER}{keep('<script>1</script>').pk}/")
    assert "Subject: &lt;script&gt;1&lt;/script&gt;" in text and "<script>1" not in text


def test_the_sum_is_told_for_any_period_and_mailbox(ada: Client, keep: Keep, other: Mailbox) -> None:
    keep()
    keep(mailbox=other, outcome=Outcome.OWN)
    keep(mailbox=other, outcome=Outcome.OWN, received_at=clock.now() - timedelta(days=40))
    for reason in ("size", "recipient", "recipient"):
        count_refusal(reason)
    text = " ".join(_text(ada, f"{LEDGER}sum/").split())
    assert "The sum closes: 3 mails received, 3 accounted for." in text
    assert 'for an address that is not ours</dt><dd class="num">2</dd>' in text
    narrowed = _text(ada, f"{LEDGER}sum/?since={(clock.now() - timedelta(days=20)).date()}&mailbox={other.pk}")
    assert "The sum closes: 1 mail received" in narrowed
    week = Wanted(since=clock.now() - timedelta(days=7))
    assert read_ledger(week).accepted == 2 and read_ledger(Wanted(mailbox=other.pk)).accepted == 2
    RawMail.objects.filter(outcome=Outcome.OWN).update(outcome=Outcome.NEW, handled_at=None)
    assert "The sum does not close:" in _text(ada, f"{LEDGER}sum/")


def test_the_ledger_costs_the_same_queries_however_long_it_is(
    ada: Client, keep: Keep, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        keep(f"Mail {number}")
    ada.get(LEDGER)
    for address in (f"{LEDGER}?outcome=open", f"{LEDGER}sum/"):
        with django_assert_max_num_queries(18):
            ada.get(address)
