"""Mailboxes: made, changed, put to rest. Their passwords go in and never come out (safety decision 19)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tresen.channels.mail.models import Incoming, Mailbox, Security, SignIn
from tresen.channels.mail.oauth.models import OAuthGrant, OAuthRequest
from tresen.channels.mail.oauth.providers import PROVIDERS
from tresen.core.people.identities import fold_mail, is_mail_address
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import NameTaken, save_named
from tresen.kit.crypto import new_token
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

FIELDS = (
    "address", "name", "brand", "team", "language", "acknowledges", "authserv_id", "is_active", "incoming", "imap_host",
    "imap_port", "imap_security", "imap_user", "imap_folder", "imap_move_to", "pop_host", "pop_port",
    "pop_security", "pop_user", "pop_deletes", "smtp_host", "smtp_port", "smtp_security", "smtp_user",
    "is_strict", "colleagues_join", "takes_forwards", "keeps_machines", "checks_dkim", "hook_provider", "quiet_hours",
    "sign_in",
)  # fmt: skip
WAYS = ("imap", "pop", "smtp")
# The ways that have a secret: a hook's is the one its provider signs with.
SECRETS = (*WAYS, "hook")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class PasswordNeeded(Exception):
    """The stored password is for another server (or a safer connection) and is not sent elsewhere; `way` says which."""

    def __init__(self, way: str) -> None:
        super().__init__(f"the {way} password must be entered again")
        self.way = way


class Unencrypted(Exception):
    """A connection without encryption is for this machine only; `way` says which."""

    def __init__(self, way: str) -> None:
        super().__init__(f"{way} would not be encrypted")
        self.way = way


def mailboxes_for(principal: Principal) -> QuerySet[Mailbox]:
    """All mailboxes for who looks after them, none for anybody else."""
    found = Mailbox.objects.select_related("brand", "team").order_by("address")
    return found if principal.may("set_mail") else found.none()


def outgoing_is_set_up() -> bool:
    """Whether mail can leave the house: a relay from the environment, or every active mailbox has its own server."""
    if settings.ENVIRONMENT.smtp_url:
        return True
    servers = set(Mailbox.objects.filter(is_active=True).values_list("smtp_host", flat=True))
    return bool(servers) and "" not in servers


def mailbox_values(mailbox: Mailbox) -> dict[str, Any]:
    """What a form shows of a mailbox, for its mark; no secret is among it."""
    return values_of(mailbox, FIELDS)


@transaction.atomic
def create_mailbox(*, set: dict[str, Any], passwords: dict[str, str] | None = None, by: Actor) -> Mailbox:
    """A new mailbox from FIELDS; `passwords` by way (one of SECRETS). Event `mailbox.created`.

    Raises NameTaken when the address is in use, ValueError for an address that is none, Unencrypted, KeyError.
    """
    mailbox = Mailbox()
    _put(mailbox, set)
    _check_ways(mailbox)
    for way, plain in (passwords or {}).items():
        if plain:
            mailbox.set_password(way, plain)
    _save(mailbox)
    record("mailbox.created", stream=mailbox, by=by, changes={"address": [None, mailbox.address]})
    return mailbox


@transaction.atomic
def change_mailbox(
    mailbox: Mailbox, *, set: dict[str, Any], passwords: dict[str, str] | None = None, by: Actor, expected: str = ""
) -> Mailbox:
    """Changes FIELDS and, where one is given, a password. Event `mailbox.changed`.

    Another server or provider, or a connection less safe than before, needs its secret again. Another account or
    folder starts anew with its mail. Raises ChangedMeanwhile, PasswordNeeded, Unencrypted, NameTaken, ValueError,
    KeyError.
    """
    locked = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    refuse_if_changed(mailbox_values(locked), expected)
    before = {field: getattr(locked, field) for field in FIELDS}
    _put(locked, set)
    _check_ways(locked)
    changes: dict[str, Any] = {
        f: [_shown(before[f]), _shown(getattr(locked, f))] for f in FIELDS if before[f] != getattr(locked, f)
    }
    given = {way: plain for way, plain in (passwords or {}).items() if plain}
    for way in SECRETS:
        if way in given:
            locked.set_password(way, given[way])
            changes[f"{way}_password"] = True
        elif getattr(locked, f"{way}_sealed") and _goes_elsewhere(way, changes):
            if way == "hook" or getattr(locked, f"{way}_host"):
                raise PasswordNeeded(way)
            locked.set_password(way, "")
    if "sign_in" in changes:
        OAuthGrant.objects.filter(mailbox=locked).delete()
        OAuthRequest.objects.filter(mailbox=locked).delete()
    if {"imap_host", "imap_user", "imap_folder"} & changes.keys():
        locked.imap_uidvalidity, locked.imap_last_uid = None, 0
    if {"pop_host", "pop_user"} & changes.keys():
        locked.pop_begun = False
        locked.known_by_pop.all().delete()
    if changes:
        locked.fault, locked.fault_at = "", None
        _save(locked)
        record("mailbox.changed", stream=locked, by=by, changes=changes)
    return locked


def _goes_elsewhere(way: str, changes: dict[str, Any]) -> bool:
    """Whether the stored secret would now be told to somebody it was not meant for."""
    if way == "hook":
        return "hook_provider" in changes
    weaker = changes.get(f"{way}_security", [None, None])[1] == Security.PLAIN
    return f"{way}_host" in changes or weaker


def _put(mailbox: Mailbox, set: dict[str, Any]) -> None:
    for field, value in set.items():
        if field not in FIELDS:
            raise KeyError(field)
        setattr(mailbox, field, value)
    if not is_mail_address(mailbox.address.strip()):
        raise ValueError("not a mail address")
    mailbox.address = fold_mail(mailbox.address)
    for way in WAYS:
        setattr(mailbox, f"{way}_host", getattr(mailbox, f"{way}_host").strip().lower())
    if mailbox.sign_in != SignIn.PASSWORD:
        _use_provider(mailbox)
    if mailbox.incoming == Incoming.HOOK and not mailbox.hook_key:
        mailbox.hook_key = new_token(192)


def _use_provider(mailbox: Mailbox) -> None:
    """Its servers are the only ones that are told its tokens; passwords are no longer needed."""
    for way, server in PROVIDERS[mailbox.sign_in].servers.items():
        setattr(mailbox, f"{way}_host", server.host)
        setattr(mailbox, f"{way}_port", server.port)
        setattr(mailbox, f"{way}_security", server.security)
        setattr(mailbox, f"{way}_user", getattr(mailbox, f"{way}_user") or mailbox.address)
        setattr(mailbox, f"{way}_sealed", "")


def _check_ways(mailbox: Mailbox) -> None:
    used = {"imap": mailbox.incoming == Incoming.IMAP, "pop": mailbox.incoming == Incoming.POP,
            "smtp": bool(mailbox.smtp_host)}  # fmt: skip
    for way in WAYS:
        host, security = getattr(mailbox, f"{way}_host"), getattr(mailbox, f"{way}_security")
        if used[way] and security == Security.PLAIN and host not in LOOPBACK:
            raise Unencrypted(way)


def _save(mailbox: Mailbox) -> None:
    if Mailbox.objects.filter(address__iexact=mailbox.address).exclude(pk=mailbox.pk).exists():
        raise NameTaken
    save_named(mailbox)


def _shown(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | None) else str(value)
