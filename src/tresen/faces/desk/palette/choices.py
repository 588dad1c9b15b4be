"""What the open ticket can be given straight from the palette: a person, a team, a category, a status."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from tresen.core.people.models import Agent, Team
from tresen.core.people.permissions import can
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.numbers import read_number
from tresen.faces.desk.palette.entries import Asked, Entry
from tresen.faces.desk.palette.matching import match, ranked
from tresen.faces.desk.palette.sources import HERE
from tresen.faces.desk.ticket.fields import was_of
from tresen.kit.templatetags.kit import STATUSES

LIMIT = 6


def find_choices(asked: Asked) -> list[Entry]:
    """Entries that set a field of the open ticket, by the name of what it is set to."""
    if not asked.text or asked.only not in {"", "actions"} or not read_number(asked.ticket):
        return []
    tickets = Ticket.objects.visible_to(asked.request.principal).select_related(
        "status", "category", "team", "assignee__user"
    )
    ticket = tickets.filter(number=asked.ticket).first()
    if ticket is None or not can(asked.request.principal, "ticket.change", ticket):
        return []
    offered = [*_agents(asked, ticket), *_teams(asked, ticket), *_categories(asked, ticket), *_statuses(ticket)]
    return ranked((match(asked.text, entry.label), entry) for entry in offered)[:LIMIT]


def _agents(asked: Asked, ticket: Ticket) -> list[Entry]:
    agents = [a for a in Agent.objects.visible_to(asked.request.principal).active() if a.pk != ticket.assignee_id]
    names = [(agent, _("Assign to %(name)s") % {"name": agent.user.name}) for agent in agents]
    return [_set(ticket, "assignee", str(agent.pk), name, "user") for agent, name in names]


def _teams(asked: Asked, ticket: Ticket) -> list[Entry]:
    teams = [t for t in Team.objects.visible_to(asked.request.principal).active() if t.pk != ticket.team_id]
    names = [(team, _("Give to team %(name)s") % {"name": team.name}) for team in teams]
    return [_set(ticket, "team", str(team.pk), name, "people") for team, name in names]


def _categories(asked: Asked, ticket: Ticket) -> list[Entry]:
    offered = Category.objects.visible_to(asked.request.principal).offered_for(ticket.brand_id)
    names = [(row, _("Category: %(name)s") % {"name": row.trail}) for row in offered if row.pk != ticket.category_id]
    return [_set(ticket, "category", str(row.pk), name, "box") for row, name in names]


def _statuses(ticket: Ticket) -> list[Entry]:
    others = [status for status in Status.objects.filter(is_active=True) if status.pk != ticket.status_id]
    names = [(status, _("Status: %(name)s") % {"name": status.name}) for status in others]
    shapes = {status.pk: f"st-{STATUSES.get(status.category, 'open')}" for status in others}
    return [_set(ticket, "status", status.slug, name, shapes[status.pk], shapes[status.pk]) for status, name in names]


def _set(ticket: Ticket, field: str, value: str, label: str, icon: str, hue: str = "") -> Entry:
    post = reverse("desk:ticket-change", args=[ticket.number])
    values = {"field": field, "value": value, "was": was_of(ticket, field)}
    return Entry(label, HERE, icon, post=post, values=values, hue=hue)
