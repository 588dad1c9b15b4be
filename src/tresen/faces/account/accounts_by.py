"""Finding the account behind an address or a link, before anybody is signed in."""

from __future__ import annotations

from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import User


def account_by_mail(address: str) -> int:
    """The key of the active account with that address, 0 when there is none: both are worked on alike."""
    found = User.objects.filter(email=fold_mail(address), is_active=True).values_list("pk", flat=True).first()
    return found or 0


def uid_of(user: User) -> str:
    """The account in a reset link."""
    return urlsafe_base64_encode(force_bytes(user.pk))


def account_by_uid(uid: str) -> User | None:
    """The active account of a reset link, or None."""
    try:
        key = urlsafe_base64_decode(uid).decode("ascii")
    except (ValueError, UnicodeDecodeError):
        return None
    if not key.isdecimal() or len(key) > 18:
        return None
    return User.objects.select_related("agent__role").filter(pk=int(key), is_active=True).first()
