"""The statuses and levels a desk starts with; their names can be changed in the settings."""

from typing import Any

from django.db import migrations

STATUSES = [
    ("new", "new", {"en": "New", "de": "Neu", "pl": "Nowe"}),
    ("open", "open", {"en": "Open", "de": "Offen", "pl": "Otwarte"}),
    ("waiting", "waiting", {"en": "Waiting for customer", "de": "Wartet auf Kunden", "pl": "Czeka na klienta"}),
    ("on-hold", "on_hold", {"en": "On hold", "de": "Ausgesetzt", "pl": "Wstrzymane"}),
    ("solved", "solved", {"en": "Solved", "de": "Gelöst", "pl": "Rozwiązane"}),
    ("closed", "closed", {"en": "Closed", "de": "Geschlossen", "pl": "Zamknięte"}),
]
LEVELS = [
    {"en": "First level", "de": "First Level", "pl": "Pierwsza linia"},
    {"en": "Second level", "de": "Second Level", "pl": "Druga linia"},
    {"en": "Third level", "de": "Third Level", "pl": "Trzecia linia"},
]


def add(apps: Any, editor: Any) -> None:
    """Makes the six statuses, each the default of its category, and the three levels; all teams work on the first."""
    status = apps.get_model("tickets", "Status")
    for position, (slug, category, names) in enumerate(STATUSES):
        status.objects.create(slug=slug, category=category, names=names, position=position, is_default=True)
    level = apps.get_model("tickets", "Level")
    for number, names in enumerate(LEVELS, start=1):
        level.objects.create(number=number, names=names)


class Migration(migrations.Migration):
    replaces = [("tickets", "0029_category_team")]
    dependencies = [("tickets", "0001_tables")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
