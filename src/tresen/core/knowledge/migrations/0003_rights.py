"""Who may write articles, and who publishes them, of the roles that came with the desk."""

from typing import Any

from django.db import migrations

GIVEN = {"agent": ["articles"], "team_lead": ["articles", "publish"]}


def give(apps: Any, editor: Any) -> None:
    """Agents write, leads publish, too."""
    for role in apps.get_model("people", "Role").objects.filter(key__in=GIVEN):
        role.rights = {**role.rights, **dict.fromkeys(GIVEN[role.key], True)}
        role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_reviews_and_drafts"), ("people", "0002_first_rows")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
