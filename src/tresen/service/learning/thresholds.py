"""From which confidence on a field is proposed, and filled in without anybody: as the administrator sets it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from tresen.service.learning.models import Field, FieldSettings
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, take_over
from tresen.spine.events.services import record

SHOWN_FROM = 60


@dataclass(frozen=True, slots=True)
class Thresholds:
    """By field, in percent."""

    shown: dict[str, int]
    filled: dict[str, int]

    def is_shown(self, field: str, confidence: float) -> bool:
        """It is sure enough to be proposed."""
        return confidence * 100 >= self.shown.get(field, SHOWN_FROM)

    def is_filled(self, field: str, confidence: float) -> bool:
        """It may fill it in by itself."""
        return field in self.filled and confidence * 100 >= self.filled[field]


def thresholds() -> Thresholds:
    """As they stand."""
    rows = list(FieldSettings.objects.all())
    filled = {row.field: row.filled_from for row in rows if row.filled_from is not None}
    return Thresholds({row.field: row.shown_from for row in rows}, filled)


@transaction.atomic
def set_thresholds(field: str, *, shown_from: int, filled_from: int | None, by: Actor) -> FieldSettings:
    """Other limits for a field. Event `learning.changed`, none when nothing changes."""
    made, _new = FieldSettings.objects.get_or_create(field=Field(field), defaults={"shown_from": SHOWN_FROM})
    row = FieldSettings.objects.select_for_update().get(pk=made.pk)
    wanted = {"shown_from": shown_from, "filled_from": filled_from}
    if changes := changed_fields(row, wanted, tuple(wanted)):
        take_over(row, changes)
        row.save()
        record("learning.changed", stream=row, by=by, changes=changes)
    return row
