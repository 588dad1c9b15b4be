import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('events', '0001_initial'), ('events', '0002_undo')]

    initial = True

    dependencies = [
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Event',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=60)),
                        ('stream_kind', models.CharField(max_length=40)),
                        ('stream_id', models.BigIntegerField()),
                        ('at', models.DateTimeField()),
                        ('actor_kind', models.CharField(max_length=20)),
                        ('actor_id', models.BigIntegerField(null=True)),
                        ('actor_name', models.CharField(blank=True, default='', max_length=200)),
                        ('cause', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='caused', to='events.event')),
                        ('root', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                        ('changes', models.JSONField(default=dict)),
                        ('undo', models.JSONField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['stream_kind', 'stream_id', 'id'], name='events_of_a_stream'), models.Index(fields=['kind', 'id'], name='events_of_a_kind')],
                    },
                ),
            ],
        ),
    ]
