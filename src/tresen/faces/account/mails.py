"""What the mails about accounts say, in the language of who gets them. Links are built from the configured address."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from tresen.core.people.accounts import INVITE_HOURS
from tresen.core.people.hosts import brand_url
from tresen.core.people.mail_sign_in import MINUTES
from tresen.core.people.models import Brand, User
from tresen.faces.account.accounts_by import uid_of
from tresen.spine.events.models import Event


def absolute(path: str) -> str:
    """An address for outside: TRESEN_BASE_URL and a path, never the Host of a request (S13)."""
    return f"{settings.BASE_URL}{path}"


def invitation_url(token: str) -> str:
    """Where an invitation is accepted."""
    return absolute(reverse("account:invite", args=[token]))


def reset_mail(user: User, brand: Brand | None = None) -> tuple[str, str]:
    """Subject and text of the mail with the link for a new password; `brand`: at whose host a customer asked for it."""
    path = reverse("account:reset", args=[uid_of(user), default_token_generator.make_token(user)])
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    with translation.override(user.language):
        url, desk = (brand_url(brand, path), brand.name) if brand else (absolute(path), desk_name())
        context = {"name": user.name, "url": url, "minutes": minutes, "desk": desk}
        return _("Set a new password"), render_to_string("account/mail/reset.txt", context)


def sign_in_mail(token: str, language: str, brand: Brand | None = None) -> tuple[str, str]:
    """Subject and text of the mail with the link that signs a customer in; `brand`: at whose host he asked for it."""
    path = reverse("account:mail-link-open", args=[token])
    with translation.override(language):
        url, desk = (brand_url(brand, path), brand.name) if brand else (absolute(path), desk_name())
        context = {"url": url, "minutes": MINUTES, "desk": desk}
        return _("Sign in at %(desk)s") % {"desk": desk}, render_to_string("account/mail/sign_in.txt", context)


def invitation_mail(user: User, token: str) -> tuple[str, str]:
    """Subject and text of an invitation."""
    with translation.override(user.language):
        desk = desk_name()
        context = {"name": user.name, "url": invitation_url(token), "hours": INVITE_HOURS, "desk": desk}
        subject = _("Your account at %(desk)s") % {"desk": desk}
        return subject, render_to_string("account/mail/invitation.txt", context)


def factor_mail(user: User, event: Event) -> tuple[str, str]:
    """Subject and text of the mail about a change of the second factor."""
    with translation.override(user.language):
        at = event.at.astimezone(zoneinfo.ZoneInfo(user.timezone))
        context = {
            "name": user.name, "what": _what_changed(event.kind, event.changes), "url": absolute(reverse("account:me")),
            "at": formats.date_format(at, "DATETIME_FORMAT"),
        }  # fmt: skip
        return _("Your sign-in at %(desk)s") % {"desk": desk_name()}, render_to_string(
            "account/mail/factor.txt", context
        )


def _what_changed(kind: str, facts: dict[str, Any]) -> str:
    is_app = facts.get("kind") == "app"
    if kind == "factor.added":
        if is_app:
            return _("An authenticator app was set up for your account.")
        return _("The passkey “%(name)s” was added to your account.") % {"name": facts["name"]}
    if kind == "factor.removed":
        if is_app:
            return _("The authenticator app was removed from your account.")
        return _("The passkey “%(name)s” was removed from your account.") % {"name": facts["name"]}
    if kind == "factor.reset":
        return _("Your second factor was reset by an administrator: app, passkeys and recovery codes count no longer,"
                 " and you are signed out everywhere. Your password stays.")  # fmt: skip
    if kind == "recovery_codes.made":
        return _("New recovery codes were made for your account. The old ones are worth nothing.")
    return _("A recovery code was used for your account. Left are: %(left)s.") % {"left": facts["left"]}


def desk_name() -> str:
    """What the desk is called: the name of its default brand."""
    brand = Brand.objects.filter(is_active=True).order_by("-is_default", "pk").first()
    return brand.name if brand else "Tresen"
