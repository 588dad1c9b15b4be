"""What customers are told before they ask: planned work, disturbances, news, training offers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from tresen.core.announcements import querysets
from tresen.core.announcements.choices import Kind, Severity, Stage, State
from tresen.core.announcements.words import Said, said_in
from tresen.core.catalog.models import Service
from tresen.core.people.models import LANGUAGES, Agent, Brand, Contact, Organisation
from tresen.core.tickets.models import Ticket


class Announcement(models.Model):
    """Something that many should know, for as long as it lasts."""

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.DISTURBANCE)
    severity = models.CharField(max_length=5, choices=Severity.choices, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    # The main language; in others it is read where they have words of their own.
    language = models.CharField(max_length=5, choices=LANGUAGES, default="en")
    titles = models.JSONField(default=dict, help_text='{"de": "…"}: plain text, one line')
    texts = models.JSONField(default=dict, help_text='{"de": "…"}: plain text')
    # For whom it is; none: for those of every brand, for everybody.
    brands: models.ManyToManyField[Brand, Any] = models.ManyToManyField(Brand, related_name="announcements", blank=True)
    organisations: models.ManyToManyField[Organisation, Any] = models.ManyToManyField(
        Organisation, related_name="announcements", blank=True
    )
    # What it is about, of the catalogue.
    services: models.ManyToManyField[Service, Any] = models.ManyToManyField(
        Service, related_name="announcements", blank=True
    )
    begins_at = models.DateTimeField()
    # When it is planned to be over; a disturbance lasts until somebody says that it is solved.
    ends_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True)
    problem = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="announced_by")
    created_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    objects = querysets.AnnouncementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "begins_at"], name="announcements_of_a_state"),
            models.Index(fields=["begins_at", "id"], name="announcements_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gt=F("begins_at")), name="ends_after_begin")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language, else in the main one."""
        return self.said_title.text

    @property
    def said_title(self) -> Said:
        """The same, with the language it is in where that is not the reader's."""
        return said_in(self.titles, self.language)

    @property
    def said_text(self) -> Said:
        """The text for the reader, and its language where that is another."""
        return said_in(self.texts, self.language)

    @property
    def lasts(self) -> bool:
        """It is to come, or now."""
        return self.state in (State.PLANNED, State.ACTIVE)

    @property
    def is_readable(self) -> bool:
        """Customers can read it, as far as it is for them."""
        return self.lasts or self.state == State.OVER

    @property
    def is_disturbance(self) -> bool:
        """Something does not work, and nobody knows yet for how long."""
        return self.kind == Kind.DISTURBANCE


class AnnouncementUpdate(models.Model):
    """What is new about an announcement, as all who are affected are told."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="updates")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.NOTICED)
    texts = models.JSONField(default=dict, help_text='{"de": "…"}: plain text')
    by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["announcement", "at"], name="updates_of_an_announcement")]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.stage}"

    @property
    def said_text(self) -> Said:
        """The text for the reader, and its language where that is another."""
        return said_in(self.texts, self.announcement.language)


class Affected(models.Model):
    """Somebody whom it affects: a contact, or a browser of which nobody knows whose it is. Counted once."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="affected")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=64, blank=True, default="", help_text="a hash, of a guest's session")
    brand = models.ForeignKey(Brand, null=True, on_delete=models.SET_NULL, related_name="+")
    # Whether he is written to about it; he may have said that he wants no more of that.
    wants_mail = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "affected"
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "contact"], condition=Q(contact__isnull=False), name="a_contact_affected_once"
            ),
            models.UniqueConstraint(
                fields=["announcement", "browser"], condition=~Q(browser=""), name="a_browser_affected_once"
            ),
            models.CheckConstraint(condition=Q(contact__isnull=False) | ~Q(browser=""), name="affected_is_somebody"),
        ]


class AnnouncedTicket(models.Model):
    """A ticket that is about what was announced."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="tickets")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="announced")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "ticket"], name="a_ticket_once_in_an_announcement")
        ]


class Subscription(models.Model):
    """A mail address that wants to hear what is new: of one announcement, or of all that a brand's page shows.

    Until `confirmed_at` it gets nothing but the mail that asks for confirmation. `folded` is what is compared.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    announcement = models.ForeignKey(Announcement, null=True, on_delete=models.CASCADE, related_name="subscriptions")
    address = models.CharField(max_length=254)
    folded = models.CharField(max_length=254)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=5, choices=LANGUAGES, blank=True, default="")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "folded"], condition=Q(announcement__isnull=False),
                name="an_address_once_an_announcement",
            ),
            models.UniqueConstraint(
                fields=["brand", "folded"], condition=Q(announcement=None), name="an_address_once_a_status_page"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.address


class MailState(models.TextChoices):
    QUEUED = "queued"
    TAKEN = "taken"
    SENT = "sent"
    FAILED = "failed"


class AnnouncementMail(models.Model):
    """One mail to one address about one thing: that it was announced (no update), or an update. Never a second one."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="mails")
    update = models.ForeignKey(AnnouncementUpdate, null=True, on_delete=models.CASCADE, related_name="mails")
    # Why this address gets it: one of the two, gone when he wants no more.
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.SET_NULL, related_name="+")
    affected = models.ForeignKey(Affected, null=True, on_delete=models.SET_NULL, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=254)
    folded = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=6, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="queued"), name="announcement_mails_to_send")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "folded"], condition=Q(update=None), name="told_once_that_it_is_announced"
            ),
            models.UniqueConstraint(
                fields=["update", "folded"], condition=Q(update__isnull=False), name="told_once_of_an_update"
            ),
        ]
