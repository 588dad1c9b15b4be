"""What the desk has of one person."""

from __future__ import annotations

import os
from pathlib import Path

import click

from tresen.faces.cli.prepare import set_up


@click.group()
def privacy() -> None:
    """What the desk has of one person."""


@privacy.command()
@click.argument("contact")
@click.option("--to", "file", type=click.Path(path_type=Path), help="the zip; my-data.zip where nothing is said")
def export(contact: str, file: Path | None) -> None:
    """Writes all that the desk has of a contact, named by mail address or key, into a zip: JSON, mails and files, no
    internal note. Example: tresen privacy export carol@example.org --to carol.zip"""
    set_up()
    from django.db import transaction

    from tresen.core.people.models import Contact
    from tresen.core.people.services import find_contact
    from tresen.service.participation.own_data import write_copy
    from tresen.spine.events.actors import Actor
    from tresen.spine.events.services import record

    found = Contact.objects.filter(pk=int(contact)).first() if contact.isdecimal() else find_contact(mail=contact)
    if found is None:
        raise click.ClickException(f"There is no contact {contact}; name a mail address or a key.")
    target = file or Path("my-data.zip")
    if target.exists():
        raise click.ClickException(f"{target} exists already; choose another name with --to.")
    with open(target, "xb") as out:
        os.chmod(target, 0o600)
        write_copy(found, out)
    with transaction.atomic():
        record("data.exported", stream=found, by=Actor.system("command line"))
    click.echo(f"{target}: {target.stat().st_size} bytes")
