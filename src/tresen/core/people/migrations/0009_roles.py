"""Roles become objects of the desk; who is in which team gets a row of its own, with a role that counts there."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

SEEN = ["see", "see_loose"]
AGENT = [*SEEN, "create", "reply", "note", "change", "assign", "merge", "contacts", "views"]
TEAM_LEAD = [*AGENT, "delete", "texts", "mail", "lead"]


def make_built_in(apps: Any, _schema_editor: Any) -> None:
    role = apps.get_model("people", "Role")
    for key, rights in (("agent", AGENT), ("team_lead", TEAM_LEAD), ("admin", [])):
        role.objects.get_or_create(key=key, defaults={"rights": dict.fromkeys(rights, True)})


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_team_level'),
    ]

    operations = [
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(blank=True, default='', max_length=60, verbose_name='name')),
                ('description', models.CharField(blank=True, default='', max_length=200, verbose_name='what it is for')),
                ('rights', models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.RunPython(make_built_in, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='agent',
            name='role',
            field=models.ForeignKey(db_column='role', default='agent', on_delete=django.db.models.deletion.PROTECT, related_name='agents', to='people.role', to_field='key', verbose_name='role'),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='TeamMembership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='people.agent')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='people.team')),
                    ],
                    options={
                        'db_table': 'people_agent_teams',
                        'unique_together': {('agent', 'team')},
                    },
                ),
                migrations.AlterField(
                    model_name='agent',
                    name='teams',
                    field=models.ManyToManyField(blank=True, related_name='agents', through='people.TeamMembership', to='people.team'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='teammembership',
            name='role',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.role', to_field='key'),
        ),
    ]
