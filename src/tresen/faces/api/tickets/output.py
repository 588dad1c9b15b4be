"""From rows to what is shown of tickets. Every field is named here; nothing else gets out."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from tresen.core.tickets import models
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.faces.api.people.output import agent_ref, contact_ref, organisation_ref, team_ref
from tresen.faces.api.people.schemas import BrandRef
from tresen.faces.api.tickets import schemas
from tresen.kit.html import SANITISER_VERSION
from tresen.spine.events.models import Event


def with_everything(tickets: TicketQuerySet) -> TicketQuerySet:
    """Tickets with all that `ticket()` shows: three queries, however many there are."""
    return tickets.with_row().select_related("merged_into").prefetch_related("tags", "requester__identities")


def ticket(row: models.Ticket) -> schemas.Ticket:
    """All that is shown of a ticket; wants `with_everything`."""
    requester = contact_ref(row.requester)
    return schemas.Ticket(
        number=row.number,
        subject=row.subject,
        status=row.status.slug,
        status_category=row.status_category,
        ball=row.ball,
        impact=schemas.IMPACTS[row.impact - 1],
        urgency=schemas.URGENCIES[row.urgency - 1],
        priority=schemas.PRIORITIES[row.priority - 1],
        type=row.type,
        language=row.language,
        category=row.category.slug if row.category else None,
        channel=row.channel,
        team=team_ref(row.team),
        level=row.level,
        assignee=agent_ref(row.assignee),
        requester=requester,
        organisation=organisation_ref(row.organisation),
        brand=BrandRef(id=row.brand.pk, name=row.brand.name),
        tags=sorted(tag.name for tag in row.tags.all()),
        fields=row.fields,
        created_at=row.created_at,
        updated_at=row.updated_at,
        first_response_at=row.first_response_at,
        solved_at=row.solved_at,
        closed_at=row.closed_at,
        merged_into=row.merged_into.number if row.merged_into else None,
        version=row.version,
    )


def with_people(messages: QuerySet[models.Message]) -> QuerySet[models.Message]:
    """Messages with all that `message()` shows: two queries, however many there are."""
    return messages.select_related("agent__user", "contact").prefetch_related("attachments")


def message(row: models.Message) -> schemas.Message:
    """All that is shown of a message; wants `with_people`. HTML of an older sanitiser is not shown (decision 4)."""
    is_clean = bool(row.html) and row.html_version == SANITISER_VERSION
    return schemas.Message(
        id=row.pk,
        kind=row.kind,
        channel=row.channel,
        author=_author(row),
        subject=row.subject,
        body_text=row.text,
        body_html=row.html if is_clean else None,
        reply_text=row.reply_text,
        to=_people(row, "to"),
        cc=_people(row, "cc"),
        bcc=_people(row, "bcc"),
        trust=row.trust,
        held=row.is_held,
        side=row.is_side,
        automatic=row.is_automatic,
        delivery=row.delivery,
        delivery_detail=row.delivery_detail,
        why=row.why,
        attachments=[_file(file) for file in sorted(row.attachments.all(), key=lambda f: (f.created_at, f.pk))],
        created_at=row.created_at,
    )


def event(row: Event) -> schemas.Event:
    """All that is shown of an event."""
    actor = schemas.EventActor(kind=row.actor_kind, id=row.actor_id, name=row.actor_name)
    return schemas.Event(
        id=row.pk, kind=row.kind, at=row.at, actor=actor, cause=row.cause_id, changes=_in_words(row.changes)
    )


def status(row: models.Status) -> schemas.Status:
    """All that is shown of a status."""
    return schemas.Status(
        slug=row.slug, name=row.name, names=row.names, category=row.category, is_default=row.is_default,
        active=row.is_active,
    )  # fmt: skip


def category(row: Category) -> schemas.Category:
    """All that is shown of a category; wants `parent` and `brand`."""
    return schemas.Category(
        slug=row.slug, name=row.name, names=row.names, trail=row.trail, parent=row.parent.slug if row.parent else None,
        brand=row.brand_id, team=row.team_id, position=row.position, active=row.is_active,
    )  # fmt: skip


def custom_field(row: CustomField) -> schemas.CustomField:
    """All that is shown of a field of the desk's own."""
    return schemas.CustomField(
        slug=row.slug, name=row.name, names=row.names, kind=row.kind, choices=row.choices, required=row.required,
        default=row.default, is_searched=row.is_searched, for_customers=row.for_customers, types=row.types,
        teams=row.teams, brands=row.brands,        active=row.is_active,
    )  # fmt: skip


def _author(row: models.Message) -> schemas.Author:
    kind = "agent" if row.agent_id else "contact" if row.contact_id else "unknown"
    return schemas.Author(kind=kind, id=row.agent_id or row.contact_id, name=row.author_name)


def _people(row: models.Message, role: str) -> list[schemas.Person]:
    listed = (r for r in row.recipients if r.get("role") == role)
    return [schemas.Person(name=r.get("name", ""), address=r.get("address", "")) for r in listed]


def _file(row: models.Attachment) -> schemas.AttachmentOnMessage:
    return schemas.AttachmentOnMessage(
        id=row.pk, filename=row.filename, content_type=row.content_type, size=row.size, inline=row.is_inline,
        content_id=row.content_id,
    )  # fmt: skip


def _in_words(changes: dict[str, Any]) -> dict[str, Any]:
    """The numbers of impact, urgency and priority as the words used everywhere else here."""
    words = {"impact": schemas.IMPACTS, "urgency": schemas.URGENCIES, "priority": schemas.PRIORITIES}
    shown = dict(changes)
    for field in words.keys() & changes.keys():
        if isinstance(changes[field], list):
            shown[field] = [words[field][value - 1] if isinstance(value, int) else value for value in changes[field]]
    return shown
