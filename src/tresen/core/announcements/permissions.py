"""Who may announce. Seeing is `visible_to` at the desk and `readable_by` for readers."""

from __future__ import annotations

from typing import Any

from tresen.core.announcements.models import Announcement
from tresen.core.people.permissions import Check, Needs
from tresen.core.people.principals import Principal


def _one(principal: Principal, target: Any) -> bool:
    return target is None or isinstance(target, Announcement)


ANNOUNCEMENT_PERMISSIONS: dict[str, Check] = {"announcement.manage": Needs(("announce",), _one)}
