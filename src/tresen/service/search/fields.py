"""The fields of a ticket that a search line, a saved view, a rule or the interface may name: one table, read from the
wiring as SEARCH_FIELDS. Another package adds fields of its own there; nothing else may be asked, sorted by or shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.people.models import LANGUAGES, Agent, Brand, Language, Team
from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import Mention, Snooze
from tresen.core.tickets.choices import (
    ACTIVE,
    Ball,
    Channel,
    Impact,
    MessageKind,
    Priority,
    StatusCategory,
    TicketType,
    Urgency,
)
from tresen.core.tickets.marks import unread_tickets
from tresen.core.tickets.models import Attachment, Message, Participant, ReadMark, Status, Tag, Ticket
from tresen.core.tickets.priority_settings import is_vip
from tresen.kit.wiring import table
from tresen.service.search.category_kind import CategoryKind
from tresen.service.search.conditions import Among, Asked, Condition, Linked, One, is_inside
from tresen.service.search.facts import Facts, Relation
from tresen.service.search.field_kinds import (
    Choice,
    Exact,
    Kind,
    Listed,
    Looked,
    Moment,
    Offer,
    Signs,
    Wanted,
    Words,
    begin_with,
    written,
    written_choices,
)
from tresen.service.search.lookups import (
    find_contacts,
    find_organisations,
    offer_contacts,
    offer_organisations,
    seen,
)
from tresen.service.search.memory import read_once
from tresen.service.search.values import ME_WORDS, MINE_WORDS, folded, names_of


@dataclass(frozen=True)
class SearchField:
    """A field: its name in a line, other names (German, Polish), what it is called on a screen, and its kind.

    `outside`: customers may ask for it too. `sort`: the column a list may be sorted by, never empty; "" where none is.
    """

    name: str
    label: Any
    kind: Kind
    aliases: tuple[str, ...] = ()
    outside: bool = False
    sort: str = ""


@cache
def all_fields() -> dict[str, SearchField]:
    """Every field by its name, in the order of the table."""
    found: dict[str, SearchField] = {}
    for entry in table("SEARCH_FIELDS"):
        for field in entry if isinstance(entry, Iterable) else (entry,):
            found[field.name] = field
    return found


def fields_for(principal: Principal) -> dict[str, SearchField]:
    """The fields this reader may use: who answers, and in which team, is for the desk alone."""
    inside = is_inside(principal)
    return {name: field for name, field in all_fields().items() if inside or field.outside}


def aliases_of(fields: dict[str, SearchField]) -> dict[str, str]:
    """Their other names, folded."""
    return {folded(alias): field.name for field in fields.values() for alias in field.aliases}


@read_once
def _teams(principal: Principal) -> list[tuple[int, str, frozenset[str]]]:
    return [(t.pk, t.name, frozenset({t.slug.casefold()})) for t in seen(Team, principal)]


@read_once
def _agents(principal: Principal) -> list[tuple[int, str, frozenset[str]]]:
    found = []
    for agent in seen(Agent, principal).select_related("user"):
        name = agent.user.name
        found.append((agent.pk, name, frozenset({agent.user.email.casefold(), *name.casefold().split()})))
    return found


@read_once
def _brands(principal: Principal) -> list[tuple[int, str, frozenset[str]]]:
    return [(b.pk, b.name, frozenset({b.letters.casefold()})) for b in seen(Brand, principal)]


@read_once
def _tags(principal: Principal) -> list[tuple[int, str, frozenset[str]]]:
    return [(key, name, frozenset()) for key, name in seen(Tag, principal).values_list("pk", "name")]


@read_once
def _statuses() -> list[Status]:
    return list(Status.objects.all())


def _own_agent(principal: Principal) -> frozenset[int]:
    return frozenset({principal.agent.pk}) if principal.agent else frozenset()


_TAGS = Relation(lambda: Ticket.tags.through._default_manager.all(), "ticket_id", "tag_id")
_FOLLOWERS = Relation(lambda: Participant.objects.filter(agent__isnull=False), "ticket_id", "agent_id")
CONTACTS_OF_TICKET = Relation(lambda: Participant.objects.filter(contact__isnull=False), "ticket_id", "contact_id")
_FILES = Relation(
    lambda: Attachment.objects.filter(message__isnull=False, is_inline=False), "message__ticket_id", "message_id"
)
_NOTES = Relation(lambda: Message.objects.filter(kind=MessageKind.NOTE), "ticket_id", "id")
_REPLIES = Relation(lambda: Message.objects.filter(kind=MessageKind.REPLY), "ticket_id", "id")
_SNOOZES = Relation(lambda: Snooze.objects.filter(ended_at__isnull=True), "ticket_id", "id")
_MENTIONED = Relation(lambda: Mention.objects.filter(done_at__isnull=True), "message__ticket_id", "agent_id")
_MENTIONED_TEAMS = Relation(lambda: Mention.objects.filter(done_at__isnull=True), "message__ticket_id", "team_id")
_HELD = Relation(lambda: Message.objects.filter(is_held=True), "ticket_id", "id")


@dataclass(frozen=True)
class StatusKind:
    """A fixed category, a status of this desk by any of its names, or `active`: neither solved nor closed."""

    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """In one of the categories or statuses."""
        return One(tuple(self._one(value, wanted) for value in wanted.values))

    def _one(self, value: str, wanted: Wanted) -> Condition:
        name = folded(value)
        if name in ("active", "aktiv", "aktywne"):
            return Among("status_category", frozenset(category.value for category in ACTIVE))
        if category := names_of(StatusCategory).get(name):
            return Among("status_category", frozenset({category}))
        statuses = _statuses()
        keys = frozenset(s.pk for s in statuses if name in (folded(s.slug), *map(folded, map(str, s.names.values()))))
        if not keys:
            raise wanted.unknown(value, ["active", *written_choices(StatusCategory), *(s.name for s in statuses)])
        return Among("status_id", keys)

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """The categories, then the desk's own statuses."""
        offers = [Offer("active", _("neither solved nor closed"))]
        offers += [Offer(written(category), str(category.label)) for category in StatusCategory]
        known = {offer.value for offer in offers}
        own = (Offer(s.slug, s.name) for s in seen(Status, principal).active() if s.slug not in known)
        return begin_with([*offers, *own], typed)


@dataclass(frozen=True)
class LanguageKind:
    """The language of a ticket, by its letters or its own name."""

    compares: bool = False

    def condition(self, wanted: Wanted) -> Condition:
        """One of the languages, or none."""
        known = {"none": "", **{folded(word): code for code, name in LANGUAGES for word in (code, name)}}
        for value in wanted.values:
            if folded(value) not in known:
                raise wanted.unknown(value, known)
        return Among("language", frozenset(known[folded(value)] for value in wanted.values))

    def offers(self, principal: Principal, typed: str) -> list[Offer]:
        """All of them."""
        return begin_with([Offer(code, name) for code, name in LANGUAGES], typed)


def _unread(principal: Principal) -> Condition:
    agent = principal.agent
    if agent is None:
        return One()

    def rows() -> Q:
        mark = ReadMark.objects.filter(agent=agent, ticket=OuterRef("ticket")).values("message_id")[:1]
        news = Message.objects.filter(ticket=OuterRef("pk"), is_automatic=False).exclude(agent=agent)
        return Q(Exists(news.annotate(read_up_to=Coalesce(Subquery(mark), Value(0))).filter(pk__gt=F("read_up_to"))))

    def test(facts: Facts) -> bool:
        return bool(unread_tickets([facts.ticket.pk], agent=agent))

    return Asked(rows, test)


def _of_vip() -> Q:
    return Q(requester__is_vip=True) | Q(organisation__is_vip=True)


def _is_of_vip(facts: Facts) -> bool:
    return is_vip(facts.ticket)


def _mentioned(principal: Principal) -> Condition:
    return One((Linked(_MENTIONED, _own_agent(principal)), Linked(_MENTIONED_TEAMS, principal.team_ids)))


def _signs(principal: Principal) -> list[tuple[str, str, Condition]]:
    true = frozenset({True})
    return [
        ("unread", _("with something you have not read"), _unread(principal)),
        ("undelivered", _("a reply did not arrive"), Among("is_undelivered", true)),
        ("unconfirmed", _("the address is not confirmed"), Among("is_unconfirmed", true)),
        ("held", _("a mail waits until somebody accepts it"), Linked(_HELD)),
        ("answered", _("somebody has answered"), Linked(_REPLIES)),
        ("snoozed", _("sleeps until a time or an answer"), Linked(_SNOOZES)),
        ("vip", _("a VIP asks"), Asked(_of_vip, _is_of_vip)),
        ("mentioned", _("waits for your part, or that of your teams"), _mentioned(principal)),
    ]


def _parts(principal: Principal) -> list[tuple[str, str, Condition]]:
    return [
        ("attachment", _("a file"), Linked(_FILES)),
        ("note", _("an internal note"), Linked(_NOTES)),
        ("reply", _("a reply"), Linked(_REPLIES)),
        ("held", _("a mail that waits until somebody accepts it"), Linked(_HELD)),
    ]


_SIGN_WORDS = {
    "ungelesen": "unread", "nieprzeczytane": "unread", "nicht-zugestellt": "undelivered", "unzustellbar": "undelivered",
    "niedostarczone": "undelivered", "unbestatigt": "unconfirmed", "niepotwierdzone": "unconfirmed",
    "zuruckgehalten": "held", "wstrzymane": "held", "beantwortet": "answered", "odpowiedziane": "answered",
    "ruhend": "snoozed", "uspione": "snoozed", "erwahnt": "mentioned", "wspomniane": "mentioned",
}  # fmt: skip
_PART_WORDS = {
    "anhang": "attachment", "datei": "attachment", "file": "attachment", "attachments": "attachment",
    "zalacznik": "attachment", "plik": "attachment", "notiz": "note", "notatka": "note", "antwort": "reply",
    "odpowiedz": "reply",
}  # fmt: skip

TICKET_FIELDS = [
    SearchField("number", gettext_lazy("Number"), Exact("number"), ("nummer", "numer"), outside=True),
    SearchField("subject", gettext_lazy("Subject"), Words(), ("betreff", "temat"), outside=True),
    SearchField("status", gettext_lazy("Status"), StatusKind(), ("stan",), outside=True),
    SearchField("ball", gettext_lazy("Whose turn"), Choice("ball", Ball),
                ("turn", "waiting", "wartet", "am-zug", "kolej")),
    SearchField("priority", gettext_lazy("Priority"), Choice("priority", Priority, compares=True),
                ("prioritat", "prio", "priorytet"), sort="priority"),
    SearchField("impact", gettext_lazy("Impact"), Choice("impact", Impact, compares=True), ("auswirkung", "wplyw")),
    SearchField("urgency", gettext_lazy("Urgency"), Choice("urgency", Urgency, compares=True),
                ("dringlichkeit", "pilnosc")),
    SearchField("type", gettext_lazy("Type"), Choice("type", TicketType), ("art", "typ", "rodzaj")),
    SearchField("language", gettext_lazy("Language"), Choice("language", Language), ("sprache", "jezyk")),
    SearchField("category", gettext_lazy("Category"), CategoryKind(), ("kategorie", "kategoria")),
    SearchField("team", gettext_lazy("Team"), Listed(_teams, "team_id", own_words=MINE_WORDS,
                own=lambda principal: principal.team_ids), ("gruppe", "zespol")),
    SearchField("assignee", gettext_lazy("Assignee"),
                Listed(_agents, "assignee_id", own_words=ME_WORDS, own=_own_agent),
                ("zustandig", "bearbeiter", "przypisany", "odpowiedzialny")),
    SearchField("requester", gettext_lazy("Requester"), Looked(find_contacts, offer_contacts, "requester_id"),
                ("from", "von", "anfragender", "kunde", "od", "zglaszajacy", "klient")),
    SearchField("organisation", gettext_lazy("Organisation"),
                Looked(find_organisations, offer_organisations, "organisation_id"),
                ("organization", "org", "company", "firma", "organizacja")),
    SearchField("participant", gettext_lazy("Taking part"),
                Looked(find_contacts, offer_contacts, relation=CONTACTS_OF_TICKET), ("cc", "beteiligt", "uczestnik")),
    SearchField("follower", gettext_lazy("Follower"),
                Listed(_agents, relation=_FOLLOWERS, own_words=ME_WORDS, own=_own_agent), ("folgt", "obserwuje")),
    SearchField("brand", gettext_lazy("Brand"), Listed(_brands, "brand_id"), ("marke", "marka")),
    SearchField("tag", gettext_lazy("Tag"), Listed(_tags, relation=_TAGS),
                ("tags", "schlagwort", "etykieta", "znacznik")),
    SearchField("channel", gettext_lazy("Channel"), Choice("channel", Channel), ("kanal", "weg")),
    SearchField("language", gettext_lazy("Language"), LanguageKind(), ("sprache", "jezyk")),
    SearchField("is", pgettext_lazy("search", "State"), Signs(_signs, _SIGN_WORDS), ("ist", "jest")),
    SearchField("has", pgettext_lazy("search", "Contains"), Signs(_parts, _PART_WORDS), ("hat", "ma")),
    SearchField("created", gettext_lazy("Created"), Moment("created_at"), ("erstellt", "angelegt", "utworzono"),
                outside=True, sort="created_at"),
    SearchField("updated", gettext_lazy("Last change"), Moment("updated_at"), ("geandert", "zmieniono"), outside=True,
                sort="updated_at"),
    SearchField("written", gettext_lazy("Last message"), Moment("last_message_at"), ("geschrieben", "napisano"),
                sort="last_message_at"),
    SearchField("answered", gettext_lazy("First answer"), Moment("first_response_at"),
                ("beantwortet", "odpowiedziano")),
    SearchField("turned", gettext_lazy("Waiting since"), Moment("ball_since"), ("wartet-seit", "czeka-od"),
                sort="ball_since"),
    SearchField("solved", gettext_lazy("Solved"), Moment("solved_at"), ("gelost", "rozwiazano")),
    SearchField("closed", gettext_lazy("Closed"), Moment("closed_at"), ("geschlossen", "zamknieto")),
]  # fmt: skip
