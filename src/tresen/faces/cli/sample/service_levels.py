"""The sample's calendars: office hours of both brands with the holidays of their country, and round the clock."""

from __future__ import annotations

from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import create_calendar
from tresen.faces.cli.sample.house import BY, House

WHOLE_DAY = [["00:00", "24:00"]]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def add_calendars(house: House) -> dict[str, Calendar]:
    """Through the service, by key."""
    office, shop = house.brands["lindhafen"].office_hours, house.brands["przystan"].office_hours
    values = {
        "office": {"name": "Büro Lindhafen", **office, "country": "DE", "subdivision": "HH",
                   "own_days": [["12-24", "Heiligabend"], ["12-31", "Silvester"]]},
        "shop": {"name": "Przystań, codziennie", **shop, "country": "PL", "own_days": [["12-24", "Wigilia"]]},
        "always": {"name": "24/7", "timezone": "UTC", "weekly": {day: WHOLE_DAY for day in DAYS}},
    }  # fmt: skip
    return {key: create_calendar(set=of, by=BY) for key, of in values.items()}
