import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('rules', '0001_rules'), ('rules', '0002_looks_and_runs')]

    initial = True

    dependencies = [
        ('events', '0001_tables'),
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Rule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True)),
                        ('position', models.PositiveIntegerField(default=0)),
                        ('is_active', models.BooleanField(default=False)),
                        ('active_since', models.DateTimeField(null=True)),
                        ('looked_at', models.DateTimeField(null=True)),
                        ('looked_at_all_at', models.DateTimeField(null=True)),
                        ('brand', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.brand')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                        ('triggers', models.JSONField(default=list)),
                        ('since', models.CharField(blank=True, default='', max_length=12)),
                        ('minutes', models.PositiveIntegerField(null=True)),
                        ('condition', models.CharField(blank=True, default='', max_length=500)),
                        ('actions', models.JSONField(default=list)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('stopped_why', models.CharField(blank=True, default='', max_length=12)),
                    ],
                    options={
                        'ordering': ['position', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('minutes__isnull', True), ('since', '')), models.Q(models.Q(('since', ''), _negated=True), ('minutes__isnull', False)), _connector='OR'), name='a_rule_is_on_events_or_by_time')],
                    },
                ),
                migrations.CreateModel(
                    name='RuleVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='rules.rule')),
                        ('number', models.PositiveIntegerField()),
                        ('values', models.JSONField()),
                        ('at', models.DateTimeField()),
                        ('by_name', models.CharField(max_length=200)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('rule', 'number'), name='a_version_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RuleSet',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mark', models.CharField(max_length=22)),
                    ],
                ),
                migrations.CreateModel(
                    name='RuleLook',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rule_looks', to='tickets.ticket')),
                        ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.event')),
                        ('rules', models.JSONField(default=list)),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['at'], name='rule_looks_by_age')],
                        'constraints': [models.UniqueConstraint(fields=('ticket', 'event'), name='rules_look_once_at_an_event')],
                    },
                ),
                migrations.CreateModel(
                    name='RuleRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='rules.rule')),
                        ('version', models.PositiveIntegerField()),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rule_runs', to='tickets.ticket')),
                        ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.event')),
                        ('root', models.BigIntegerField()),
                        ('since_at', models.DateTimeField(null=True)),
                        ('outcome', models.CharField(choices=[('changed', 'acted'), ('nothing', 'nothing left to do'), ('failed', 'failed'), ('stopped', 'stopped')], max_length=8)),
                        ('did', models.JSONField(default=list)),
                        ('why', models.CharField(blank=True, default='', max_length=200)),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['ticket', '-id'], name='rule_runs_of_a_ticket'), models.Index(fields=['rule', '-id'], name='rule_runs_of_a_rule')],
                        'constraints': [models.UniqueConstraint(fields=('rule', 'root', 'ticket'), name='a_rule_runs_once_on_a_ticket_per_root'), models.UniqueConstraint(fields=('rule', 'ticket', 'since_at'), name='a_rule_comes_due_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RuleTrial',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='trial', to='rules.rule')),
                        ('version', models.PositiveIntegerField()),
                        ('days', models.PositiveSmallIntegerField()),
                        ('started_at', models.DateTimeField()),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('total', models.PositiveIntegerField(default=0)),
                        ('done', models.PositiveIntegerField(default=0)),
                        ('found', models.JSONField(default=dict)),
                    ],
                ),
            ],
        ),
    ]
