"""Signing in without a password: a customer gets a link at his address, good once and for a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tresen.core.people.accounts import LinkDead
from tresen.core.people.models import Contact, Identity, SignInLink, User
from tresen.core.people.services import verify_mail
from tresen.kit import clock
from tresen.kit.crypto import new_token, token_hash
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

MINUTES = 15


def may_enter(identity: Identity) -> bool:
    """Whether whoever reads that mailbox is taken for its contact: it is verified, or the only one he has, so that all
    mail goes there anyway. Never for an address or account of an agent, nor one at rest or of somebody else."""
    contact = identity.contact
    if identity.kind != "mail":
        return False
    others = contact.identities.filter(kind="mail").exclude(pk=identity.pk)
    if identity.verified_at is None and others.exists():
        return False
    account = contact.user or User.objects.filter(email=identity.folded).first()
    if account is None:
        return True
    is_own = contact.user_id is not None or getattr(account, "contact", None) == contact
    other = User.objects.filter(email=identity.folded, agent__isnull=False).exists()
    return is_own and account.is_active and account.agent_or_none is None and not other


def mint_sign_in(identity: Identity) -> str:
    """A token for that address, good once within MINUTES. Only its hash is kept: send it now or never."""
    token = new_token()
    until = clock.now() + timedelta(minutes=MINUTES)
    SignInLink.objects.create(identity=identity, token_hash=token_hash(token), expires_at=until)
    return token


def open_sign_in(token: object) -> SignInLink | None:
    """The living link of a token, or None."""
    if not isinstance(token, str) or not 20 <= len(token) <= 100:
        return None
    return _alive().filter(token_hash=token_hash(token)).first()


def living_sign_in(key: object) -> SignInLink | None:
    """The living link of that key, which a session kept."""
    return _alive().filter(pk=key).first() if isinstance(key, int) else None


def _alive() -> QuerySet[SignInLink]:
    rows = SignInLink.objects.filter(used_at=None, expires_at__gt=clock.now())
    return rows.select_related("identity__contact__user")


@transaction.atomic
def use_sign_in(link: SignInLink, *, language: str = "en") -> User:
    """Uses the link up; answers the account of its contact, made now if there was none, and notes that the address is
    his. `language`: of a new account whose contact names none. Events `account.created` and `contact.verified` where
    that is new. Raises LinkDead."""
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=link.identity.contact_id)
    won = SignInLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=clock.now()).update(used_at=clock.now())
    identity = Identity.objects.select_related("contact__user").filter(pk=link.identity_id, contact=contact).first()
    if not won or identity is None or not may_enter(identity):
        raise LinkDead
    verify_mail(contact, address=identity.value, by=Actor.contact(contact))
    return contact.user or _make_account(contact, identity, language)


def _make_account(contact: Contact, identity: Identity, language: str) -> User:
    zone = {"timezone": contact.timezone} if contact.timezone else {}
    user = User(email=identity.folded, name=contact.name[:120], language=contact.language or language, **zone)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as fault:
        raise LinkDead from fault
    contact.user = user
    contact.save(update_fields=["user"])
    record("account.created", stream=user, by=Actor.contact(contact))
    return user


def sweep_sign_ins() -> int:
    """Removes links that have been over for a day; how many."""
    return SignInLink.objects.filter(expires_at__lte=clock.now() - timedelta(days=1)).delete()[0]
