"""What one can do with announcements, and where they stand in the rail."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tresen.faces.desk.actions import CHANGES, TICKET, having
from tresen.kit.actions import ANYWHERE, Action, Screen

ANNOUNCES = having("announce")
ANNOUNCEMENT = Screen("announcement", _("On an announcement"), "[data-announcement]")

AREA: dict[str, Any] = {
    "label": _("Announcements"), "url": "desk:announcements", "icon": "info", "action": "go-announcements",
    "desk_only": True,
}  # fmt: skip
ACTIONS = [
    Action("go-announcements", _("Announcements"), "g a", ANYWHERE, "info", "desk:announcements"),
    Action("announce", _("Announce something"), "", ANYWHERE, "plus", "desk:announcement-new", ANNOUNCES,
           words=_("Planned work, disturbance, news, training offer")),
    Action("tie-known", _("The ticket is about the known disturbance"), "d", TICKET, "alert", may=CHANGES),
    Action("announcement-update", _("Write an update"), "", ANNOUNCEMENT, "pen", may=ANNOUNCES),
    Action("announcement-edit", _("Change the announcement"), "", ANNOUNCEMENT, "pen", may=ANNOUNCES),
]  # fmt: skip
