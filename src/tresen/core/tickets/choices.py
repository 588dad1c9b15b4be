"""The fixed lists of a ticket, in the field's terms."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StatusCategory(models.TextChoices):
    NEW = "new", pgettext_lazy("status", "New")
    OPEN = "open", pgettext_lazy("status", "Open")
    WAITING = "waiting", pgettext_lazy("status", "Waiting")
    ON_HOLD = "on_hold", pgettext_lazy("status", "On hold")
    SOLVED = "solved", pgettext_lazy("status", "Solved")
    CLOSED = "closed", pgettext_lazy("status", "Closed")


# Nothing is left to do for us on a ticket that is there.
FINISHED = (StatusCategory.SOLVED, StatusCategory.CLOSED)


# When something is due on a ticket on which nothing is: behind all others.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
ACTIVE = (StatusCategory.NEW, StatusCategory.OPEN, StatusCategory.WAITING, StatusCategory.ON_HOLD)


class Ball(models.TextChoices):
    US = "us", _("our turn")
    CUSTOMER = "customer", _("the customer’s turn")
    THIRD_PARTY = "third_party", _("a third party’s turn")
    DATE = "date", _("waiting for a date")


class Priority(models.IntegerChoices):
    LOW = 1, pgettext_lazy("priority", "Low")
    NORMAL = 2, pgettext_lazy("priority", "Normal")
    HIGH = 3, pgettext_lazy("priority", "High")
    URGENT = 4, pgettext_lazy("priority", "Urgent")


class Impact(models.IntegerChoices):
    ONE = 1, _("one person")
    SEVERAL = 2, _("several people")
    ALL = 3, _("a whole site or company")


class Urgency(models.IntegerChoices):
    LOW = 1, _("can wait")
    MEDIUM = 2, _("soon")
    HIGH = 3, _("work stands still")


class TicketType(models.TextChoices):
    INCIDENT = "incident", _("Incident")
    SERVICE_REQUEST = "service_request", _("Service request")
    QUESTION = "question", _("Question")
    PROBLEM = "problem", _("Problem")
    CHANGE = "change", _("Change")


class Channel(models.TextChoices):
    MAIL = "mail", _("Mail")
    WEB = "web", _("Web")
    PHONE = "phone", _("Call")
    VISIT = "visit", _("Visit")
    CHAT = "chat", _("Chat")
    FAX = "fax", _("Fax")
    API = "api", _("Interface")


class MessageKind(models.TextChoices):
    RECEIVED = "received", _("received")
    REPLY = "reply", _("reply")
    NOTE = "note", _("internal note")


class Trust(models.TextChoices):
    """How sure are we that the sender is who he says."""

    ANONYMOUS = "anonymous", _("not confirmed")
    CLAIMED = "claimed", _("claimed")
    AUTHENTICATED = "authenticated", _("authenticated")
    SIGNED_IN = "signed_in", _("signed in")


class Delivery(models.TextChoices):
    """Where an outgoing message is."""

    NONE = "", ""
    PLANNED = "planned", _("not sent yet")
    STOPPED = "stopped", _("not sent")
    QUEUED = "queued", _("queued")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    DEFERRED = "deferred", _("will be tried again")
    FAILED = "failed", _("could not be sent")
    BOUNCED = "bounced", _("came back")


# Not for eyes outside the desk: it can still be taken back.
UNSENT = (Delivery.PLANNED, Delivery.STOPPED)
# Somebody has to look after it.
UNDELIVERED = (Delivery.STOPPED, Delivery.FAILED, Delivery.BOUNCED)


class ThreadKind(models.TextChoices):
    MAIN = "main", _("with the requester")
    SIDE = "side", _("with a partner")


class ParticipantRole(models.TextChoices):
    REQUESTER = "requester", _("requester")
    CC = "cc", _("copy")
    FOLLOWER = "follower", _("follower")
    COLLABORATOR = "collaborator", _("collaborator")
