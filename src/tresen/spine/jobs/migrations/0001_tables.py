import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('jobs', '0001_initial')]

    initial = True

    dependencies = [
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Job',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('queue', models.CharField(default='default', max_length=20)),
                        ('name', models.CharField(max_length=80)),
                        ('payload', models.JSONField(default=dict)),
                        ('state', models.SmallIntegerField(choices=[(0, 'Ready'), (1, 'Running'), (2, 'Failed')], default=0)),
                        ('priority', models.SmallIntegerField(default=0, help_text='higher first')),
                        ('run_at', models.DateTimeField()),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('max_attempts', models.PositiveSmallIntegerField(default=8)),
                        ('unique_key', models.CharField(blank=True, max_length=120, null=True)),
                        ('lease_until', models.DateTimeField(blank=True, null=True)),
                        ('worker', models.CharField(blank=True, default='', max_length=60)),
                        ('last_error', models.TextField(blank=True, default='')),
                        ('created_at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 0)), fields=['queue', '-priority', 'run_at', 'id'], name='jobs_ready'), models.Index(condition=models.Q(('state', 1)), fields=['lease_until'], name='jobs_running')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 0)), fields=('unique_key',), name='jobs_one_waiting')],
                    },
                ),
                migrations.CreateModel(
                    name='Schedule',
                    fields=[
                        ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                        ('next_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='WorkerBeat',
                    fields=[
                        ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=20)),
                        ('seen_at', models.DateTimeField()),
                    ],
                ),
            ],
        ),
    ]
