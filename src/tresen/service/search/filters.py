"""From the tree of a search line to one database filter over tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Status
from tresen.service.search.analyser import Term, phrase_term, query_terms
from tresen.service.search.index import tickets_matching
from tresen.service.search.models import SearchDocument
from tresen.service.search.query import Field, Node, Phrase, Query, QueryError, TicketNumber, Word

NOTHING = Q(pk__in=())

Values = tuple[str, ...]


def fields_for(principal: Principal) -> tuple[str, ...]:
    """Return the field names this reader may use: who answers, and in which team, is for the desk alone."""
    return tuple(FIELDS) if _is_inside(principal) else ("status", "number")


def ticket_filter(query: Query, principal: Principal) -> Q:
    """Return the filter over tickets that a search line means to this reader.

    It says nothing of which tickets the reader may see: it belongs onto `Ticket.objects.visible_to(principal)`. Text
    that the reader must not see never lets a ticket match. Raises `QueryError` for a value that no field has.
    """
    found = Q()
    looked_for = asked = False
    for part in query.parts:
        part_filter = _node(part, principal)
        asked = True
        if part_filter is not None:
            looked_for = True
            found &= part_filter
    return found if looked_for or not asked else NOTHING


def _node(node: Node, principal: Principal) -> Q | None:
    """Return the filter of one part; None where it has no letter or digit to look for."""
    match node:
        case Word(text=text, prefix=prefix):
            return _all_terms(query_terms(text, prefix_last=prefix), principal)
        case Phrase(text=text):
            term = phrase_term(text)
            return _all_terms([term] if term else [], principal)
        case TicketNumber(number=number, words=words):
            in_text = _all_terms(query_terms(" ".join(word.text for word in words)), principal)
            return Q(number=number) | in_text if in_text is not None else Q(number=number)
        case Field(name=name, values=values):
            return FIELDS[name](values, principal)


def _all_terms(terms: Iterable[Term], principal: Principal) -> Q | None:
    found: Q | None = None
    for term in terms:
        one = _term(term, principal)
        found = one if found is None else found & one
    return found


def _term(term: Term, principal: Principal) -> Q:
    if _is_inside(principal):
        # Every text of a ticket is open to whoever sees the ticket from inside, so the word index alone can answer.
        return Q(pk__in=tickets_matching(term))
    return Q(pk__in=SearchDocument.objects.visible_to(principal).matching(term).values("ticket"))


def _is_inside(principal: Principal) -> bool:
    return principal.is_staff or principal.kind == "system"


def _status(values: Values, principal: Principal) -> Q:
    return reduce(or_, (_one_status(value) for value in values))


def _one_status(value: str) -> Q:
    """A category by its fixed name or as it is called in the reader's language, or a status of this desk."""
    wanted = value.casefold()
    for category in StatusCategory:
        if wanted in (category.value, category.value.replace("_", "-"), str(category.label).casefold()):
            return Q(status_category=category.value)
    keys = [
        status.pk
        for status in Status.objects.all()
        if wanted == status.slug or wanted in (str(name).casefold() for name in status.names.values())
    ]
    if not keys:
        known = ", ".join(StatusCategory.values)
        message = _("There is no status “%(value)s”. You can use %(known)s, or the name of one of your statuses.")
        raise QueryError("bad_value", message % {"value": value, "known": known})
    return Q(status__in=keys)


def _team(values: Values, principal: Principal) -> Q:
    found = Q(team=None) if "none" in values else NOTHING
    if "mine" in values:
        found |= Q(team__in=principal.team_ids)
    names = [value for value in values if value not in ("none", "mine")]
    if names:
        teams = [(team.pk, {team.slug.casefold(), team.name.casefold()}) for team in Team.objects.visible_to(principal)]
        found |= Q(team__in=_keys(names, teams, _("There is no team “%(value)s”.")))
    return found


def _assignee(values: Values, principal: Principal) -> Q:
    found = Q(assignee=None) if "none" in values else NOTHING
    if "me" in values and principal.agent:
        found |= Q(assignee=principal.agent)
    names = [value for value in values if value not in ("none", "me")]
    if names:
        agents = []
        for agent in Agent.objects.visible_to(principal).select_related("user"):
            name = agent.user.name.casefold()
            agents.append((agent.pk, {name, agent.user.email.casefold(), *name.split()}))
        found |= Q(assignee__in=_keys(names, agents, _("There is no colleague “%(value)s”.")))
    return found


def _keys(values: Iterable[str], named: list[tuple[int, set[str]]], message: str) -> list[int]:
    """Return the keys of whoever bears one of the names; raise `QueryError` for a name that nobody bears."""
    found: list[int] = []
    for value in values:
        keys = [key for key, names in named if value.casefold() in names]
        if not keys:
            raise QueryError("bad_value", message % {"value": value})
        found += keys
    return found


def _number(values: Values, principal: Principal) -> Q:
    return Q(number__in=values)


# Another field of the search line is a line here: its name and the function that makes its filter.
FIELDS: dict[str, Callable[[Values, Principal], Q]] = {
    "status": _status,
    "team": _team,
    "assignee": _assignee,
    "number": _number,
}
