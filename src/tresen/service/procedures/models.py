"""Guided diagnoses: questions with answers that lead on, in versions, and how tickets went through them."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, OuterRef, Q, When
from django.utils.translation import get_language

from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets.categories import MOST_LEVELS
from tresen.core.tickets.models import Category, Ticket

# From a category to those above it, the nearest first.
_UP = ["__".join(["parent"] * step) for step in range(1, MOST_LEVELS)]


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    """Procedures."""

    def visible_to(self, principal: Principal) -> ProcedureQuerySet:
        """Every agent follows them; outsiders see those that are for customers."""
        return self.all() if principal.is_staff else self.for_customers()

    def for_customers(self) -> ProcedureQuerySet:
        """Those that customers are offered, whoever looks: not where the category is at rest."""
        return self.filter(is_active=True, for_customers=True, category__is_active=True)

    def for_category(self, category: Category | None) -> Procedure | None:
        """What a ticket of that category offers: its own, else that of the nearest one above it. The portal asks the
        same."""
        if category is None:
            return None
        above = Category.objects.filter(pk=category.pk)
        way = [When(category=category.pk, then=0)]
        way += [When(category__in=above.values(path), then=step) for step, path in enumerate(_UP, 1)]
        near = self.filter(is_active=True).alias(steps_up=Case(*way, output_field=models.SmallIntegerField()))
        return near.exclude(steps_up=None).order_by("steps_up").first()

    def offered_on(self, category: str) -> ProcedureQuerySet:
        """Those in use that a row of an outer query offers, by the name of its category there."""
        above = Category.objects.filter(pk=OuterRef(OuterRef(category)))
        way = Q(category=OuterRef(category))
        for path in _UP:
            way |= Q(category__in=above.values(path))
        return self.filter(way, is_active=True)


class Procedure(models.Model):
    """One for a category and what stands below it."""

    name = models.CharField(max_length=80, unique=True)
    category = models.OneToOneField(Category, on_delete=models.PROTECT, related_name="procedure")
    is_active = models.BooleanField(default=True)
    # Customers are offered it in the portal, before they send a request.
    for_customers = models.BooleanField(default=False)
    # What it is called in other languages, by their codes.
    names = models.JSONField(default=dict, blank=True)
    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["-is_active", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        name: str = self.names.get((get_language() or "")[:2]) or self.name
        return name


class ProcedureVersion(models.Model):
    """The steps as they were: a run keeps the version it began with. Shape: steps.Step."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    steps = models.JSONField()
    made_at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["procedure", "number"], name="a_procedure_version_once")]


class Outcome(models.TextChoices):
    OPEN = ""
    SOLVED = "solved"
    HANDED = "handed"
    STOPPED = "stopped"


class Run(models.Model):
    """A ticket on its way through a procedure, or at the end of it. Without an agent a customer went through it in the
    portal; without a ticket, too, it has helped him."""

    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="runs")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="runs")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(outcome=""), name="one_open_run_a_ticket")
        ]


class Answer(models.Model):
    """What was answered to a step, by whom (a customer: no agent), when."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="answers")
    step = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=300)
    answer = models.CharField(max_length=120)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "step"], name="a_step_is_answered_once")]
