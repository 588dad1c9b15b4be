"""The cast, for what becomes of a ticket before somebody works on it."""

from __future__ import annotations

from datetime import date, time

import pytest

from tests.cast import TEST, Cast, make_cast
from tresen.core.people.teams import update_team
from tresen.service.oncall.models import Rota
from tresen.service.oncall.services import add_layer, create_rota


@pytest.fixture
def cast(db: None) -> Cast:
    """Two teams, two organisations, their people (tests/cast.py)."""
    return make_cast()


@pytest.fixture
def rota(cast: Cast) -> Rota:
    """Of the second level: piotr alone, kept by ada."""
    cast.orders = update_team(cast.orders, set={"level": 2}, by=TEST)
    made = create_rota(set={"name": "Nights", "level": 2, "keeper": cast.ada}, by=TEST)
    add_layer(made, by=TEST, set={
        "rank": 1, "people": [cast.piotr.pk], "starts_on": date(2020, 1, 1), "hands_over_at": time(9), "days": 7,
        "timezone": "UTC"})  # fmt: skip
    return made
