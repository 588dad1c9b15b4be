"""What people do to mail that waits for them: delete it, take that back, make a ticket of what cannot be read, or do
one of these to everything that a filter finds."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from tresen.channels.mail.models import Mailbox, Outcome, RawMail
from tresen.channels.mail.received import WAITING, Wanted, only_whole
from tresen.channels.mail.services import retry
from tresen.channels.mail.spool import raw_bytes, still_kept
from tresen.core.people.identities import is_mail_address
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets import services as tickets
from tresen.core.tickets.choices import Channel, Trust
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import take_number
from tresen.kit import clock, files
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record
from tresen.spine.jobs.registry import Retry

AT_ONCE = 50
SECONDS_A_TURN = 5.0


def discard(raw: RawMail, *, by: Actor) -> bool:
    """Deletes a mail that waits for a person: its line stays in the ledger with its outcome, its bytes go after 30
    days. False when it was not waiting any longer. Event `mail.discarded`."""
    with transaction.atomic():
        changed = RawMail.objects.filter(pk=raw.pk, outcome__in=WAITING, discarded_at=None).update(
            discarded_at=clock.now(), discarded_by=by.name[:160]
        )
        if changed:
            record("mail.discarded", stream=raw, by=by, changes={"outcome": raw.outcome, "sha256": raw.sha256})
    return bool(changed)


def restore(raw: RawMail, *, by: Actor) -> bool:
    """Takes a deletion back, as long as the bytes are there. Event `mail.restored`."""
    with transaction.atomic():
        gone = still_kept(RawMail.objects.filter(pk=raw.pk, discarded_at__isnull=False))
        changed = gone.update(discarded_at=None, discarded_by="")
        if changed:
            record("mail.restored", stream=raw, by=by)
    return bool(changed)


def keep_as_ticket(raw: RawMail, *, by: Actor) -> Ticket | None:
    """Makes a ticket of a mail that could not be read: its bytes are a file there. None when it is not in quarantine
    any longer, or its head alone is here."""
    mailbox, data = raw.mailbox, raw_bytes(raw)
    if mailbox is None:
        return None
    number = take_number(mailbox.brand)
    file = prepare_file([data], filename=f"mail-{raw.pk}.eml")
    ticket: Ticket | None = None
    try:
        with transaction.atomic():
            waiting = RawMail.objects.select_for_update().filter(
                pk=raw.pk, outcome=Outcome.QUARANTINED, discarded_at=None
            )
            if only_whole(waiting).exists():
                ticket = _ticket(raw, mailbox, number=number, file=file, by=by)
                RawMail.objects.filter(pk=raw.pk).update(
                    outcome=Outcome.NEW, ticket=ticket, message=ticket.messages.get(), handled_at=clock.now(),
                    reason={"rule": "kept_as_file", "by": by.name, "before": raw.reason},
                )  # fmt: skip
    finally:
        if ticket is None:
            files.remove(file.storage_key)
    return ticket


def _ticket(raw: RawMail, mailbox: Mailbox, *, number: str, file: Any, by: Actor) -> Ticket:
    sender = raw.sender or raw.envelope_from
    known = sender if is_mail_address(sender) else ""
    contact = find_or_create_contact(mail=known, name="" if known else "?", language=mailbox.language, by=by)
    with translation.override(mailbox.language):
        subject = raw.subject or _("A mail that could not be read")
        text = _("This mail could not be read. It is attached as it came, byte for byte; open it with care.")
    return tickets.create_ticket(
        by=by, requester=contact, subject=subject, content=Content(text), channel=Channel.MAIL, brand=mailbox.brand,
        team=mailbox.team, trust=Trust.CLAIMED if known else Trust.ANONYMOUS, files=[file], number=number,
        why={"rule": "kept_as_file"}, is_unconfirmed=True, quiet=True,
    )  # fmt: skip


ACTS = {"retry": retry, "discard": discard}


def open_to(act: str, rows: QuerySet[RawMail]) -> QuerySet[RawMail]:
    """Those of the rows that wait and to which `act` can be done."""
    waiting = rows.filter(outcome__in=WAITING, discarded_at=None)
    return only_whole(waiting) if act == "retry" else waiting


def start_in_bulk(
    act: str, wanted: Wanted, *, teams: list[int] | None, but: Iterable[int] = (), by: Actor
) -> None:  # fmt: skip
    """Does `act` (retry or discard) to every waiting mail that the filter finds and that is there now, as a job.
    `teams`: only mailboxes of these; `but`: none of these. Raises KeyError for another act."""
    from tresen.channels.mail.jobs import handle_many

    ACTS[act]
    newest = RawMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    facts: dict[str, Any] = {
        "wanted": wanted.as_json(),
        "up_to": newest,
        "teams": teams,
        "but": list(but),
        "by": asdict(by),
    }
    handle_many.enqueue(act=act, **facts)


def go_on_in_bulk(
    *, act: str, wanted: dict[str, Any], up_to: int, teams: list[int] | None, but: list[int], by: dict[str, Any]
) -> None:  # fmt: skip
    """A turn of `start_in_bulk`: 50 mails a transaction, each with its event, for some seconds. Raises Retry while
    some are left."""
    actor, until = Actor(**by), time.monotonic() + SECONDS_A_TURN
    found = open_to(act, Wanted.from_json(wanted).among(RawMail.objects.filter(pk__lte=up_to)))
    if teams is not None:
        found = found.filter(mailbox__team__in=teams)
    if but:
        found = found.exclude(mailbox__team__in=but)
    while rows := list(found.defer("raw").order_by("pk")[:AT_ONCE]):
        with transaction.atomic():
            for raw in rows:
                ACTS[act](raw, by=actor)
        if time.monotonic() > until:
            raise Retry(0, "more of them wait")
