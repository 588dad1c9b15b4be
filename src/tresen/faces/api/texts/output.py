"""From rows to what is shown of saved replies and macros. Every field is named here; nothing else gets out."""

from __future__ import annotations

from typing import Any

from tresen.core.people.models import Agent, Team
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.field_values import gathered
from tresen.core.tickets.staged import ME
from tresen.faces.api.people.output import agent_ref, team_ref
from tresen.faces.api.texts import schemas
from tresen.faces.api.tickets.schemas import IMPACTS, PRIORITIES, URGENCIES
from tresen.service.texts import models

WORDS = {"impact": IMPACTS, "urgency": URGENCIES, "priority": PRIORITIES}


def saved_reply(row: models.SavedReply) -> schemas.SavedReply:
    """All that is shown of a saved reply."""
    return schemas.SavedReply(**_kept(row), shortcut=row.shortcut)


def macro(row: models.Macro) -> schemas.Macro:
    """All that is shown of a macro."""
    return schemas.Macro(**_kept(row), kind=row.kind, changes=_changes(row.changes))


def _kept(row: models.KeptText) -> dict[str, Any]:
    audience = "me" if row.owner_id else "team" if row.team_id else "all"
    return {
        "id": row.pk, "name": row.name, "folder": row.folder, "audience": audience, "team": team_ref(row.team),
        "texts": dict(row.texts), "active": row.is_active, "used_count": row.used_count, "used_at": row.used_at,
    }  # fmt: skip


def _changes(changes: dict[str, Any]) -> schemas.MacroChanges:
    shown = {name: WORDS[name][value - 1] if name in WORDS else value for name, value in changes.items()}
    if shown.get("category") is not None:
        shown["category"] = Category.objects.filter(pk=shown["category"]).values_list("slug", flat=True).first()
    if shown.get("team") is not None:
        shown["team"] = team_ref(Team.objects.filter(pk=shown["team"]).first())
    if shown.get("assignee") not in (None, ME):
        shown["assignee"] = agent_ref(Agent.objects.select_related("user").filter(pk=shown["assignee"]).first())
    cleared: list[str] = [
        name for name in ("category", "team", "assignee") if name in changes and changes[name] is None
    ]
    return schemas.MacroChanges(**gathered(shown), cleared=cleared)
