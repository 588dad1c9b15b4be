"""How the sample's teams work: tickets given by themselves, guides with what came of them, rounds that come by the
calendar, and what the desk would propose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from tresen.core.people.models import Agent
from tresen.core.teamwork.templates import create_template
from tresen.core.tickets.choices import FINISHED
from tresen.core.tickets.models import Ticket
from tresen.faces.cli.sample.automation import administrator
from tresen.faces.cli.sample.catalogue import add_catalogue
from tresen.faces.cli.sample.guides import PRINTERS, PRINTERS_BEFORE, VPN
from tresen.faces.cli.sample.house import House
from tresen.faces.cli.sample.writing import Draft
from tresen.service.learning.models import Field, Proposal, ProposalState
from tresen.service.learning.values import value_on
from tresen.service.procedures.models import Answer, Outcome, ProcedureVersion, Run
from tresen.service.procedures.services import change_procedure, create_procedure
from tresen.service.procedures.walking import walk
from tresen.service.recurring.models import Occurrence, OccurrenceState
from tresen.service.recurring.services import create_recurring
from tresen.service.routing.settings import set_team
from tresen.spine.events.actors import Actor

# What customers answered by themselves, and it helped.
HELPED = ((0, 0), (1, 0), (1, 0), (0, 0), (1, 0))
# Fields of new tickets as the desk would propose them: the beginning of a subject, the field, its value, how sure, why.
PROPOSED = (
    ("Passwort vergessen", Field.TEAM, "access", 0.91, ["Passwort", "vergessen"]),
    ("Card reader says", Field.CATEGORY, "programs", 0.74, ["reader", "merchant"]),
    ("Neuer Arbeitsplatz", Field.PRIORITY, "3", 0.66, ["Auszubildende", "Dezember"]),
    ("VPN bricht seit dem Update", Field.PRIORITY, "4", 0.82, ["Update", "Minuten"]),
)


def add_work(drafts: Sequence[Draft], house: House, *, now: datetime) -> None:
    """All of it, on the written tickets."""
    by = administrator(house)
    set_team(house.teams["access"], set={"method": "least", "by_language": True}, by=by)
    set_team(house.teams["apps"], set={"method": "round", "is_sticky": True}, by=by)
    tickets = [draft.ticket for draft in drafts]
    _add_guides(tickets, house, now=now, by=by)
    _add_rounds(tickets, house, now=now, by=by)
    _add_proposals(tickets, house, now=now)
    add_catalogue(tickets, house)


def _add_guides(tickets: Sequence[Ticket], house: House, *, now: datetime, by: Actor) -> None:
    """One for customers that was made better once, and one for colleagues that is under way on a ticket."""
    topic = house.categories["printers"]
    guide = create_procedure(
        name="Der Drucker druckt nicht", names={"en": "The printer does not print", "pl": "Drukarka nie drukuje"},
        category=topic, steps=PRINTERS_BEFORE, for_customers=True, by=by,
    )  # fmt: skip
    first = guide.versions.get()
    change_procedure(guide, set={"steps": PRINTERS}, by=by)
    second = guide.versions.get(number=2)
    first.made_at = now - timedelta(days=120)
    second.made_at = now - timedelta(days=40)
    ProcedureVersion.objects.bulk_update([first, second], ["made_at"])
    agents = [house.agents[key] for key in ("lena", "tomasz", "ruth")]
    of_printers = [
        ticket for ticket in tickets if ticket.category_id == topic.pk and ticket.status_category in FINISHED
    ]
    for place, ticket in enumerate(of_printers):
        version, ways = ((first, (0,)), (first, (1, 0)), (second, (1, 1, 0)), (second, (0, 0)))[place % 4]
        _run(version, ways, ticket, agents[place % len(agents)], ticket.created_at + timedelta(minutes=9))
    for place, ways in enumerate(HELPED):
        _run(second, ways, None, None, now - timedelta(days=31 - 6 * place, minutes=97 * place))
    vpn = create_procedure(name="VPN bricht ab", category=house.categories["vpn"], steps=VPN, by=by)
    for ticket in tickets:
        if ticket.category_id == vpn.category_id and ticket.subject.startswith("gw-bre-2"):
            _run(vpn.versions.get(), (0,), ticket, ticket.assignee or agents[0], ticket.updated_at)


def _run(
    version: ProcedureVersion, ways: Sequence[int], ticket: Ticket | None, agent: Agent | None, at: datetime
) -> None:
    walked, steps = walk(version.steps, ways), version.steps
    run = Run.objects.create(
        version=version, ticket=ticket, agent=agent, step=walked.last, begun_at=at, outcome=walked.end or Outcome.OPEN,
        finished_at=at + timedelta(minutes=3) if walked.end else None,
    )  # fmt: skip
    Answer.objects.bulk_create(
        Answer(run=run, step=step, question=steps[step]["ask"], answer=steps[step]["ways"][way]["label"], agent=agent,
               at=at + timedelta(minutes=place))
        for place, (step, way) in enumerate(walked.passed)
    )  # fmt: skip


def _add_rounds(tickets: Sequence[Ticket], house: House, *, now: datetime, by: Actor) -> None:
    """A weekly check, and a round of which one date was missed and another was made and nobody has worked on it."""
    steps = create_template(
        name="Sicherungen", steps=["Protokoll lesen", "Eine Datei zurückholen", "Ergebnis notieren"], by=by
    )
    asker = next(ticket.requester for ticket in tickets if ticket.requester)
    usual: dict[str, Any] = {"requester": asker, "brand": house.brands["lindhafen"], "timezone": "Europe/Berlin",
                             "frequency": "weekly", "starts_on": now.date() - timedelta(days=90)}  # fmt: skip
    create_recurring(set={
        **usual, "name": "Sicherungen prüfen", "subject": "Sicherungen der Woche prüfen", "at": time(7, 30),
        "text": "Protokolle aller Server lesen und eine Datei zurückholen.", "team": house.teams["server"],
        "weekdays": [(now.weekday() + 3) % 7], "checklist": steps,
    }, by=by)  # fmt: skip
    left = next(ticket for ticket in tickets if ticket.subject == "Alte Rechner abholen")
    round_ = create_recurring(set={
        **usual, "name": "Alte Rechner abholen", "subject": left.subject, "at": time(9), "every": 2,
        "text": "Lager und Keller durchgehen, Datenträger zählen.", "team": left.team, "requester": left.requester,
        "weekdays": [(now.weekday() + 4) % 7],
    }, by=by)  # fmt: skip
    made = left.created_at
    Occurrence.objects.bulk_create([
        Occurrence(recurring=round_, due_at=made - timedelta(days=14), state=OccurrenceState.WAIVED),
        Occurrence(recurring=round_, due_at=made, state=OccurrenceState.MADE, ticket=left, made_at=made),
        Occurrence(recurring=round_, due_at=now - timedelta(hours=3), state=OccurrenceState.MISSED),
    ])  # fmt: skip


def _add_proposals(tickets: Sequence[Ticket], house: House, *, now: datetime) -> None:
    """Some that stand, and what became of earlier ones."""
    rows = []
    for begins, field, value, sure, words in PROPOSED:
        ticket = next(one for one in tickets if one.subject.startswith(begins))
        keys = {key: row.pk for table in (house.teams, house.categories) for key, row in table.items()}
        shown = str(keys.get(value, value))
        rows.append(Proposal(ticket=ticket, field=field, value=shown, before=value_on(ticket, field),
                             confidence=sure, words=words,
                             made_at=ticket.created_at))  # fmt: skip
    finished = [ticket for ticket in tickets if ticket.status_category in FINISHED and ticket.category_id]
    for place, ticket in enumerate(finished):
        right = place % 7 != 6
        fields = ((Field.TEAM, ticket.team_id), (Field.CATEGORY, ticket.category_id), (Field.PRIORITY, ticket.priority))
        named, found = fields[place % 3]
        rows.append(Proposal(
            ticket=ticket, field=named, value=str(found), confidence=0.6 + place % 9 / 25, words=[],
            state=ProposalState.TAKEN if right else ProposalState.CORRECTED, made_at=ticket.created_at,
            decided_at=min(ticket.created_at + timedelta(minutes=20), now),
        ))  # fmt: skip
    Proposal.objects.bulk_create(rows)
