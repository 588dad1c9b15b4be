"""A ticket goes to the next level with what was tried, found and is needed, and comes back with the answer to whoever
handed it up. What was handed over stands on the ticket as a note."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tresen.core.people.models import Agent, Team
from tresen.core.tickets.changes import Changes, apply_changes
from tresen.core.tickets.choices import ACTIVE, Ball, Channel, MessageKind, ParticipantRole, StatusCategory, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.level_models import Level
from tresen.core.tickets.models import Message, Status, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.operations import add_step
from tresen.core.tickets.rows import TooManyParticipants, lock, save, take_part, write_message
from tresen.kit import clock
from tresen.kit.wiring import table
from tresen.service.levels.models import Handover, Way
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

MOST_TEXT = 4000
BY_CLOCK = Actor.system("levels")


class CannotHandOver(ValueError):
    """`why`: finished (solved, closed, merged or in the bin), level (there is none such above), team (not one of that
    level), agent (does not work in the team), empty (nothing is said), nothing (it was never handed up) or nobody."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Package:
    """What the next one must know. `answers` to the questions of the level's experts: question and answer."""

    tried: str = ""
    found: str = ""
    needed: str = ""
    answers: Sequence[tuple[str, str]] = ()

    def text(self) -> str:
        """As a note, in the language of whoever writes it."""
        parts = [(_("Tried"), self.tried), (_("Found"), self.found), (_("Needed"), self.needed), *self.answers]
        return "\n\n".join(f"{head}: {said}" for head, text in parts if (said := text.strip()[:MOST_TEXT]))


def escalate(
    ticket: Ticket, *, by: Actor, agent: Agent | None, level: int, team: Team | None = None,
    assignee: Agent | None = None, package: Package, operation: Operation | None = None, cause: Event | None = None,
) -> Handover:  # fmt: skip
    """Hands the ticket up to a level. `team`: one of that level, needed where it has several; `assignee`: somebody of
    that team, else it finds its way there. What was answered in a procedure goes along. Whoever handed it up, and
    whoever had it, follow it from then on. Event `ticket.escalated`. Raises CannotHandOver, StaleTicket."""
    at = clock.now()
    with transaction.atomic():
        locked = _open(ticket)
        team = _team_of(locked, level, team)
        if assignee is not None and (not assignee.user.is_active or not _is_in(assignee, team)):
            raise CannotHandOver("agent")
        text = package.text()
        if not text and cause is None:
            raise CannotHandOver("empty")
        text = "\n\n".join(part for part in (text, *_what_goes_along(locked)) if part)
        before = _Place(locked.level, locked.team, agent or locked.assignee)
        follows = keep_following(locked, [agent, locked.assignee], at)
        note = _write(locked, text, agent=agent, by=by, at=at) if text else None
        wanted: dict[str, Any] = {"level": level, "team": team, "assignee": assignee, **taken_up(locked)}
        changes = apply_changes(locked, wanted, at=at)
        changes.undo |= {"follows": follows} if follows else {}
        save(locked, at)
        row = _keep(locked, Way.UP, before, note=note, by_clock=by == BY_CLOCK, at=at)
        _tell("ticket.escalated", locked, row, changes, by=by, cause=cause, operation=operation)
    return row


def hand_back(
    ticket: Ticket, *, by: Actor, agent: Agent | None, answer: str, seen: int | None = None,
    operation: Operation | None = None,
) -> Handover:  # fmt: skip
    """Hands the ticket back with the answer to the person who handed it up, or to its team if he does not work there.
    `seen` is the key of the hand-over that is answered, where somebody read one: no other is answered in its place.
    Event `ticket.returned`. Raises CannotHandOver, StaleTicket."""
    at = clock.now()
    with transaction.atomic():
        locked = _open(ticket)
        up = open_up(list(locked.handovers.select_related("from_team", "from_agent__user")), locked.level)
        if up is None or seen not in {None, up.pk}:
            raise CannotHandOver("nothing")
        if not answer.strip():
            raise CannotHandOver("empty")
        before = _Place(locked.level, locked.team, agent or locked.assignee)
        note = _write(locked, answer.strip()[:MOST_TEXT], agent=agent, by=by, at=at)
        team = up.from_team if up.from_team and up.from_team.is_active else locked.team
        giver = up.from_agent
        person = giver if giver and giver.user.is_active and _is_in(giver, team) else None
        wanted = {"level": up.from_level, "team": team, "assignee": person, "ball": Ball.US}
        changes = apply_changes(locked, wanted, at=at)
        save(locked, at)
        row = _keep(locked, Way.BACK, before, note=note, by_clock=False, at=at)
        _tell("ticket.returned", locked, row, changes, by=by, cause=None, operation=operation)
    return row


def tell_leads(
    ticket: Ticket, *, by: Actor, agent: Agent | None, reason: str = "", operation: Operation | None = None,
    cause: Event | None = None,
) -> list[Agent]:  # fmt: skip
    """Tells the leads of the ticket's team that they are needed (administrators where it has none); who they are. The
    ticket stays where it is. Event `manager.told`. Raises CannotHandOver, StaleTicket."""
    at = clock.now()
    with transaction.atomic():
        locked = _open(ticket)
        leads = [lead for lead in leads_of(locked) if agent is None or lead.pk != agent.pk]
        if not leads:
            raise CannotHandOver("nobody")
        if not reason.strip() and cause is None:
            raise CannotHandOver("empty")
        note = _write(locked, reason.strip()[:MOST_TEXT], agent=agent, by=by, at=at) if reason.strip() else None
        save(locked, at)
        facts: dict[str, Any] = {"agents": [lead.pk for lead in leads], "names": [str(lead) for lead in leads]}
        facts |= {"message": note.pk} if note else {}
        add_step(operation, record("manager.told", stream=locked, by=by, changes=facts, cause=cause))
    return leads


def _what_goes_along(locked: Ticket) -> list[str]:
    """What others have on the ticket for whoever gets it (table PACKAGE_PARTS), where it is newer than the last note
    with which it was handed up."""
    told = locked.handovers.filter(way=Way.UP, note__isnull=False).values_list("at", flat=True).last()
    return [said[:MOST_TEXT] for part in table("PACKAGE_PARTS") if (said := part(locked, told))]


def leads_of(ticket: Ticket) -> list[Agent]:
    """Those who lead its team, without administrators; where nobody does, the administrators."""
    agents = Agent.objects.active().select_related("user").order_by("user__name")
    administrators = agents.administrators()
    leads = agents.who_may_in("lead", ticket.team_id).exclude(pk__in=administrators.values("pk"))
    return list(leads) or list(administrators)


def open_up(handovers: Sequence[Handover], level: int) -> Handover | None:
    """The hand-over by which the ticket came to this level and that nobody has answered yet."""
    waiting: list[Handover] = []
    for row in handovers:
        if row.way == Way.UP:
            waiting.append(row)
        elif waiting:
            waiting.pop()
    return waiting[-1] if waiting and waiting[-1].to_level == level else None


def keep_following(locked: Ticket, agents: Sequence[Agent | None], at: datetime) -> list[int]:
    """They follow the locked ticket, as far as there is room for them, so that they learn how it ends. The keys of
    those who took no part before."""
    before = set(locked.participants.exclude(agent=None).values_list("agent", flat=True))
    joined = []
    for agent in {one.pk: one for one in agents if one is not None}.values():
        with suppress(TooManyParticipants):
            there = take_part(locked, agent, ParticipantRole.FOLLOWER, Trust.SIGNED_IN, at)
            if there.role != ParticipantRole.FOLLOWER:
                there.role = ParticipantRole.FOLLOWER
                there.save(update_fields=["role"])
            if agent.pk not in before:
                joined.append(agent.pk)
    return joined


@dataclass(frozen=True)
class _Place:
    level: int
    team: Team | None
    agent: Agent | None


def _open(ticket: Ticket) -> Ticket:
    locked = lock(ticket)
    if locked.status_category not in ACTIVE or locked.deleted_at:
        raise CannotHandOver("finished")
    return locked


def _team_of(locked: Ticket, level: int, team: Team | None) -> Team | None:
    """The team that gets it: one of the level; without any there, the one that has it."""
    if level <= locked.level or not Level.objects.active().filter(number=level).exists():
        raise CannotHandOver("level")
    teams = list(Team.objects.filter(level=level, is_active=True).order_by("name"))
    if team is not None and team in teams:
        return team
    if team is None and len(teams) < 2:
        return teams[0] if teams else locked.team
    if team is not None and not teams and team == locked.team:
        return team
    raise CannotHandOver("team")


def _is_in(agent: Agent, team: Team | None) -> bool:
    return team is None or agent.teams.filter(pk=team.pk).exists()


def taken_up(locked: Ticket) -> dict[str, Any]:
    """A new one is open once somebody has looked at it; it is our turn."""
    if locked.status_category != StatusCategory.NEW:
        return {"ball": Ball.US}
    return {"ball": Ball.US, "status": Status.objects.default_of(StatusCategory.OPEN)}


def _write(locked: Ticket, text: str, *, agent: Agent | None, by: Actor, at: datetime) -> Message:
    return write_message(
        locked, kind=MessageKind.NOTE, channel=Channel.WEB, content=Content(text), at=at, agent=agent,
        trust=Trust.SIGNED_IN, author_name=by.name,
    )  # fmt: skip


def _keep(
    locked: Ticket, way: Way, before: _Place, *, note: Message | None, by_clock: bool, at: datetime
) -> Handover:  # fmt: skip
    same = locked.handovers.filter(way=way, from_level=before.level, to_level=locked.level).count()
    return Handover.objects.create(
        ticket=locked, way=way, from_level=before.level, to_level=locked.level, from_team=before.team,
        to_team=locked.team, from_agent=before.agent, to_agent=locked.assignee, note=note, by_clock=by_clock,
        round=same + 1, at=at,
    )  # fmt: skip


def _tell(
    kind: str, locked: Ticket, row: Handover, changes: Changes, *, by: Actor, cause: Event | None,
    operation: Operation | None,
) -> None:  # fmt: skip
    facts = {**changes, "handover": row.pk, "round": row.round, "by_clock": row.by_clock}
    facts |= {"message": row.note_id} if row.note_id else {}
    add_step(operation, record(kind, stream=locked, by=by, changes=facts, cause=cause, undo=changes.undo))
