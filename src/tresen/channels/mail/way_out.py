"""By which server mail about accounts leaves, only an administrator says: whoever has that server reads the links for
new passwords. Changes of mailboxes and brands by a person go through here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from tresen.channels.mail.account_mail import account_mailbox, may_sign_in
from tresen.channels.mail.mailboxes import change_mailbox, create_mailbox
from tresen.channels.mail.models import Mailbox, SignIn
from tresen.channels.mail.oauth.signing_in import begin
from tresen.core.people.brands import change_brand, create_brand
from tresen.core.people.models import Agent, Brand
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal


class NotYourWayOut(Exception):
    """Mail about accounts would leave by another server or account than before; this person cannot say so."""


def add_mailbox(*, set: dict[str, Any], passwords: dict[str, str], principal: Principal) -> Mailbox:
    """See mailboxes.create_mailbox. Raises NotYourWayOut."""
    with _kept_for(principal):
        return create_mailbox(set=set, passwords=passwords, by=principal.actor)


def save_mailbox(
    mailbox: Mailbox, *, set: dict[str, Any], passwords: dict[str, str], principal: Principal, expected: str
) -> Mailbox:
    """See mailboxes.change_mailbox. Raises NotYourWayOut."""
    with _kept_for(principal):
        return change_mailbox(mailbox, set=set, passwords=passwords, by=principal.actor, expected=expected)


def add_brand(*, set: dict[str, Any], principal: Principal) -> Brand:
    """See brands.create_brand. Raises NotYourWayOut."""
    with _kept_for(principal):
        return create_brand(set=set, by=principal.actor)


def save_brand(brand: Brand, *, set: dict[str, Any], principal: Principal, expected: str) -> Brand:
    """See brands.change_brand. Raises NotYourWayOut."""
    with _kept_for(principal):
        return change_brand(brand, set=set, by=principal.actor, expected=expected)


def ask_to_sign_in(mailbox: Mailbox, *, agent: Agent, principal: Principal) -> None:
    """See signing_in.begin, which asks again when the account is chosen. Raises NotYourWayOut."""
    if not may_sign_in(mailbox, principal):
        raise NotYourWayOut
    begin(mailbox, agent=agent)


def _may(principal: Principal) -> bool:
    return can(principal, "role.manage")


@contextmanager
def _kept_for(principal: Principal) -> Iterator[None]:
    """A transaction for what changes mailboxes or brands; where it must not be, nothing is changed."""
    with transaction.atomic():
        list(Mailbox.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
        before = _way_out()
        yield
        if _way_out() != before and not _may(principal):
            raise NotYourWayOut


def _way_out() -> tuple[Any, ...]:
    """What decides by which server; () for that of the installation."""
    found = account_mailbox()
    if found is None or (found.sign_in == SignIn.PASSWORD and not found.smtp_host):
        return ()
    account = 0 if found.sign_in == SignIn.PASSWORD else found.pk
    return (found.sign_in, found.smtp_host, found.smtp_port, found.smtp_security, found.smtp_user, account)
