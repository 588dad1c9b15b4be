import django.core.validators
import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('sla', '0001_service_levels')]

    initial = True

    dependencies = [
        ('calendars', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Policy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True)),
                        ('position', models.PositiveSmallIntegerField(default=0)),
                        ('is_active', models.BooleanField(default=False)),
                        ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='calendars.calendar')),
                        ('conditions', models.JSONField(blank=True, default=dict)),
                        ('targets', models.JSONField(blank=True, default=dict)),
                        ('pauses_for', models.JSONField(blank=True, default=list)),
                        ('warn_percent', models.PositiveSmallIntegerField(default=75, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)])),
                    ],
                    options={
                        'verbose_name_plural': 'policies',
                        'ordering': ['position', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='Clock',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='tickets.ticket')),
                        ('metric', models.CharField(max_length=20)),
                        ('policy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='sla.policy')),
                        ('minutes', models.PositiveIntegerField(null=True)),
                        ('started_at', models.DateTimeField()),
                        ('stopped_at', models.DateTimeField(null=True)),
                        ('due_at', models.DateTimeField(null=True)),
                        ('warn_at', models.DateTimeField(null=True)),
                        ('left_seconds', models.IntegerField(null=True)),
                        ('warned_at', models.DateTimeField(null=True)),
                        ('breached_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('breached_at', None), ('stopped_at', None)), fields=['due_at'], name='clocks_to_breach'), models.Index(condition=models.Q(('breached_at__isnull', False), ('stopped_at', None)), fields=['ticket'], name='view_overdue'), models.Index(condition=models.Q(('stopped_at', None), ('warned_at__isnull', False)), fields=['ticket'], name='view_at_risk'), models.Index(condition=models.Q(('stopped_at', None), ('warned_at', None)), fields=['warn_at'], name='clocks_to_warn')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('stopped_at__isnull', True)), fields=('ticket', 'metric'), name='one_running_clock_a_metric'), models.CheckConstraint(condition=models.Q(('stopped_at__isnull', True), ('stopped_at__gte', models.F('started_at')), _connector='OR'), name='clock_stops_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='ClockSegment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='segments', to='sla.clock')),
                        ('started_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('reason', models.CharField(max_length=12)),
                    ],
                    options={
                        'ordering': ['started_at', 'id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('clock',), name='one_open_segment_a_clock'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='segment_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='ClockStrip',
                    fields=[
                        ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='clock_strip', serialize=False, to='tickets.ticket')),
                        ('metric', models.CharField(blank=True, default='', max_length=20)),
                        ('due_at', models.DateTimeField(null=True)),
                        ('warn_at', models.DateTimeField(null=True)),
                        ('rests', models.CharField(blank=True, default='', max_length=12)),
                        ('is_breached', models.BooleanField(default=False)),
                        ('clocks', models.JSONField(default=list)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at', 'ticket'], name='view_due')],
                    },
                ),
                migrations.CreateModel(
                    name='PolicyTrial',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('policy', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='trial', to='sla.policy')),
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
