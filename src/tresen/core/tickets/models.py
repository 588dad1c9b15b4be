"""Tickets: the case, its threads, messages, participants and files."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import LANGUAGES, Agent, Brand, Contact, Organisation, Team
from tresen.core.tickets import querysets
from tresen.core.tickets.category_models import Category, in_language
from tresen.core.tickets.choices import (
    NEVER,
    UNSENT,
    Ball,
    Channel,
    Delivery,
    Impact,
    MessageKind,
    ParticipantRole,
    Priority,
    StatusCategory,
    ThreadKind,
    TicketType,
    Trust,
    Urgency,
)
from tresen.core.tickets.draft_models import Draft
from tresen.core.tickets.numbers import show_number


class Status(models.Model):
    """A step in a ticket's life; its name is the desk's own, its category is fixed."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    names = models.JSONField(_("names"), default=dict)
    category = models.CharField(_("category"), max_length=10, choices=StatusCategory.choices)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    objects = querysets.StatusQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "statuses"
        constraints = [
            models.UniqueConstraint(fields=["category"], condition=Q(is_default=True), name="one_default_a_category")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language, else English, else whatever there is."""
        return in_language(self.names) or self.slug


class Tag(models.Model):
    """A word on tickets."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    objects = querysets.TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """One case, under one number."""

    number = models.CharField(max_length=16, unique=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="tickets")
    subject = models.CharField(_("subject"), max_length=300)
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="tickets")
    # Copied from the status so that every view is one index; kept by the services and a house check.
    status_category = models.CharField(max_length=10, choices=StatusCategory.choices)
    ball = models.CharField(_("whose turn"), max_length=12, choices=Ball.choices, default=Ball.US)
    ball_since = models.DateTimeField()
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Impact.choices, default=Impact.ONE)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices, default=Urgency.MEDIUM)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    type = models.CharField(_("type"), max_length=16, choices=TicketType.choices, default=TicketType.INCIDENT)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("team")
    )
    assignee = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("assignee")
    )
    # The number of its level, and since when it is there; empty: from the beginning.
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    level_since = models.DateTimeField(null=True)
    requester = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="tickets")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    language = models.CharField(max_length=5, choices=LANGUAGES, blank=True, default="")
    tags: models.ManyToManyField[Tag, Any] = models.ManyToManyField(Tag, related_name="tickets", blank=True)
    # Values of custom fields by their short names (field_values.py); FieldValue holds them as they are looked for.
    fields = models.JSONField(default=dict)
    # True while the requester's address is not confirmed (safety decision 8).
    is_unconfirmed = models.BooleanField(default=False)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by")
    follows_reason = models.CharField(max_length=40, blank=True, default="")
    # A signpost: it went into that ticket, where its messages are (merging.py).
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="signposts")
    # In the bin since then; purged 30 days later (binning.py).
    deleted_at = models.DateTimeField(null=True)
    # What the list shows of the last message; kept by the services so that a row needs no join.
    last_message_at = models.DateTimeField()
    last_text = models.CharField(max_length=160, blank=True, default="")
    last_author = models.CharField(max_length=160, blank=True, default="")
    last_kind = models.CharField(max_length=10, blank=True, default="")
    # A reply did not arrive and nobody has dealt with that yet.
    is_undelivered = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # The next moment by which something was promised; NEVER where nothing is. Lists are sorted by it (due.py).
    due_at = models.DateTimeField(default=NEVER)
    version = models.PositiveIntegerField(default=1)
    # Its first message, on the object that `create_ticket` gives back and on no other.
    opening: Message | None = None
    objects = querysets.TicketQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["assignee", "status_category", "-updated_at", "-id"], name="view_mine"),
            # Nothing but the index is read when views are counted: behind what is sorted stands who may see it.
            models.Index(
                fields=["team", "status_category", "-updated_at", "-id", "deleted_at", "assignee"], name="view_team"
            ),
            models.Index(
                fields=["status_category", "-updated_at", "-id", "deleted_at", "team", "assignee"], name="view_all_open"
            ),
            models.Index(
                fields=["status_category", "due_at", "-updated_at", "-id", "deleted_at", "team", "assignee"],
                name="view_due_next",
            ),
            models.Index(
                fields=[
                    "status_category",
                    "assignee",
                    "team",
                    "priority",
                    "ball",
                    "channel",
                    "updated_at",
                    "created_at",
                    "deleted_at",
                ],
                name="view_counts",
            ),
            models.Index(fields=["requester", "-id"], name="tickets_of_a_contact"),
            models.Index(fields=["organisation", "-id"], name="tickets_of_an_organisation"),
            models.Index(fields=["-updated_at", "-id"], name="tickets_by_change"),
            models.Index(fields=["-deleted_at", "-id"], name="bin", condition=Q(deleted_at__isnull=False)),
            models.Index(fields=["-updated_at", "-id"], name="view_undelivered", condition=Q(is_undelivered=True)),
            # From these moments rules by time count.
            models.Index(fields=["created_at"], name="tickets_by_creation"),
            models.Index(fields=["ball_since"], name="tickets_by_turn"),
            models.Index(fields=["last_message_at"], name="tickets_by_last_message"),
            models.Index(fields=["solved_at"], name="tickets_by_solution"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def shown_number(self) -> str:
        """`T 20418-7`."""
        return show_number(self.number)


class Participant(models.Model):
    """Someone on a ticket and why: a person from outside or a colleague; never a bare address."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="participations")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=ParticipantRole.choices)
    trust = models.CharField(max_length=14, choices=Trust.choices, default=Trust.CLAIMED)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "contact"], name="a_contact_once_on_a_ticket"),
            models.UniqueConstraint(fields=["ticket", "agent"], name="an_agent_once_on_a_ticket"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, agent__isnull=True) | Q(contact__isnull=True, agent__isnull=False),
                name="participant_is_one_person",
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(role=ParticipantRole.REQUESTER), name="one_requester_a_ticket"
            ),
        ]


class Thread(models.Model):
    """A line of messages with one circle of people."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="threads")
    kind = models.CharField(max_length=6, choices=ThreadKind.choices, default=ThreadKind.MAIN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(kind=ThreadKind.MAIN), name="one_main_thread_a_ticket"
            )
        ]


class Message(models.Model):
    """One entry: received, reply or note."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    author_name = models.CharField(max_length=160)
    subject = models.CharField(max_length=300, blank=True, default="")
    # `text` is all visible text; `reply_text` the new part of it, for display and previews only.
    text = models.TextField(blank=True, default="")
    reply_text = models.TextField(blank=True, default="")
    html_source = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    html_version = models.PositiveSmallIntegerField(default=0)
    blocked_images = models.PositiveSmallIntegerField(default=0)
    recipients = models.JSONField(
        default=list, help_text='[{"role": "to", "name": "…", "address": "…"}] as on the mail'
    )
    trust = models.CharField(max_length=14, choices=Trust.choices, default=Trust.CLAIMED)
    # Waits for an agent to accept it: seen by agents only, changes nothing.
    is_held = models.BooleanField(default=False)
    # With a partner, on a side thread: nobody outside that circle sees it.
    is_side = models.BooleanField(default=False)
    # An automatic reply, kept quietly.
    is_automatic = models.BooleanField(default=False)
    why = models.JSONField(default=dict, help_text="why it is on this ticket: rule and its facts")
    delivery = models.CharField(max_length=10, choices=Delivery.choices, blank=True, default="")
    delivery_detail = models.CharField(max_length=500, blank=True, default="")
    delivery_at = models.DateTimeField(null=True)
    # Somebody has dealt with it that this did not arrive.
    delivery_noted = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    objects = querysets.MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "id"], name="timeline"),
            models.Index(fields=["ticket"], name="view_held", condition=Q(is_held=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_internal(self) -> bool:
        """Not for eyes outside the desk; the same rule as `querysets.INTERNAL`."""
        quiet = self.is_held or self.is_automatic or self.is_side
        return self.kind == MessageKind.NOTE or quiet or self.delivery in UNSENT


class PlannedReply(models.Model):
    """When a reply leaves that is not sent yet: in some seconds (until then it can be undone) or at a chosen time."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="plan")
    leaves_at = models.DateTimeField()
    # Chosen by the agent; else the seconds in which a reply can be undone.
    is_later = models.BooleanField(default=False)
    unless_answered = models.BooleanField(default=False)
    # {field: [old, new]}: what changed with the reply and goes back when it is undone; for a later one what will
    # change when it leaves. Either way only where nobody has changed the field since.
    changes = models.JSONField(default=dict)
    # Lines (staged.py) whose other changes are made when it leaves, and the operation that all of it is part of.
    staged = models.JSONField(default=list)
    # How the fields in these lines stood when they were laid out: what others have changed since stays as it is.
    before = models.JSONField(default=dict)
    # Of a message to a partner: the draft it goes back into when it is undone (sides.Back as a dict).
    back = models.JSONField(default=dict)
    operation = models.ForeignKey("Operation", null=True, on_delete=models.SET_NULL, related_name="+")


class ReplySettings(models.Model):
    """One row at most: how replies leave this desk."""

    undo_seconds = models.PositiveSmallIntegerField(
        _("seconds to undo"), default=10, validators=[MaxValueValidator(120)]
    )


class Attachment(models.Model):
    """A file on a message, or uploaded and not yet sent. Its name is data; its place is an opaque key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    storage_key = models.CharField(max_length=32)
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100, help_text="from our allowlist, never the sender's word")
    size = models.BigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=200, blank=True, default="")
    is_inline = models.BooleanField(default=False)
    # Until it is on a message, an upload belongs to whoever brought it (an agent, or a visitor's session).
    uploaded_by = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    # It waits in a draft: as long as that one is there, it is not swept away.
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.SET_NULL, related_name="files")
    created_at = models.DateTimeField()
    objects = querysets.AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="uploads_left", condition=Q(message__isnull=True)),
        ]


class TicketLink(models.Model):
    """A personal link to one ticket: 256 random bits of which only the hash is kept. Several may be alive."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="ticket_links")
    token_hash = models.CharField(max_length=64, unique=True)
    # Sent to the contact's address: who opens it has read that mailbox.
    by_mail = models.BooleanField(default=True)
    address = models.CharField(max_length=254, blank=True, default="", help_text="the mail address it was sent to")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class ReadMark(models.Model):
    """Up to which message an agent has read a ticket."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="read_marks")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="read_marks")
    message_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "ticket"], name="one_mark_an_agent_and_ticket")]


# More tables of this app, each topic in a file of its own.
from tresen.core.tickets import level_models as _level_models  # noqa: E402, F401
from tresen.core.tickets import operation_models as _operation_models  # noqa: E402, F401
from tresen.core.tickets import preview_models as _preview_models  # noqa: E402, F401
from tresen.core.tickets import side_models as _side_models  # noqa: E402, F401
from tresen.core.tickets import structure_models as _structure_models  # noqa: E402, F401
