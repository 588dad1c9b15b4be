"""The catalogue: what customers can ask for, the forms by which they ask, and what they asked."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from tresen.core.catalog import querysets
from tresen.core.people.models import Brand, Organisation, Team
from tresen.core.tickets.category_models import in_language
from tresen.core.tickets.choices import Impact, TicketType, Urgency
from tresen.core.tickets.models import Category, Ticket


class ServiceCategory(models.Model):
    """A shelf of the catalogue."""

    names = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict, blank=True)
    # A name of the icon set; a picture, where there is one, is shown instead.
    icon = models.CharField(max_length=30, blank=True, default="")
    picture_key = models.CharField(max_length=32, blank=True, default="")
    picture_type = models.CharField(max_length=20, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    objects = querysets.ServiceCategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "service categories"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_language(self.names)

    @property
    def summary(self) -> str:
        """What stands in it, in the reader's language."""
        return in_language(self.summaries)


class ServiceKind(models.TextChoices):
    """What somebody gets who asks for it."""

    INCIDENT = "incident", _("Fault")
    INSTALLATION = "installation", _("Installation")
    CONFIGURATION = "configuration", _("Configuration")
    ACCESS = "access", _("Access")
    HARDWARE = "hardware", _("Equipment")
    TRAINING = "training", _("Training")
    CONSULTING = "consulting", _("Consulting")
    OTHER = "other", _("Something else")


class Audience(models.TextChoices):
    """Who may see a service and ask for it; agents may in any case, for whoever calls."""

    EVERYBODY = "everybody", _("everybody")
    CUSTOMERS = "customers", _("customers who are signed in")
    ORGANISATIONS = "organisations", _("some organisations")
    AGENTS = "agents", _("agents only")


class PriceKind(models.TextChoices):
    NONE = "none", _("nothing is said about a price")
    AMOUNT = "amount", _("a price")
    HOURS = "hours", _("hours of the contingent that was agreed")


class Service(models.Model):
    """Something that can be asked for. It is never deleted: one that is not in use stays on its tickets."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    names = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict, blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    # What happens once it was asked for, told on the page that confirms it and beside the request.
    next_steps = models.JSONField(default=dict, blank=True)
    icon = models.CharField(max_length=30, blank=True, default="")
    picture_key = models.CharField(max_length=32, blank=True, default="")
    picture_type = models.CharField(max_length=20, blank=True, default="")
    category = models.ForeignKey(ServiceCategory, on_delete=models.PROTECT, related_name="services")
    kind = models.CharField(max_length=14, choices=ServiceKind.choices, default=ServiceKind.OTHER)
    brands: models.ManyToManyField[Brand, Any] = models.ManyToManyField(Brand, related_name="services", blank=True)
    audience = models.CharField(max_length=14, choices=Audience.choices, default=Audience.EVERYBODY)
    organisations: models.ManyToManyField[Organisation, Any] = models.ManyToManyField(
        Organisation, related_name="services", blank=True
    )
    # What its tickets begin with.
    ticket_category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="services"
    )
    type = models.CharField(max_length=16, choices=TicketType.choices, default=TicketType.SERVICE_REQUEST)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="services")
    impact = models.PositiveSmallIntegerField(choices=Impact.choices, default=Impact.ONE)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.MEDIUM)
    # Customers say who is affected, which decides about impact and urgency instead.
    asks_reach = models.BooleanField(default=False)
    price_kind = models.CharField(max_length=6, choices=PriceKind.choices, default=PriceKind.NONE)
    price = models.DecimalField(
        null=True, blank=True, max_digits=11, decimal_places=2, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(max_length=3, blank=True, default="")
    hours = models.DecimalField(
        null=True, blank=True, max_digits=6, decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(9999)],
    )  # fmt: skip
    price_texts = models.JSONField(default=dict, blank=True)
    # What is to be done once work begins (tasks.py): steps, and tickets for other teams.
    steps = models.JSONField(default=list, blank=True)
    children = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    objects = querysets.ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_language(self.names) or self.slug

    @property
    def summary(self) -> str:
        """In a line, in the reader's language."""
        return in_language(self.summaries)

    @property
    def description(self) -> str:
        """All of it, in the reader's language."""
        return in_language(self.descriptions)

    @property
    def next_step(self) -> str:
        """What happens after it was asked for, in the reader's language."""
        return in_language(self.next_steps)

    @property
    def price_text(self) -> str:
        """What is said about the price, in the reader's language."""
        return in_language(self.price_texts)

    @property
    def shown_hours(self) -> str:
        """Its hours without needless zeros, as one writes numbers here."""
        return "" if self.hours is None else formats.number_format(self.hours.normalize(), use_l10n=True)

    @property
    def shown_icon(self) -> str:
        """Its own icon, else that of its category, else one that fits everything."""
        return self.icon or self.category.icon or "help"


class ServiceForm(models.Model):
    """The fields of a service's form as they were; a request keeps the version that was filled in. Never changed.
    Shape: fields.Field."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="forms")
    number = models.PositiveIntegerField()
    fields = models.JSONField(default=list)
    made_at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="a_form_version_once")]


class Request(models.Model):
    """What was asked of a service, beside the ticket that came of it."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="service_request")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="requests")
    form = models.ForeignKey(ServiceForm, on_delete=models.PROTECT, related_name="requests")
    # As evaluate() gives them, by the keys of the fields.
    answers = models.JSONField(default=dict, blank=True)
    # The language in which it was filled in.
    language = models.CharField(max_length=5, blank=True, default="")
    # When its tasks were made (beginning.py).
    begun_at = models.DateTimeField(null=True, blank=True)
    objects = querysets.RequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "ticket"], name="requests_of_a_service")]

    @property
    def waits(self) -> bool:
        """Whether something is to be done that has not begun."""
        return self.begun_at is None and bool(self.service.steps or self.service.children)
