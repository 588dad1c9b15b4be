"""Leads of teams may announce."""

from typing import Any

from django.db import migrations


def give(apps: Any, editor: Any) -> None:
    """The built-in role of team leads has the right."""
    for role in apps.get_model("people", "Role").objects.filter(key="team_lead"):
        role.rights = {**role.rights, "announce": True}
        role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("announcements", "0001_tables"), ("people", "0002_first_rows")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
