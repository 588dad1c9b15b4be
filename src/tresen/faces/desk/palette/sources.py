"""Where the palette finds things: actions, views, settings, tickets, people; nothing one may not see or do."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Brand, Contact, OrganisationMembership, Team
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.faces.desk.lists.table import VIEWS, team_view
from tresen.faces.desk.palette.entries import Asked, Entry
from tresen.faces.desk.palette.matching import match, ranked
from tresen.kit.actions import ANYWHERE, Action
from tresen.kit.context import face_on
from tresen.kit.templatetags.kit import STATUSES
from tresen.service.search.query import QueryError
from tresen.service.search.services import search_tickets

ACTIONS, TICKETS, PEOPLE, PLACES = 8, 6, 5, 6
RECENT, HERE, TO_DO = gettext_lazy("Used last"), gettext_lazy("This ticket"), gettext_lazy("Actions")
GO, SETTINGS = gettext_lazy("Views and areas"), gettext_lazy("Settings")
FOUND, PERSONS = gettext_lazy("Tickets"), gettext_lazy("People")


# The beginning of a ticket number, as people write it.
NUMBER = re.compile(r"#?\s*([A-Za-z]{0,3})[\s-]*([0-9][0-9\s-]{0,14})")


def find_recent(asked: Asked) -> list[Entry]:
    """What this browser used last, as long as nothing is typed."""
    if asked.text or asked.only:
        return []
    known = {action.name: action for action in face_on(asked.request).actions}
    numbers = [name for name in asked.recent if name not in known and read_number(name)]
    tickets = {t.number: t for t in _tickets(asked).filter(number__in=numbers[:TICKETS])} if numbers else {}
    found = []
    for name in asked.recent:
        if name in tickets and name != asked.ticket:
            found.append(_ticket(tickets[name], RECENT))
        elif name in known and _applies(known[name], asked):
            found.append(_action(known[name], asked, RECENT))
    return found[:ACTIONS]


def find_actions(asked: Asked) -> list[Entry]:
    """The actions that apply where one is: those of the ticket first."""
    if not asked.wants("actions"):
        return []
    usable = [a for a in face_on(asked.request).actions if _applies(a, asked) and a.name != "palette"]
    if not asked.text:
        shown = [a for a in usable if asked.only or not a.url]
        return [_action(a, asked) for a in sorted(shown, key=lambda a: not _is_here(a))]
    found = ranked((match(asked.text, str(a.label), str(a.words)), a) for a in usable)
    return [_action(a, asked) for a in sorted(found, key=lambda a: not _is_here(a))[:ACTIONS]]


def _applies(action: Action, asked: Asked) -> bool:
    return action.where is ANYWHERE or action.where.name in asked.screens


def _is_here(action: Action) -> bool:
    return action.where.name == "ticket"


def _action(action: Action, asked: Asked, group: object = None) -> Entry:
    group = group or (HERE if _is_here(action) else GO if action.url else TO_DO)
    caps = tuple(face_on(asked.request).caps(action.name))
    return Entry(str(action.label), group, action.icon, url=action.address, action=action.name, heard=action.heard,
                 caps=caps)  # fmt: skip


def find_views(asked: Asked) -> list[Entry]:
    """Views and teams by name; those with an action of their own are found as one."""
    if asked.only or not asked.text:
        return []
    known = {action.name for action in face_on(asked.request).actions}
    teams = [team_view(team) for team in Team.objects.visible_to(asked.request.principal).active()]
    found = []
    for view in (*[v for v in VIEWS if f"go-{v.slug}" not in known], *teams):
        if score := match(asked.text, str(view.label)):
            slug = view.slug.removeprefix("team-")
            url = reverse("desk:team" if slug != view.slug else "desk:view", args=[slug])
            found.append((score, Entry(str(view.label), GO, view.icon, url=url)))
    return ranked(found)[:PLACES]


def find_settings(asked: Asked) -> list[Entry]:
    """The pages of the settings that one may open, and what stands behind the own avatar."""
    if asked.only or not asked.text:
        return []
    face = face_on(asked.request)
    places = [(place, section.label) for section in face.settings_navigation for place in section.places]
    places += [(place, "") for place in face.person_menu if not place.post]
    found = [
        (score, Entry(place.label, SETTINGS, place.icon, url=place.url, note=note))
        for place, note in places
        if (score := match(asked.text, place.label))
    ]
    return ranked(found)[:PLACES]


def find_tickets(asked: Asked) -> list[Entry]:
    """Tickets by number, by the beginning of one, by words."""
    if not asked.text or asked.only not in {"", "numbers"}:
        return []
    found = _by_number(asked)
    if not found and not asked.only and len(asked.text) > 1:
        try:
            found = search_tickets(asked.request.principal, asked.text, limit=TICKETS).items
        except QueryError:
            found = []
    return [_ticket(ticket, FOUND) for ticket in found]


def _by_number(asked: Asked) -> list[Ticket]:
    typed = NUMBER.fullmatch(asked.text)
    if typed is None:
        return []
    letters, digits = typed[1].upper(), re.sub(r"\D", "", typed[2])
    brands = Brand.objects.visible_to(asked.request.principal).values_list("letters", flat=True)
    wanted = Q(pk=None)
    for brand in brands:
        if not letters or brand == letters:  # a range instead of LIKE: the index serves it on both databases
            wanted |= Q(number__gte=f"{brand}{digits}", number__lt=f"{brand}{digits}:")
    return list(_tickets(asked).filter(wanted).order_by("number")[:TICKETS])


def _tickets(asked: Asked) -> TicketQuerySet:
    return Ticket.objects.visible_to(asked.request.principal).select_related("status", "requester")


def _ticket(ticket: Ticket, group: object) -> Entry:
    shape = STATUSES.get(ticket.status_category, "open")
    note, url = f"{ticket.shown_number} · {ticket.requester.name}", reverse("desk:ticket", args=[ticket.number])
    return Entry(ticket.subject, group, f"st-{shape}", url=url, lang=ticket.language, note=note, hue=f"st-{shape}",
                 action=ticket.number)  # fmt: skip


def find_people(asked: Asked) -> list[Entry]:
    """Contacts by name, address or number."""
    if not asked.wants("people") or len(asked.text) < 2 or any(sign in asked.text for sign in ':"'):
        return []
    memberships = OrganisationMembership.objects.select_related("organisation").order_by("-is_main", "pk")
    people = Contact.objects.visible_to(asked.request.principal).matching(asked.text)
    people = people.prefetch_related(Prefetch("memberships", memberships)).order_by("name", "pk")[:PEOPLE]
    return [
        Entry(person.name, PERSONS, "user", url=reverse("desk:contact", args=[person.pk]),
              note=", ".join(m.organisation.name for m in list(person.memberships.all())[:1]))
        for person in people
    ]  # fmt: skip


def find_elsewhere(asked: Asked) -> list[Entry]:
    """The whole search for what was typed: the last line."""
    if not asked.text or asked.only:
        return []
    label = _("Search all tickets for “%(words)s”") % {"words": asked.text}
    return [Entry(label, FOUND, "search", url=f"{reverse('desk:search')}?{urlencode({'q': asked.text})}")]
