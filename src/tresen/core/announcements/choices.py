"""What an announcement can be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    PLANNED_WORK = "planned_work", _("Planned work")
    DISTURBANCE = "disturbance", _("Disturbance")
    NEWS = "news", _("News")
    TRAINING = "training", _("Training offer")


class Severity(models.TextChoices):
    """How much of it works while a disturbance lasts."""

    SLOW = "slow", _("works slowly or with limits")
    PART = "part", _("a part does not work")
    DOWN = "down", _("nothing works")


class State(models.TextChoices):
    """Where an announcement stands. Readers see what is planned, active or over."""

    DRAFT = "draft", pgettext_lazy("announcement", "Draft")
    PLANNED = "planned", pgettext_lazy("announcement", "Planned")
    ACTIVE = "active", pgettext_lazy("announcement", "Now")
    OVER = "over", pgettext_lazy("announcement", "Over")
    WITHDRAWN = "withdrawn", pgettext_lazy("announcement", "Withdrawn")


class Stage(models.TextChoices):
    """How far those are who work on it: what an update says first."""

    NOTICED = "noticed", _("We are looking into it")
    IDENTIFIED = "identified", _("We know the cause")
    WATCHING = "watching", _("It works again, we keep an eye on it")
    SOLVED = "solved", _("It is over")


# What was ever published and not taken back.
READABLE = (State.PLANNED, State.ACTIVE, State.OVER)
# What can still change for those who read it.
LASTING = (State.PLANNED, State.ACTIVE)
