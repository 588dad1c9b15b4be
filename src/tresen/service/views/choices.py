"""What a view can be: whose it is, how it is sorted and grouped, which columns it shows, which mark it bears."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(models.TextChoices):
    """Who has the view in the column."""

    PRIVATE = "private", _("Only me")
    TEAM = "team", _("A team")
    ALL = "all", _("Everybody")


class Sort(models.TextChoices):
    """How its tickets follow each other; each is one order of the database that pages go on in by key."""

    CHANGED = "changed", _("last change first")
    STALE = "stale", _("longest unchanged first")
    WAITING = "waiting", _("longest waiting first")
    PRIORITY = "priority", _("highest priority first")
    DUE = "due", _("what is due next first")
    NEWEST = "newest", _("newest first")
    OLDEST = "oldest", _("oldest first")
    STATUS = "status", _("by status")
    STATUS_BACK = "-status", _("by status, last first")
    REQUESTER = "requester", _("by requester")
    REQUESTER_BACK = "-requester", _("by requester, Z first")
    TEAM = "team", _("by team")
    TEAM_BACK = "-team", _("by team, Z first")
    ASSIGNEE = "assignee", _("by assignee")
    ASSIGNEE_BACK = "-assignee", _("by assignee, Z first")


class Grouping(models.TextChoices):
    """Under which headings they stand."""

    NONE = "", _("No groups")
    STATUS = "status", _("Status")
    TEAM = "team", _("Team")
    ASSIGNEE = "assignee", _("Assignee")
    PRIORITY = "priority", _("Priority")
    ORGANISATION = "organisation", _("Organisation")
    AGE = "age", pgettext_lazy("of a ticket", "Age")


class Column(models.TextChoices):
    """What a row shows besides mark, priority and subject, in this order."""

    CHANNEL = "channel", _("Channel")
    NUMBER = "number", _("Number")
    REQUESTER = "requester", _("Requester")
    TEAM = "team", _("Team")
    ASSIGNEE = "assignee", _("Assignee")
    STATUS = "status", _("Status")
    LEVEL = "level", pgettext_lazy("of the desk", "Level")
    TYPE = "type", pgettext_lazy("kind of ticket", "Type")
    CATEGORY = "category", _("Category")
    TAGS = "tags", _("Tags")
    CREATED = "created", pgettext_lazy("when a ticket was", "Created")
    AGE = "age", pgettext_lazy("of the last message", "Age")


# Columns and orders of the desk's own fields: `f-rack`, `-f-rack` the other way. A list has so many of them at most.
OWN = "f-"
_OWN = re.compile(r"-?f-([a-z][a-z0-9_-]{0,39})")
MOST_OWN_COLUMNS = 4


def own_slug(name: str) -> str:
    """The short name of the field that a column or an order names; empty for one that every desk has."""
    found = _OWN.fullmatch(name)
    return found[1] if found else ""


DEFAULT_COLUMNS = tuple(
    c.value for c in Column if c not in (Column.LEVEL, Column.TYPE, Column.CATEGORY, Column.TAGS, Column.CREATED)
)

# Marks out of the sprite. Those of a status bring their colour along, so a colour never stands without its shape.
ICONS: tuple[tuple[str, str | object], ...] = (
    ("star", pgettext_lazy("mark", "Star")),
    ("flag", pgettext_lazy("mark", "Flag")),
    ("tag", pgettext_lazy("mark", "Label")),
    ("bell", pgettext_lazy("mark", "Bell")),
    ("bolt", pgettext_lazy("mark", "Bolt")),
    ("clock", pgettext_lazy("mark", "Clock")),
    ("eye", pgettext_lazy("mark", "Eye")),
    ("mail", pgettext_lazy("mark", "Letter")),
    ("phone", pgettext_lazy("mark", "Phone")),
    ("people", pgettext_lazy("mark", "People")),
    ("building", pgettext_lazy("mark", "Building")),
    ("wrench", pgettext_lazy("mark", "Wrench")),
    ("st-new", pgettext_lazy("mark", "Dotted ring, blue")),
    ("st-open", pgettext_lazy("mark", "Dot in a ring, accent")),
    ("st-wait", pgettext_lazy("mark", "Half ring, amber")),
    ("st-solved", pgettext_lazy("mark", "Tick, green")),
)
ICON_NAMES = tuple(name for name, _label in ICONS)
