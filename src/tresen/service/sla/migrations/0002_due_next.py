"""What the strips show as due next, noted on the tickets: lists are sorted by it."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef, Subquery


def note(apps: Any, schema_editor: Any) -> None:
    due = apps.get_model("sla", "ClockStrip").objects.filter(ticket=OuterRef("pk"), due_at__isnull=False)
    tickets = apps.get_model("tickets", "Ticket").objects.filter(Exists(due))
    tickets.update(due_at=Subquery(due.values("due_at")))


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0001_tables"),
        ("tickets", "0003_due_next"),
    ]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
