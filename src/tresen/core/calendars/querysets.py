"""Reads of calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from tresen.core.calendars.models import Calendar  # noqa: F401
    from tresen.core.people.principals import Principal


class CalendarQuerySet(models.QuerySet["Calendar"]):
    """Calendars."""

    def visible_to(self, principal: Principal) -> CalendarQuerySet:
        """Staff see every calendar; outsiders none."""
        return self.all() if principal.is_staff else self.none()
