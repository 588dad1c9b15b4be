"""A date that was missed: the administrators hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.channels.mail.alarms import Alarm
from tresen.kit import clock
from tresen.service.recurring.models import Recurring
from tresen.spine.events.models import Event

TOLD_FOR = timedelta(hours=1)


def holes() -> Iterator[Alarm]:
    """Those of the last hour, for the table ALARMS."""
    for event in Event.objects.filter(kind="recurring.missed", at__gte=clock.now() - TOLD_FOR).order_by("pk")[:20]:
        row = Recurring.objects.filter(pk=event.stream_id).first()
        if row is not None:
            words = partial(_words, row.name, len(event.changes.get("dates", [])), event.changes.get("fault", ""))
            yield Alarm("recurring", words, f"/settings/recurring/{row.pk}/", str(event.pk))


def _words(name: str, count: int, fault: str) -> tuple[str, str]:
    told = {"name": name, "n": count, "fault": fault}
    if fault:
        text = _("The ticket of “%(name)s” could not be made for an hour: %(fault)s. Look at what it names, then make"
                 " it up.")  # fmt: skip
        return _("“%(name)s” could not be made") % told, text % told
    return _("A date of “%(name)s” was missed") % told, ngettext(
        "The desk stood still: %(n)s ticket of “%(name)s” was not made at its date. It can be made up for.",
        "The desk stood still: %(n)s tickets of “%(name)s” were not made at their dates. They can be made up for.",
        count,
    ) % told
