"""The roles a desk starts with."""

from typing import Any

from django.db import migrations

SEEN = ["see", "see_loose"]
AGENT = [*SEEN, "create", "reply", "note", "change", "assign", "merge", "contacts", "views"]
TEAM_LEAD = [*AGENT, "delete", "texts", "mail", "lead"]


def add(apps: Any, editor: Any) -> None:
    """Makes the three built-in roles; an administrator has every right without a list."""
    role = apps.get_model("people", "Role")
    for key, rights in (("agent", AGENT), ("team_lead", TEAM_LEAD), ("admin", [])):
        role.objects.create(key=key, rights=dict.fromkeys(rights, True))


class Migration(migrations.Migration):
    replaces = [("people", "0011_brand_team")]
    dependencies = [("people", "0001_tables")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
