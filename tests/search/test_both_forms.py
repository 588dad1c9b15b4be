"""A search line as a database filter and as a question to one ticket in memory: the two always agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.utils.text import slugify
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search.conftest import MAIL
from tresen.core.catalog.models import Request, Service, ServiceCategory
from tresen.core.catalog.services import create_service, newest_form
from tresen.core.people.models import Agent
from tresen.core.people.organisations import create_organisation
from tresen.core.people.principals import SYSTEM, Principal
from tresen.core.teamwork.models import Mention, Snooze
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.choices import (
    Ball,
    Channel,
    MessageKind,
    ParticipantRole,
    Priority,
    StatusCategory,
    TicketType,
)
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.custom_fields import create_field
from tresen.core.tickets.marks import mark_read
from tresen.core.tickets.models import Message, Participant, Tag, Ticket
from tresen.core.tickets.numbers import make_number
from tresen.core.tickets.services import update_ticket
from tresen.service.search.facts import Facts
from tresen.service.search.fields import all_fields
from tresen.service.search.services import apply_query, parse_query, predicate
from tresen.service.sla.models import Clock, ClockStrip
from tresen.service.surveys.models import Asked

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
AGES = [timedelta(), timedelta(hours=2), timedelta(hours=3), timedelta(days=1), timedelta(days=7), timedelta(days=400)]
TEXTS = [
    "Der Drucker druckt nicht, Papierstau im Keller", "Proszę o fakturę za wrzesień", "The VPN is down since Monday",
    "Rechnungen fehlen", "Größe der Datei ORD-100010", "Tel. 040/12 34 567", "",
]  # fmt: skip
WORDS = [
    "drucker", "druck", "Rechnung", "faktura", "grosse", "vpn", "ord100010", '"im Keller"', '"Keller im"', "hallo",
    "anlage.pdf", "carol", "carol@kunde.example", "+49401234567", "0401234567", "Stecknadel", "rech*", "?!", "T204187",
    "ab-12", "Posen", "disk", "lüft*",
]  # fmt: skip
VALUES = {
    "breached": ["yes", "no", "ja,no", "first-response", "resolution,supplier", "Lösung,no"],
    "warned": ["yes", "nie", "resolution", "level,supplier", "supplier"],
    "number": [make_number("T", 20001), make_number("T", 3)],
    "subject": ["drucker", '"die rechnung"', "vpn,faktura", "?!"],
    "status": ["new", "open", "solved", "active", "waiting,closed", "offen", "on-hold"],
    "ball": ["us", "customer", "date", "us,date"],
    "priority": ["low", "hoch", "niski", "3", "urgent,normal"],
    "impact": ["1", "several", "3"],
    "urgency": ["1", "high", "2"],
    "type": ["incident", "question,change"],
    "level": ["1", "2,3", '"Second level"'],
    "category": ["netz", "vpn", "Netzwerk", "drucker,none", "none"],
    "team": ["netz", "none", "mine", "orders,none"],
    "assignee": ["me", "none", "anna", "me,none", "piotr"],
    "requester": ["carol", "dave@kunde.example", "@kunde.example", "carol,dave"],
    "organisation": ["Werft", "none", "Werft,none"],
    "participant": ["dave", "carol"],
    "follower": ["me", "none", "piotr", "piotr,none"],
    "brand": ["Lindhafen"],
    "tag": ["vpn", "none", "vpn,eilig", "eilig,none"],
    "rating": ["2", "4,none", "good", "bad", "any", "none", "bad,none"],
    "service": ["vpn-access", '"VPN access"', "printer,none", "none"],
    "channel": ["mail", "phone,web"],
    "language": ["de", "none", "pl,en"],
    "is": ["unread", "undelivered", "unconfirmed", "held", "answered", "snoozed", "mentioned"],
    "has": ["attachment", "note", "reply", "held", "note,attachment"],
}
ALL = {"Lindhafen", "ja,no", "@kunde.example", "carol,dave", "Werft,none"}  # what every ticket of the desk answers to
TIMES = ["2h", "7d", "1d", "today", "yesterday", "2026-11", "2026-11-27", "2026-11-27T09:59", "1.11.2026", "400d"]
MOMENTS = ["created", "updated", "written", "answered", "turned", "solved", "closed", "due"]
OUTSIDE = ["number", "subject", "status"]
COMPARED = ["priority", "impact", "urgency", "level", "rack", "rating"]


# The desk's own fields, of every kind.
OWN = {
    "rack": ["12", "3.5", "-1", "none", "12,none"], "serial": ["ab-12", '"AB 12  x"', "none", "http://x.example/"],
    "approved": ["yes", "nein", "none", "tak,none"], "site": ["berlin", "Posen", "berlin,none", "none"],
    "parts": ["disk", "disk,fan", "Lüfter", "none"],
}  # fmt: skip
OWN_MOMENTS = ["delivery", "visit"]


def own_fields() -> None:
    """One of each kind, with choices in two languages."""
    named = {"rack": "number", "serial": "text", "approved": "yes_no", "delivery": "date", "visit": "date_time"}
    for name, kind in named.items():
        create_field(names={"en": name}, kind=kind, is_searched=True, by=MAIL)
    sites = [{"names": {"en": "Berlin"}}, {"names": {"en": "Poznan", "de": "Posen"}}]
    parts = [{"names": {"en": "Disk"}}, {"names": {"en": "Fan", "de": "Lüfter"}}]
    create_field(names={"en": "site"}, kind="choice", choices=sites, is_searched=True, by=MAIL)
    create_field(names={"en": "parts"}, kind="choices", choices=parts, is_searched=True, by=MAIL)


def own_values(chance: Random) -> dict[str, Any]:
    """Values of the desk's own fields, some of them none."""
    day, at = NOW - chance.choice(AGES), NOW - chance.choice(AGES)
    found = {
        "rack": chance.choice([12, 3.5, -1, 2]), "serial": chance.choice(["AB-12", "ab 12 X", "http://x.example/"]),
        "approved": chance.choice([True, False]), "delivery": day.date().isoformat(), "visit": at.isoformat(),
        "site": chance.choice(["berlin", "poznan"]), "parts": chance.choice([["disk"], ["fan"], ["disk", "fan"]]),
    }  # fmt: skip
    return {name: value for name, value in found.items() if chance.random() < 0.7}


def lines(fields: list[str], moments: list[str]) -> Any:
    """Search lines: any fields, words, negations, and and or, in parentheses."""
    compared = [name for name in COMPARED if name in fields]
    choices = [
        st.sampled_from(WORDS),
        st.sampled_from([f"{name}:{value}" for name in fields for value in {**VALUES, **OWN}[name]]),
        st.builds("{}{}{}".format, st.sampled_from(moments), st.sampled_from([":", "<", ">", "<=", ">=", "!="]),
                  st.sampled_from(TIMES)),
        st.sampled_from([f"{name}:{value}" for name in moments for value in ("none", "2026-11-20..", "..2026-11-26")]),
    ]  # fmt: skip
    if compared:
        signs = st.sampled_from([">", ">=", "<", "<=", "!=", "="])
        choices.append(st.builds("{}{}{}".format, st.sampled_from(compared), signs, st.sampled_from("123")))
    return st.recursive(
        st.one_of(choices),
        lambda inner: st.one_of(
            st.builds("-({})".format, inner),
            st.builds("{} {}".format, inner, inner),
            st.builds("({} OR {})".format, inner, inner),
            st.builds("NOT {}".format, inner),
        ),
        max_leaves=6,
    )


def with_clocks(ticket: Ticket, n: int) -> None:
    """Two of three have clocks: due, resting or over, in time or not."""
    if n % 3:
        due = NOW + timedelta(hours=[-5, 1, 30][n % 4 % 3]) if n % 4 else None
        ClockStrip.objects.create(ticket=ticket, due_at=due)
        promise, other = ["resolution", "first_response", "supplier-7", "level"][n % 4], ["next_response", "resolution"]
        Clock.objects.create(
            ticket=ticket, metric=promise, started_at=NOW - timedelta(days=2),
            breached_at=NOW if n % 2 else None, stopped_at=NOW if n % 5 == 1 else None,
        )  # fmt: skip
        Clock.objects.create(
            ticket=ticket, metric=other[n % 4 == 1], started_at=NOW - timedelta(days=1), warned_at=NOW,
            due_at=NOW if n % 5 else None, breached_at=NOW if n % 7 == 2 else None,
        )  # fmt: skip


def with_rating(ticket: Ticket, n: int) -> None:
    """Two of three were rated, on different scales, or asked without an answer."""
    if n % 3:
        scale, rating = [("csat", 2), ("nps", 9), ("ces", 3), ("csat", 4), ("csat", None)][n % 5]
        Asked.objects.create(
            ticket=ticket, contact=ticket.requester, scale=scale, rating=rating, change_days=14, due_at=NOW, level=1
        )


def with_service(ticket: Ticket, n: int) -> None:
    """A service was asked for on some."""
    if n % 4 == 1:
        name = ["VPN access", "Printer"][n % 3 == 1]
        shelf = ServiceCategory.objects.get_or_create(names={"en": "IT"})[0]
        service = Service.objects.filter(slug=slugify(name)).first() or create_service(
            set={"names": {"en": name}, "category": shelf}, by=MAIL
        )
        Request.objects.create(ticket=ticket, service=service, form=newest_form(service))


def a_tree() -> list[Category | None]:
    """Two categories, one below the other, one apart, and none."""
    netz = Category.objects.create(slug="netz", names={"de": "Netzwerk"}, trails={"de": "Netzwerk"})
    vpn = Category.objects.create(slug="vpn", names={"de": "VPN"}, trails={"de": "Netzwerk › VPN"}, parent=netz)
    return [netz, vpn, Category.objects.create(slug="drucker", names={"de": "Drucker"}, trails={"de": "Drucker"}), None]


def moments(chance: Random) -> dict[str, datetime | None]:
    """When things happened to a ticket, some of them never."""
    always = ("created_at", "updated_at", "last_message_at", "ball_since")
    never_or = ("first_response_at", "solved_at", "closed_at")
    found: dict[str, datetime | None] = {name: NOW - chance.choice(AGES) for name in always}
    return found | {name: chance.choice([None, *(NOW - age for age in AGES)]) for name in never_or}


def a_mixed_desk(desk: Any) -> list[Ticket]:
    """Tickets of every kind: each column with each of its values, and with none where that may be."""
    chance = Random(4)
    tags = [Tag.objects.create(name=name) for name in ("vpn", "eilig")]
    own_fields()
    werft, tree = create_organisation(name="Werft Süd", by=MAIL), a_tree()
    for n in range(14):
        files = [prepare_file([b"x"], filename="anlage.pdf")] if n % 5 == 1 else []
        team, requester = [None, desk.network, desk.orders][n % 3], [desk.carol, desk.dave][n % 2]
        subject = f"{TEXTS[n % 7][:20]} {n}"
        ticket = desk.ticket(subject, TEXTS[(n * 3) % 7], team=team, requester=requester, files=files)
        if n % 4 == 0:
            desk.note(ticket, "Stecknadel im Heuhaufen")
        if n % 4 == 1:
            desk.reply(ticket, "Hallo, wir kümmern uns um die Rechnung")
        if n % 6 == 2:
            desk.received(ticket, "hallo faktura", is_held=True)
        ticket.tags.set(tags[: n % 3])
        if n % 4 == 2:
            agent = [desk.anna, desk.piotr][n % 8 == 2]
            Participant.objects.create(ticket=ticket, agent=agent, role=ParticipantRole.FOLLOWER, joined_at=NOW)
        if n % 5 == 3:
            other = desk.carol if ticket.requester == desk.dave else desk.dave
            Participant.objects.create(ticket=ticket, contact=other, role=ParticipantRole.CC, joined_at=NOW)
        if n % 3 == 0:
            mark_read(ticket, agent=desk.anna, message_id=Message.objects.filter(ticket=ticket).latest("pk").pk)
        if n % 5 == 0:
            Snooze.objects.create(ticket=ticket, agent=desk.anna, started_at=NOW, wakes_at=NOW, ball_before="us",
                                  ended_at=[None, NOW][n % 2])  # fmt: skip
        if n % 4 == 3:
            asked = [{"agent": desk.anna}, {"team": desk.network}, {"agent": desk.piotr}][n % 3]
            Mention.objects.create(message=ticket.messages.get(kind="received"), at=NOW, **asked)

        with_clocks(ticket, n)
        with_rating(ticket, n)
        with_service(ticket, n)
        update_ticket(ticket, by=MAIL, set={"fields": own_values(chance)})

        Ticket.objects.filter(pk=ticket.pk).update(
            status_category=chance.choice(StatusCategory.values), ball=chance.choice(Ball.values),
            priority=chance.choice(Priority.values), impact=chance.choice((1, 2, 3)), urgency=chance.choice((1, 2, 3)),
            type=chance.choice(TicketType.values), channel=chance.choice(Channel.values),
            category=chance.choice(tree), assignee=chance.choice([None, desk.anna, desk.piotr]),
            organisation=chance.choice([None, werft]), language=chance.choice(["", "de", "en", "pl"]),
            level=1 + n % 3, is_undelivered=n % 7 == 1, is_unconfirmed=n % 7 == 2, **moments(chance),
        )  # fmt: skip
    return list(Ticket.objects.all())


def test_the_two_forms_of_a_line_always_agree(desk: Any) -> None:
    facts = [Facts(ticket) for ticket in a_mixed_desk(desk)]
    readers = [Principal.of_agent(Agent.objects.get(pk=desk.anna.pk)), SYSTEM]
    everything = [fact.ticket for fact in facts]
    visible = {"agent": everything, "system": everything}
    visible["contact"] = list(Ticket.objects.visible_to(Principal.of_contact(desk.carol)))
    agreed = {True: 0, False: 0}

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(line=lines([*VALUES, *OWN], MOMENTS + OWN_MOMENTS), inside=st.sampled_from(readers))
    def check(line: str, inside: Principal) -> None:
        compare(line, inside)

    @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(line=lines(OUTSIDE, ["created", "updated"]))
    def check_outside(line: str) -> None:
        compare(line, Principal.of_contact(desk.carol))

    def compare(line: str, reader: Principal) -> None:
        try:
            tree = parse_query(line, reader)
        except ValueError as fault:
            assert getattr(fault, "code", "") in {"too_many", "too_deep"}, (line, fault)
            return
        seen = Ticket.objects.all() if reader.contact is None else Ticket.objects.visible_to(reader)
        in_database = set(apply_query(seen, tree, reader, now=NOW).values_list("pk", flat=True))
        ask = predicate(tree, reader, now=NOW)
        in_memory = {fact.ticket.pk for fact in facts if fact.ticket in visible[reader.kind] and ask(fact)}
        assert in_database == in_memory, line
        for fact in facts:
            agreed[fact.ticket.pk in in_database] += 1

    check()
    check_outside()
    assert min(agreed.values()) > 200  # both answers came often enough


def test_every_field_is_tried_in_both_forms() -> None:
    assert set(VALUES) | set(MOMENTS) == set(all_fields())


def test_lines_of_every_field_find_something_and_leave_something_out(desk: Any) -> None:
    facts = [Facts(ticket) for ticket in a_mixed_desk(desk)]
    reader = Principal.of_agent(desk.anna)
    for name, values in {**VALUES, **OWN}.items():
        found: set[int] = set()
        for value in values:
            keys = apply_query(Ticket.objects.all(), f"{name}:{value} ", reader, now=NOW).values_list("pk", flat=True)
            found |= set(keys)
            assert len(keys) < len(facts) or value in ALL, (name, value)
        assert found, name


def test_a_ticket_that_is_not_written_yet_can_be_asked(desk: Any) -> None:
    ticket = desk.ticket("Drucker", "Papierstau", team=desk.network)
    ticket.priority = Priority.URGENT
    ask = predicate("priority>=high team:netz papierstau", SYSTEM)
    assert ask(ticket)
    ticket.priority = Priority.LOW
    assert not ask(ticket)
    assert Message.objects.filter(ticket=ticket, kind=MessageKind.RECEIVED).count() == 1
