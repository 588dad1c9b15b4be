import django.core.validators
import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('oncall', '0001_on_call')]

    initial = True

    dependencies = [
        ('calendars', '0001_tables'),
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Rota',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True)),
                        ('level', models.PositiveSmallIntegerField(default=2)),
                        ('cover', models.CharField(choices=[('always', 'round the clock'), ('inside', 'in the hours of a calendar'), ('outside', 'outside the hours of a calendar')], default='always', max_length=8)),
                        ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.calendar')),
                        ('ack_minutes', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)])),
                        ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                        ('is_active', models.BooleanField(default=True)),
                        ('told_hole_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'ordering': ['level', 'name'],
                    },
                ),
                migrations.CreateModel(
                    name='Layer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rota', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='layers', to='oncall.rota')),
                        ('rank', models.PositiveSmallIntegerField(choices=[(1, 'first'), (2, 'second')], default=1)),
                        ('people', models.JSONField(default=list)),
                        ('starts_on', models.DateField()),
                        ('hands_over_at', models.TimeField()),
                        ('days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)])),
                        ('timezone', models.CharField(default='Europe/Berlin', max_length=60)),
                        ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.calendar')),
                    ],
                    options={
                        'ordering': ['rank', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='Override',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rota', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='oncall.rota')),
                        ('rank', models.PositiveSmallIntegerField(choices=[(1, 'first'), (2, 'second')], default=1)),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                    ],
                    options={
                        'ordering': ['starts_at', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='an_override_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='Alert',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='tickets.ticket')),
                        ('rota', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='oncall.rota')),
                        ('state', models.CharField(choices=[('open', 'Open'), ('acknowledged', 'Acknowledged'), ('over', 'Over')], default='open', max_length=12)),
                        ('at', models.DateTimeField()),
                        ('next_at', models.DateTimeField()),
                        ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                        ('acknowledged_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('ticket',), name='one_open_alert_a_ticket')],
                    },
                ),
                migrations.CreateModel(
                    name='AlertCall',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='oncall.alert')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'ordering': ['at', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='Gateway',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('url', models.CharField(blank=True, default='', max_length=500)),
                        ('sealed', models.TextField(blank=True, default='')),
                        ('numbers', models.JSONField(default=dict)),
                    ],
                ),
            ],
        ),
    ]
