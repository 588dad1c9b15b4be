"""Who is told of an event. May run twice and late: an agent is told of an event once, and never of his own acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tresen.core.knowledge.models import Article
from tresen.core.knowledge.reviewing import asked_by
from tresen.core.people.models import Agent
from tresen.core.teamwork.models import ChecklistItem, Mention, Snooze, WokenBy
from tresen.core.tickets.choices import UNDELIVERED, ParticipantRole
from tresen.core.tickets.draft_models import Draft
from tresen.core.tickets.models import Message, Participant, Ticket
from tresen.core.tickets.side_models import SideThread
from tresen.kit import clock
from tresen.service.notifications.choosing import next_mails_to, ways_of
from tresen.service.notifications.jobs import mail_news
from tresen.service.notifications.kinds import USUAL, Kind
from tresen.service.notifications.models import Notification
from tresen.service.notifications.solutions import solution_of, solves
from tresen.spine.events.models import Event

Told = Iterable[tuple[int | None, Kind]]


def notify(event: Event) -> None:
    """Tells everybody whom the event concerns, each once, by the first kind that fits."""
    ticket = event.stream_row or Ticket.objects.filter(pk=event.stream_id).first()
    finder = FINDERS.get(event.kind)
    if not isinstance(ticket, Ticket) or finder is None:
        return
    author = event.actor_id if event.actor_kind == "agent" else None
    told: dict[int, Kind] = {}
    for agent, kind in finder(event, ticket):
        if agent is not None and agent != author:
            told.setdefault(agent, kind)
    if told:
        _tell(event, ticket, told)


def notify_of_article(event: Event) -> None:
    """Tells whoever is asked for a review or had asked for one, and the keeper whose day is over."""
    article = event.stream_row or Article.objects.filter(pk=event.stream_id).first()
    if not isinstance(article, Article):
        return
    author = event.actor_id if event.actor_kind == "agent" else None
    told: dict[int, Kind] = {}
    for agent, kind in _of_article(event, article):
        if agent is not None and agent != author:
            told.setdefault(agent, kind)
    if told:
        _tell(event, None, told, article=article)


def _of_article(event: Event, article: Article) -> Told:
    if event.kind == "article.look_due":
        return [(article.keeper_id, Kind.LOOK)]
    if event.kind == "article.commented":
        text = article.texts.filter(language=event.changes.get("language", "")).first()
        parts = [text.reviewer_id, asked_by(text)] if text else []
        return [(pk, Kind.ARTICLE) for pk in (*parts, article.keeper_id)]
    agent = event.changes.get("agent")
    kind = Kind.REVIEW if event.kind == "article.review_asked" else Kind.ARTICLE
    return [(agent if isinstance(agent, int) else None, kind)]


def _tell(event: Event, ticket: Ticket | None, told: dict[int, Kind], *, article: Article | None = None) -> None:
    agents = {agent.pk: agent for agent in Agent.objects.active().select_related("user").filter(pk__in=told)}
    chosen, message = ways_of(agents), event.changes.get("message")
    if message is None and ticket is not None and Kind.SOLVED in told.values():
        message = solution_of(event, ticket)
    rows = []
    for pk, kind in told.items():
        if pk in agents:
            way = chosen.get((pk, kind.value), USUAL[kind])
            rows.append(Notification(
                agent=agents[pk], kind=kind, ticket=ticket, article=article, event=event,
                message_id=message if isinstance(message, int) else None, at=event.at, by_mail=way.mail,
            ))  # fmt: skip
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    for agent, due in next_mails_to([row.agent for row in rows if row.by_mail], clock.now()):
        mail_news.enqueue(agent_id=agent.pk, at=due, key=f"news:{agent.pk}")


def _assigned(event: Event, ticket: Ticket) -> Told:
    made = event.kind == "ticket.created"
    return [(ticket.assignee_id, Kind.ASSIGNED)] if made or "assignee" in event.changes else []


def _followers(ticket: Ticket) -> list[tuple[int | None, Kind]]:
    rows = Participant.objects.filter(ticket=ticket, role=ParticipantRole.FOLLOWER, agent__isnull=False)
    return [(pk, Kind.FOLLOWED) for pk in rows.values_list("agent_id", flat=True)]


def _changed(event: Event, ticket: Ticket) -> Told:
    """Whoever follows learns, too, that it is solved, and how."""
    told = _followers(ticket)
    if told and solves(event, ticket):
        told = [(agent, Kind.SOLVED) for agent, _kind in told]
    return [*_assigned(event, ticket), *told]


def _returned(event: Event, ticket: Ticket) -> Told:
    """The one who gets it back is whoever handed it up."""
    return [(ticket.assignee_id, Kind.RETURNED), *_noted(event, ticket)]


def _on_call(event: Event, ticket: Ticket) -> Told:
    agent = event.changes.get("agent")
    return [(agent if isinstance(agent, int) else None, Kind.ONCALL)]


def _lead(event: Event, ticket: Ticket) -> Told:
    return [*((pk, Kind.MANAGER) for pk in event.changes.get("agents") or []), *_noted(event, ticket)]


def _noted(event: Event, ticket: Ticket) -> Told:
    mentions = Mention.objects.filter(message=event.changes.get("message"))
    named = list(mentions.exclude(agent=None).values_list("agent_id", flat=True))
    teams = list(mentions.exclude(team=None).values_list("team_id", flat=True))
    of_teams = Agent.objects.filter(teams__in=teams).values_list("pk", flat=True).distinct() if teams else []
    return [*((pk, Kind.MENTION) for pk in [*named, *of_teams]), *_changed(event, ticket)]


def _steps(event: Event, ticket: Ticket) -> Told:
    if event.changes.get("what") not in ("added", "changed"):
        return []
    items = ChecklistItem.objects.filter(pk__in=event.changes.get("items", []), done_at=None)
    return [(pk, Kind.MENTION) for pk in items.exclude(assignee=None).values_list("assignee_id", flat=True)]


def _received(event: Event, ticket: Ticket) -> Told:
    if event.changes.get("quiet"):
        return []
    return [(ticket.assignee_id, Kind.ANSWER), *_followers(ticket)]


def _nudged(event: Event, ticket: Ticket) -> Told:
    """Its assignee; of a ticket that is nobody's everybody of its team."""
    if ticket.assignee_id or ticket.team_id is None:
        return [(ticket.assignee_id, Kind.NUDGE), *_followers(ticket)]
    of_team = Agent.objects.filter(teams=ticket.team_id).values_list("pk", flat=True)
    return [*((pk, Kind.NUDGE) for pk in of_team), *_followers(ticket)]


def _woken(event: Event, ticket: Ticket) -> Told:
    if event.changes.get("why") != WokenBy.TIME:
        return []
    slept = Snooze.objects.filter(pk=event.changes.get("snooze")).values_list("agent_id", flat=True).first()
    return [(ticket.assignee_id, Kind.WOKE), (slept, Kind.WOKE), *_followers(ticket)]


def _partner(event: Event, ticket: Ticket) -> Told:
    if event.changes.get("quiet"):
        return []
    kind = Kind.REMINDER if event.kind == "side.reminded" else Kind.PARTNER
    opener = SideThread.objects.filter(pk=event.changes.get("side")).values_list("opened_by", flat=True).first()
    return [(ticket.assignee_id, kind), (opener, kind)]


def _review(event: Event, ticket: Ticket) -> Told:
    draft = Draft.objects.filter(pk=event.changes.get("draft"), asked_at__isnull=False).first()
    if draft is None:
        return []
    teams = [draft.review_team_id] if draft.review_team_id else []
    of_team = Agent.objects.filter(teams__in=teams).values_list("pk", flat=True) if teams else []
    return [(pk, Kind.REVIEW) for pk in [draft.reviewer_id, *of_team]]


def _pointed(event: Event, ticket: Ticket) -> Told:
    return [(agent, Kind.RULE) for agent in event.changes.get("agents", [])]


def _delivery(event: Event, ticket: Ticket) -> Told:
    states = event.changes.get("delivery") or [""]
    if states[-1] not in UNDELIVERED:
        return []
    writer = Message.objects.filter(pk=event.changes.get("message")).values_list("agent_id", flat=True).first()
    return [(writer, Kind.UNDELIVERED), (ticket.assignee_id, Kind.UNDELIVERED)]


def _rated(event: Event, ticket: Ticket) -> Told:
    """Of a rating that has become bad: whoever has the ticket, and the leads of its team."""
    if not event.changes.get("is_newly_bad"):
        return []
    leads = Agent.objects.who_may_in("lead", ticket.team_id).values_list("pk", flat=True)
    return [(ticket.assignee_id, Kind.RATED), *((pk, Kind.RATED) for pk in leads)]


FINDERS: dict[str, Callable[[Event, Ticket], Told]] = {
    "ticket.created": _assigned,
    "ticket.changed": _changed,
    "ticket.assigned": _changed,
    "ticket.escalated": _noted,
    "ticket.returned": _returned,
    "manager.told": _lead,
    "oncall.called": _on_call,
    "oncall.acknowledged": _changed,
    "change.undone": _changed,
    "reply.added": _changed,
    "note.added": _noted,
    "message.received": _received,
    "message.accepted": _received,
    "ticket.nudged": _nudged,
    "checklist.changed": _steps,
    "ticket.woken": _woken,
    "draft.review_asked": _review,
    "side.received": _partner,
    "side.accepted": _partner,
    "side.reminded": _partner,
    "delivery.changed": _delivery,
    "rule.notified": _pointed,
    "survey.rated": _rated,
}
