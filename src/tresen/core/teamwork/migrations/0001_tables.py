import django.core.validators
import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('teamwork', '0001_teamwork'), ('teamwork', '0002_checklist_and_time'), ('teamwork', '0003_kept_checklists')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Mention',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='tickets.message')),
                        ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='people.agent')),
                        ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='people.team')),
                        ('at', models.DateTimeField()),
                        ('done_at', models.DateTimeField(null=True)),
                        ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['agent'], name='view_mentions'), models.Index(condition=models.Q(('done_at__isnull', True)), fields=['team'], name='view_team_mentions')],
                        'constraints': [models.UniqueConstraint(fields=('message', 'agent'), name='an_agent_once_in_a_note'), models.UniqueConstraint(fields=('message', 'team'), name='a_team_once_in_a_note'), models.CheckConstraint(condition=models.Q(models.Q(('agent__isnull', False), ('team__isnull', True)), models.Q(('agent__isnull', True), ('team__isnull', False)), _connector='OR'), name='a_mention_is_of_one')],
                    },
                ),
                migrations.CreateModel(
                    name='Snooze',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snoozes', to='tickets.ticket')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snoozes', to='people.agent')),
                        ('reason', models.CharField(blank=True, default='', max_length=200)),
                        ('started_at', models.DateTimeField()),
                        ('wakes_at', models.DateTimeField()),
                        ('ball_before', models.CharField(choices=[('us', 'our turn'), ('customer', 'the customer’s turn'), ('third_party', 'a third party’s turn'), ('date', 'waiting for a date')], max_length=12)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('ended_by', models.CharField(blank=True, choices=[('time', 'Time'), ('answer', 'Answer'), ('hand', 'Hand'), ('changed', 'Changed'), ('finished', 'Finished')], default='', max_length=8)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('ticket',), name='a_ticket_sleeps_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ChecklistItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checklist', to='tickets.ticket')),
                        ('text', models.CharField(max_length=200)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='checklist_items', to='people.agent')),
                        ('done_at', models.DateTimeField(null=True)),
                        ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                    ],
                    options={
                        'ordering': ['position', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='ChecklistTemplate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80)),
                        ('steps', models.JSONField(default=list)),
                        ('is_active', models.BooleanField(default=True)),
                    ],
                    options={
                        'ordering': ['name', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='TimeEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='times', to='tickets.ticket')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='times', to='people.agent')),
                        ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)])),
                        ('note', models.CharField(blank=True, default='', max_length=200)),
                        ('worked_at', models.DateTimeField()),
                    ],
                    options={
                        'ordering': ['-worked_at', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='minutes_of_a_day')],
                    },
                ),
            ],
        ),
    ]
