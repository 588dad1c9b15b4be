"""`tresen mail`: reading, taking in, fetching, the ledger."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from tresen.faces.cli.commands_mail_parse import parse
from tresen.faces.cli.prepare import set_up

if TYPE_CHECKING:
    from tresen.channels.mail.models import RawMail

TEMPFAIL = 75  # EX_TEMPFAIL of sysexits.h: a mail server keeps the mail and tries again


@click.group()
def mail() -> None:
    """Mail: read it, take it in, fetch it, account for it."""


mail.add_command(parse)


@mail.command()
@click.option("--to", "recipient", required=True, help="The mailbox it is for.")
@click.option("--from", "sender", default="", help="The envelope sender, if known.")
@click.argument("file", type=click.File("rb"))
def receive(recipient: str, sender: str, file: object) -> None:
    """Takes one mail in; exit 0 once it is safely stored, 75 when it must be tried again.

    Example: tresen mail receive --to support@example.org mail.eml
    """
    try:
        row = _store(file, recipient=recipient, sender=sender)
    except click.ClickException:
        raise
    except (Exception, SystemExit, KeyboardInterrupt) as fault:
        click.echo(f"Error: The mail could not be stored ({fault}); try again.", err=True)
        sys.exit(TEMPFAIL)
    click.echo(f"stored as {row.pk if row else '-'}")


def _store(file: Any, *, recipient: str, sender: str) -> RawMail | None:
    """Reads and stores; ClickException where trying again would not help, anything else where it may."""
    set_up()
    from tresen.channels.mail.spool import MailTooLarge, count_refusal, mailbox_for, store_mail

    raw = file.read()
    mailbox = mailbox_for(recipient)
    if mailbox is None:
        raise click.ClickException(f"There is no active mailbox with the address {recipient}; see Settings, Mailboxes.")
    try:
        return store_mail(raw, mailbox=mailbox, source="pipe", envelope_from=sender, envelope_to=recipient)
    except MailTooLarge as fault:
        count_refusal("size")
        raise click.ClickException("The mail is larger than 36 MB; have it sent with smaller files.") from fault


@mail.command()
def fetch() -> None:
    """Polls every mailbox that is fetched (IMAP, POP3) now. Example: tresen mail fetch"""
    set_up()
    from tresen.channels.mail.fetcher import fetch_all

    results = fetch_all()
    for address, result in results.items():
        if result is None:
            click.echo(f"{address}: another process is fetching it just now")
        else:
            click.echo(f"{address}: {result} new" if isinstance(result, int) else f"{address}: {result}")
    if any(isinstance(result, str) for result in results.values()):
        sys.exit(1)


DAY = click.DateTime(formats=["%Y-%m-%d"])


@mail.command()
@click.option("--from", "first", type=DAY, help="The first day, UTC (2026-01-31).")
@click.option("--to", "last", type=DAY, help="The last day, UTC; it counts whole.")
@click.option("--mailbox", "address", default="", help="Only mail of this mailbox.")
def ledger(first: datetime | None, last: datetime | None, address: str) -> None:
    """Counts every received mail by outcome; exit 1 if the sum does not close.

    Example: tresen mail ledger --from 2026-01-01 --to 2026-01-31 --mailbox support@example.org
    """
    set_up()
    from tresen.channels.mail.ledger import read_ledger
    from tresen.channels.mail.models import Mailbox
    from tresen.channels.mail.received import Wanted

    mailbox = Mailbox.objects.filter(address__iexact=address.strip()).first() if address else None
    if address and mailbox is None:
        raise click.ClickException(f"There is no mailbox with the address {address}; see Settings, Mailboxes.")
    since = first.replace(tzinfo=UTC) if first else None
    until = last.replace(tzinfo=UTC) + timedelta(days=1) if last else None
    found = read_ledger(Wanted(mailbox=mailbox.pk if mailbox else 0, since=since, until=until))
    click.echo(f"received    {found.accepted}")
    for outcome, count in found.outcomes.items():
        click.echo(f"  {outcome:<12}{count}")
    click.echo(f"  {'waiting':<12}{found.waiting}")
    if found.deleted:
        click.echo(f"of these, deleted by a person: {found.deleted}")
    for reason, count in found.refused.items():
        click.echo(f"refused at the door, {reason}: {count}")
    for fault in found.faults:
        click.echo(f"fault: {fault}", err=True)
    if not found.closes:
        raise click.ClickException("The ledger does not close; run tresen integrity check.")
    click.echo("the ledger closes")


@mail.command()
@click.argument("mail_id", type=int)
def retry(mail_id: int) -> None:
    """Tries a quarantined or suspended mail again. Example: tresen mail retry 17"""
    set_up()
    from tresen.channels.mail.models import RawMail
    from tresen.channels.mail.received import can_be_retried
    from tresen.channels.mail.services import retry as take_in_again
    from tresen.spine.events.actors import Actor

    row = RawMail.objects.filter(pk=mail_id).first()
    if row is None:
        raise click.ClickException(f"There is no mail {mail_id}; see Settings, Received mail.")
    if row.discarded_at:
        raise click.ClickException(f"Mail {mail_id} was deleted by {row.discarded_by}; take that back in the settings.")
    if row.outcome not in {"quarantined", "suspended"}:
        raise click.ClickException(
            f"Mail {mail_id} is neither quarantined nor suspended but {row.outcome}; only those can be tried again."
        )
    if not can_be_retried(row):
        raise click.ClickException(
            f"Mail {mail_id} was too large; its headers alone are here, so ask for it once more."
        )
    take_in_again(row, by=Actor.system("command line"))
    click.echo("the worker takes it in again")
