"""Who may change many tickets at once: who may change one. Each ticket is asked about by itself."""

from __future__ import annotations

from tresen.core.people.permissions import Check, Needs

BULK_PERMISSIONS: dict[str, Check] = {"bulk.begin": Needs(("change", "assign", "merge", "note", "reply"))}
