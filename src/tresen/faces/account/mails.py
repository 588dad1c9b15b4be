"""What the mails about accounts say, in the language of who gets them. Links are built from the configured address."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tresen.core.people.accounts import INVITE_HOURS
from tresen.core.people.models import Brand, User
from tresen.faces.account.accounts_by import uid_of


def absolute(path: str) -> str:
    """An address for outside: TRESEN_BASE_URL and a path, never the Host of a request (S13)."""
    return f"{settings.BASE_URL}{path}"


def invitation_url(token: str) -> str:
    """Where an invitation is accepted."""
    return absolute(reverse("account:invite", args=[token]))


def reset_mail(user: User) -> tuple[str, str]:
    """Subject and text of the mail with the link for a new password."""
    path = reverse("account:reset", args=[uid_of(user), default_token_generator.make_token(user)])
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    with translation.override(user.language):
        context = {"name": user.name, "url": absolute(path), "minutes": minutes, "desk": _desk_name()}
        return _("Set a new password"), render_to_string("account/mail/reset.txt", context)


def invitation_mail(user: User, token: str) -> tuple[str, str]:
    """Subject and text of an invitation."""
    with translation.override(user.language):
        desk = _desk_name()
        context = {"name": user.name, "url": invitation_url(token), "hours": INVITE_HOURS, "desk": desk}
        subject = _("Your account at %(desk)s") % {"desk": desk}
        return subject, render_to_string("account/mail/invitation.txt", context)


def _desk_name() -> str:
    brand = Brand.objects.filter(is_active=True).order_by("-is_default", "pk").first()
    return brand.name if brand else "Tresen"
