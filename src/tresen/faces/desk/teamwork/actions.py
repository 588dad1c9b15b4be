"""The actions of working together: their part of the one table (kit/actions.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tresen.faces.desk.actions import CHANGES, REPLIES, TICKET
from tresen.kit.actions import ANYWHERE, Action

ACTIONS = [
    Action("watch", _("Follow the ticket, or no longer"), "w", TICKET, "eye"),
    Action("snooze", _("Snooze the ticket"), "z", TICKET, "moon", may=CHANGES),
    Action("wake", _("Wake the ticket"), "", TICKET, "moon", may=CHANGES),
    Action("my-part", _("My part is done"), "", TICKET, "check"),
    Action("side", _("Ask a supplier or partner"), "", TICKET, "shield", may=REPLIES),
    Action("go-mentions", _("View “Mentions”"), "g @", ANYWHERE, "at", "desk:view mentions"),
    Action("go-following", _("View “Following”"), "g f", ANYWHERE, "eye", "desk:view following"),
    Action("go-snoozed", _("View “Snoozed”"), "g z", ANYWHERE, "moon", "desk:view snoozed"),
]
