"""An endpoint that fails for an hour, or that the desk calls no more: the administrators hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils.translation import gettext as _

from tresen.channels.mail.alarms import Alarm
from tresen.kit import clock
from tresen.service.webhooks.models import Endpoint
from tresen.spine.events.models import Event

AFTER, TOLD_FOR = timedelta(hours=1), timedelta(hours=1)


def failing_endpoints() -> Iterator[Alarm]:
    """For the table ALARMS."""
    for endpoint in Endpoint.objects.filter(is_active=True, failing_since__lt=clock.now() - AFTER)[:20]:
        yield Alarm("webhook", partial(_failing, endpoint.name), f"/settings/webhooks/{endpoint.pk}/", str(endpoint.pk))
    for event in Event.objects.filter(kind="webhook.stopped", at__gte=clock.now() - TOLD_FOR).order_by("pk")[:20]:
        words = partial(_stopped, str(event.changes.get("name", "")), str(event.changes.get("why", "")))
        yield Alarm("webhook-stopped", words, f"/settings/webhooks/{event.stream_id}/", str(event.stream_id))


def why_stopped(why: str) -> str:
    """Why the desk calls an endpoint no more, in a sentence."""
    if why == "gone":
        return _("It answered that it is gone for good (410).")
    return _("For three days no call has reached it.")


def _failing(name: str) -> tuple[str, str]:
    text = _("For an hour no call of “%(name)s” was taken. Tresen goes on trying for three days, then it stops.")
    return _("The webhook “%(name)s” fails") % {"name": name}, text % {"name": name}


def _stopped(name: str, why: str) -> tuple[str, str]:
    return _("The webhook “%(name)s” has been switched off") % {"name": name}, why_stopped(why)
