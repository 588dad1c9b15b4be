"""The actions of levels: their part of the one table (kit/actions.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tresen.faces.desk.actions import ASSIGNS, CHANGES, TICKET
from tresen.kit.actions import Action

ACTIONS = [
    Action("escalate", _("Hand up to the next level"), "e", TICKET, "stairs", may=ASSIGNS, words=_("escalate")),
    Action("hand-back", _("Hand back with the answer"), "", TICKET, "reply", may=ASSIGNS, words=_("return")),
    Action("acknowledge", _("Acknowledge the call: I have it"), "", TICKET, "phone", may=CHANGES),
]
