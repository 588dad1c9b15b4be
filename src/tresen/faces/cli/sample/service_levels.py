"""The sample's calendars, policies and clocks: office hours with the holidays of the country, round the clock, what is
promised to whom, and what that comes to on every ticket that is open or was lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import create_calendar
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.models import Ticket
from tresen.faces.cli.sample.house import BY, House
from tresen.service.sla.keeping import keep_all
from tresen.service.sla.services import create_policy

WHOLE_DAY = [["00:00", "24:00"]]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LATELY = timedelta(days=21)
# Minutes for urgent, high, normal and low tickets.
USUAL = {"first_response": (60, 120, 480, 960), "next_response": (60, 240, 480, 960),
         "resolution": (480, 960, 2400, 4800)}  # fmt: skip
FAST = {"first_response": (15, 30, 120, 240), "next_response": (30, 60, 240, 480), "resolution": (240, 480, 1440, 2880),
        "level-1": (30, 60, 240, 480), "level-2": (120, 240, 960, 1440)}  # fmt: skip


def add_service_levels(house: House) -> None:
    """Calendars, and a policy for the big customers before those for everybody, each switched on."""
    calendars = _calendars(house)
    big = [row.pk for row in list(house.organisations.values())[:2]]
    _policy("Gold 24/7", calendars["always"], FAST, {"organisations": sorted(big), "priorities": [3, 4]})
    _policy("Przystań", calendars["shop"], USUAL, {"brands": [house.brands["przystan"].pk]})
    _policy("Standard", calendars["office"], USUAL, {})


def _calendars(house: House) -> dict[str, Calendar]:
    office, shop = house.brands["lindhafen"].office_hours, house.brands["przystan"].office_hours
    values = {
        "office": {"name": "Büro Lindhafen", **office, "country": "DE", "subdivision": "HH",
                   "own_days": [["12-24", "Heiligabend"], ["12-31", "Silvester"]]},
        "shop": {"name": "Przystań, codziennie", **shop, "country": "PL", "own_days": [["12-24", "Wigilia"]]},
        "always": {"name": "24/7", "timezone": "UTC", "weekly": {day: WHOLE_DAY for day in DAYS}},
    }  # fmt: skip
    return {key: create_calendar(set=of, by=BY) for key, of in values.items()}


def _policy(name: str, calendar: Calendar, minutes: Mapping[str, tuple[int, ...]], conditions: dict[str, Any]) -> None:
    targets = {metric: {str(4 - place): n for place, n in enumerate(by)} for metric, by in minutes.items()}
    values = {"name": name, "calendar": calendar, "targets": targets, "conditions": conditions, "is_active": True}
    create_policy(set=values, by=BY)


def add_clocks(tickets: Sequence[Ticket], *, now: datetime) -> None:
    """The clocks of those that are open, or were solved lately, out of their history."""
    shown = [t for t in tickets if t.status_category in ACTIVE or (t.solved_at and t.solved_at > now - LATELY)]
    if shown:
        with transaction.atomic():
            keep_all(shown, at=now)
