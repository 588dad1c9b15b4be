"""Addresses that are handed to somebody outside this browser."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tresen.channels.mail.mailboxes import outgoing_is_set_up
from tresen.core.people.models import Agent
from tresen.kit import notices


def invitation_link(token: str) -> str:
    """Where an invitation is accepted: TRESEN_BASE_URL and a path, never the Host of a request (S13)."""
    return f"{settings.BASE_URL}{reverse('account:invite', args=[token])}"


def tell_of_renewed(request: HttpRequest, renewed: Iterable[Agent]) -> None:
    """Says on the next page whose links a change has made useless (invitations.renew_if_raised), if anybody's."""
    names = ", ".join(agent.user.name for agent in renewed)
    if names and outgoing_is_set_up():
        words = _(
            "A fresh invitation is on its way to %(names)s, who may do more now than whoever sent the old one. The old"
            " link no longer opens."
        )
        notices.tell(request, words % {"names": names}, "info")
    elif names:
        words = _(
            "%(names)s: the invitation no longer opens, since more can be done with it now than its sender may. Mail"
            " does not leave the house yet, so hand over a fresh link from the page of each under “Agents”."
        )
        notices.tell(request, words % {"names": names}, "warn")
