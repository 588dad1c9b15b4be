"""What rules do beside setting fields, as far as it needs no other part of the service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.teamwork.checklist import TooManyItems
from tresen.core.teamwork.models import ChecklistTemplate
from tresen.core.teamwork.snoozing import CannotSnooze, snooze
from tresen.core.teamwork.templates import CHECKLIST as KEPT
from tresen.core.teamwork.templates import use_template
from tresen.core.tickets.automation import Doing, Input, NotDone, WrongAction, note_by_rule
from tresen.core.tickets.choices import Ball, MessageKind, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import take_number
from tresen.core.tickets.relating import CannotLink, link_as_child
from tresen.core.tickets.services import create_ticket
from tresen.service.search.memory import read_once
from tresen.spine.events.services import record

MOST_TEXT = 4000
MOST_HOURS = 24 * 366


def typed_text(values: Mapping[str, Any], name: str, most: int) -> str:
    """A text that is not empty and not too long. Raises WrongAction."""
    text = str(values.get(name, "")).replace("\r\n", "\n").replace("\0", "").strip()
    if not 0 < len(text) <= most:
        raise WrongAction(name)
    return text


class Note:
    """An internal note in the rule's name."""

    kind, label, icon = "note", gettext_lazy("Write a note"), "lock"
    inputs = (Input("text", gettext_lazy("Note for colleagues"), "long", most=MOST_TEXT),)
    repeats = frozenset({"note.added"})

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The text."""
        return {"text": typed_text(values, "text", MOST_TEXT)}

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """Always."""
        return True

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `note.added`."""
        note_by_rule(doing.ticket, kept["text"], by=doing.by)
        return True

    def say(self, kept: Mapping[str, Any]) -> str:
        """Its beginning."""
        return _("Note: %(text)s") % {"text": " ".join(str(kept.get("text", "")).split())[:60]}


class Notify:
    """Tells colleagues in their bell, as each wants to be told."""

    kind, label, icon = "notify", gettext_lazy("Tell colleagues"), "bell"
    inputs = (Input("whom", gettext_lazy("Whom"), choices=lambda principal: _whom(principal)),)
    repeats: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Whoever has it, its team, the administrators, a team or a colleague."""
        whom = str(values.get("whom", ""))
        if whom not in ("assignee", "team", "admins") and _named(whom) is None:
            raise WrongAction("whom")
        return {"whom": whom}

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """Somebody is there to be told."""
        return bool(self._agents(kept["whom"], ticket))

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `rule.notified`; the notifications follow from it."""
        agents = self._agents(kept["whom"], doing.ticket)
        if not agents:
            raise NotDone("nobody")
        told = agents[: doing.writes_to(len(agents))]
        record("rule.notified", stream=doing.ticket, by=doing.by, changes={"agents": told})
        return True

    def _agents(self, whom: str, ticket: Ticket) -> list[int]:
        if whom == "assignee":
            return [ticket.assignee_id] if ticket.assignee_id else []
        rows = Agent.objects.active()
        if whom == "admins":
            rows = rows.administrators()
        elif whom == "team":
            rows = rows.filter(teams=ticket.team_id) if ticket.team_id else rows.none()
        else:
            found = _named(whom)
            rows = rows.filter(teams=found) if isinstance(found, Team) else rows.filter(pk=found.pk if found else 0)
        return list(rows.order_by("pk").values_list("pk", flat=True).distinct())

    def say(self, kept: Mapping[str, Any]) -> str:
        """`Tell: the team`."""
        whom = str(kept.get("whom", ""))
        fixed = {"assignee": _("whoever has it"), "team": _("its team"), "admins": _("the administrators")}
        return _("Tell: %(whom)s") % {"whom": fixed.get(whom) or str(_named(whom) or _("gone"))}


def _whom(principal: Principal) -> list[tuple[str, Any]]:
    teams = Team.objects.visible_to(principal).active().order_by("name")
    agents = Agent.objects.visible_to(principal).active().select_related("user").order_by("user__name")
    fixed: list[tuple[str, Any]] = [
        ("assignee", _("whoever has it")), ("team", _("its team")), ("admins", _("the administrators")),
    ]  # fmt: skip
    fixed += [(f"t{team.pk}", _("team %(name)s") % {"name": team.name}) for team in teams]
    return [*fixed, *((f"a{agent.pk}", agent.user.name) for agent in agents)]


@read_once
def _named(whom: str) -> Team | Agent | None:
    key = whom[1:]
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        return None
    if whom[0] == "t":
        return Team.objects.active().filter(pk=int(key)).first()
    return Agent.objects.active().select_related("user").filter(pk=int(key)).first() if whom[0] == "a" else None


class Checklist:
    """Puts the steps of a kept checklist on the ticket, unless they are there."""

    kind, label, icon = "checklist", gettext_lazy("Add a checklist"), "checks"
    inputs = (
        Input("checklist", gettext_lazy("Checklist"), choices=lambda principal: [
            (str(one.pk), one.name) for one in ChecklistTemplate.objects.visible_to(principal).active()
        ]),
    )  # fmt: skip
    repeats: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """One that is in use."""
        if (found := self._found(values)) is None:
            raise WrongAction("checklist")
        return {"checklist": str(found.pk)}

    def _found(self, kept: Mapping[str, Any]) -> ChecklistTemplate | None:
        key = str(kept.get("checklist", ""))
        known = key.isascii() and key.isdigit() and len(key) < 16
        return ChecklistTemplate.objects.active().filter(pk=int(key)).first() if known else None

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """A step of it is missing."""
        return bool(KEPT.missing_on(ticket, self._found(kept)))

    def foresee(self, kept: Mapping[str, Any], ticket: Ticket) -> dict[str, Any]:
        """Its steps that the ticket does not have."""
        return {"checklist": KEPT.missing_on(ticket, self._found(kept))}

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `checklist.changed`."""
        found = self._found(kept)
        if found is None:
            raise NotDone("gone")
        if not self.would(kept, doing.ticket):
            return False
        try:
            use_template(found, doing.ticket, by=doing.by)
        except TooManyItems as fault:
            raise NotDone("full") from fault
        return True

    def say(self, kept: Mapping[str, Any]) -> str:
        """By its name."""
        return _("Checklist: %(name)s") % {"name": self._found(kept) or _("gone")}


class Snooze:
    """Lets the ticket sleep for so many hours, in the name of whoever has it."""

    kind, label, icon = "snooze", gettext_lazy("Let it sleep"), "moon"
    inputs = (
        Input("hours", gettext_lazy("Hours"), "number", most=5,
              hint=gettext_lazy("Somebody must have the ticket; he is told when it wakes.")),
    )  # fmt: skip
    repeats: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """One hour to a year."""
        typed = str(values.get("hours", "")).strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) < 6 and 0 < int(typed) <= MOST_HOURS):
            raise WrongAction("hours")
        return {"hours": int(typed)}

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """Somebody has it, and it is not finished."""
        return ticket.assignee_id is not None and ticket.status_category not in ("solved", "closed")

    def foresee(self, kept: Mapping[str, Any], ticket: Ticket) -> dict[str, Any]:
        """It waits for a date."""
        return {"ball": Ball.DATE}

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `ticket.snoozed`."""
        agent = doing.ticket.assignee
        if agent is None:
            raise NotDone("nobody")
        try:
            until = doing.event.at + timedelta(hours=kept["hours"])
            snooze(doing.ticket, agent=agent, until=until, reason=doing.by.name, by=doing.by)
        except CannotSnooze as fault:
            raise NotDone("finished") from fault
        return True

    def say(self, kept: Mapping[str, Any]) -> str:
        """`Sleep: 24 h`."""
        return _("Let it sleep: %(n)s h") % {"n": kept.get("hours", 0)}


class Child:
    """Makes a ticket that belongs to this one, for a team: the order for the door, the account, the phone."""

    kind, label, icon = "child", gettext_lazy("Make a child ticket"), "link"
    inputs = (
        Input("subject", gettext_lazy("Subject"), "text"),
        Input("team", gettext_lazy("Team"), choices=lambda principal: [
            (str(team.pk), team.name) for team in Team.objects.visible_to(principal).active().order_by("name")
        ]),
        Input("text", gettext_lazy("What is to be done"), "long", most=MOST_TEXT),
    )  # fmt: skip
    repeats = frozenset({"ticket.created"})

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A subject, a team in use, a text."""
        if self._team(values) is None:
            raise WrongAction("team")
        subject = " ".join(typed_text(values, "subject", 200).split())
        return {
            "subject": subject,
            "team": str(values["team"]),
            "text": typed_text(values, "text", MOST_TEXT),
        }

    def _team(self, kept: Mapping[str, Any]) -> Team | None:
        key = str(kept.get("team", ""))
        known = key.isascii() and key.isdigit() and len(key) < 16
        return Team.objects.active().filter(pk=int(key)).first() if known else None

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """Always."""
        return True

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Events `ticket.created`, `ticket.linked`. The customer hears nothing of it."""
        parent, team = doing.ticket, self._team(kept)
        if team is None:
            raise NotDone("gone")
        try:
            with transaction.atomic():  # where it cannot be linked there is none
                child = create_ticket(
                    by=doing.by, requester=parent.requester, subject=kept["subject"], content=Content(kept["text"]),
                    channel=parent.channel, brand=parent.brand, team=team, kind=MessageKind.NOTE,
                    trust=Trust.SIGNED_IN, quiet=True, number=take_number(parent.brand), author_name=doing.by.name,
                )  # fmt: skip
                link_as_child(child, to=parent, by=doing.by)
        except CannotLink as fault:  # a child has no children
            raise NotDone("parent" if fault.why == "depth" else fault.why) from fault
        return True

    def say(self, kept: Mapping[str, Any]) -> str:
        """With its subject."""
        return _("Child ticket: %(subject)s") % {"subject": kept.get("subject", "")}


NOTE, NOTIFY, CHECKLIST, SNOOZE, CHILD = Note(), Notify(), Checklist(), Snooze(), Child()
