import django.db.models.deletion
from django.db import migrations, models

from tresen.service.search.index import create_in_migration, drop_in_migration


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tickets", "0002_statuses"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("lang", models.CharField(blank=True, default="", max_length=2)),
                ("internal", models.BooleanField(default=False)),
                ("tokens", models.TextField()),
                (
                    "message",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_document",
                        to="tickets.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_documents",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("message", None)),
                        fields=("ticket",),
                        name="one_subject_document_a_ticket",
                    )
                ],
            },
        ),
        migrations.RunPython(create_in_migration, drop_in_migration),
    ]
