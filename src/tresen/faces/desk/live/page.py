"""What every page of the desk tells its modules about the live stream: addresses and words, as `data-live-…`."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tresen.core.people.principals import principal_of
from tresen.kit import clock
from tresen.service.live.cursor import Cursor


def live_page(request: HttpRequest) -> dict[str, str]:
    """Empty for who is no agent. `stream` is missing where the server cannot keep a line open (WSGI)."""
    agent = principal_of(request).agent
    if agent is None:
        return {}
    streams = {"stream": reverse("desk:live-stream")} if hasattr(request, "scope") else {}
    return streams | {
        "poll": reverse("desk:live-poll"),
        "presence": reverse("desk:live-presence", args=["NUMBER"]),
        "leave": reverse("desk:live-leave"),
        "rows": reverse("desk:live-rows"),
        "left": _("no longer in this view"),
        "who": str(agent.pk),
        "after": str(Cursor(0, clock.now())),
        "lost": _("No connection. What you see may be out of date; it is brought up to date as soon as it is back."),
        "back": _("The connection is back, everything is up to date."),
    }
