"""What passes between levels: a ticket handed up, or handed back with the answer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Message, Ticket


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Hand-overs."""

    def visible_to(self, principal: Principal) -> HandoverQuerySet:
        """Those of visible tickets, for staff; outsiders none."""
        if not principal.is_staff:
            return self.none()
        return self.filter(ticket__in=Ticket.objects.visible_to(principal))


class Way(models.TextChoices):
    UP = "up", _("handed up")
    BACK = "back", _("handed back")


class Handover(models.Model):
    """Who handed a ticket over from where to where. Its package is the note that was written with it; one by the clock
    has none. Reports read these rows."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="handovers")
    way = models.CharField(max_length=4, choices=Way.choices)
    from_level = models.PositiveSmallIntegerField()
    to_level = models.PositiveSmallIntegerField()
    from_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    # Whoever handed it up gets the answer; empty where nobody had it.
    from_agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    to_agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    # Goes with the note when the hand-over is undone.
    note = models.OneToOneField(Message, null=True, on_delete=models.CASCADE, related_name="handover")
    by_clock = models.BooleanField(default=False)
    # How many times it has gone this way between these levels: beyond the first it is ping-pong.
    round = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["ticket", "at"], name="handovers_of_a_ticket"),
                   models.Index(fields=["at"], name="handovers_by_time")]  # fmt: skip
