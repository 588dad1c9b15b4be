"""A rule that the desk has switched off by itself: the administrators hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils.translation import gettext as _

from tresen.channels.mail.alarms import Alarm
from tresen.kit import clock
from tresen.spine.events.models import Event

TOLD_FOR = timedelta(hours=1)


def stopped_rules() -> Iterator[Alarm]:
    """Those of the last hour, for the table ALARMS."""
    for event in Event.objects.filter(kind="rule.stopped", at__gte=clock.now() - TOLD_FOR).order_by("pk")[:20]:
        words = partial(_words, str(event.changes.get("name", "")), str(event.changes.get("why", "")))
        yield Alarm("rule", words, f"/settings/rules/{event.stream_id}/", str(event.stream_id))


def why_stopped(why: str) -> str:
    """Why the desk switched a rule off, in a sentence."""
    if why == "own_mail":
        return _("It would have written to one of our own mailboxes.")
    if why == "gone":
        return _("Something that its condition names is gone.")
    if why == "depth":
        return _("More rules called one another than the limit allows.")
    return _("It would have gone on for ever: another rule undoes what it does, or it calls itself.")


def _words(name: str, why: str) -> tuple[str, str]:
    told = {"name": name}
    text = _("Tresen has switched off the rule “%(name)s”.") % told
    return _("The rule “%(name)s” has been switched off") % told, f"{text} {why_stopped(why)}"
