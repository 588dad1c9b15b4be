"""To which team a ticket goes that says none itself: that of its category, else that of the nearest category above it,
else that of its brand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tresen.core.people.models import Brand, Team
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.models import Ticket


@dataclass(frozen=True)
class FirstTeam:
    """A team, and what says so: names of the category, or the brand's name."""

    team: Team
    category: dict[str, str] | None = None
    brand: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """As the event keeps it under `team_by`."""
        found: dict[str, Any] = {"category": self.category} if self.category else {"brand": self.brand}
        return {"team": self.team.name, **found}


def team_of_category(category: Category | None) -> FirstTeam | None:
    """That of the category or the nearest one above it that has one in use."""
    above = category
    while above is not None:
        if above.team is not None and above.team.is_active:
            return FirstTeam(above.team, category=above.names)
        above = above.parent
    return None


def first_team(brand: Brand, category: Category | None) -> FirstTeam | None:
    """For a ticket that comes in; None where neither category nor brand has a team."""
    if found := team_of_category(category):
        return found
    return FirstTeam(brand.team, brand=brand.name) if brand.team and brand.team.is_active else None


def team_of_new(brand: Brand, category: Category | None) -> Team | None:
    """The team with which a ticket begins that names none."""
    found = first_team(brand, category)
    return found.team if found else None


def team_wanted(ticket: Ticket, wanted: dict[str, Any]) -> FirstTeam | None:
    """For a ticket that has no team and gets a category now, unless the change says the team itself."""
    category = wanted.get("category")
    if ticket.team_id is not None or "team" in wanted or not isinstance(category, Category):
        return None
    return team_of_category(category) if category.pk != ticket.category_id else None
