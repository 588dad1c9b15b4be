import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('calendars', '0001_calendars')]

    initial = True

    dependencies = [
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Calendar',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True)),
                        ('timezone', models.CharField(default='Europe/Berlin', max_length=60)),
                        ('weekly', models.JSONField(blank=True, default=dict)),
                        ('country', models.CharField(blank=True, default='', max_length=2)),
                        ('subdivision', models.CharField(blank=True, default='', max_length=40)),
                        ('own_days', models.JSONField(blank=True, default=list)),
                        ('feed_url', models.CharField(blank=True, default='', max_length=500)),
                        ('is_active', models.BooleanField(default=True)),
                        ('feed_days', models.JSONField(default=list)),
                        ('feed_read_at', models.DateTimeField(null=True)),
                        ('feed_fault', models.CharField(blank=True, default='', max_length=200)),
                    ],
                    options={
                        'ordering': ['-is_active', 'name'],
                    },
                ),
            ],
        ),
    ]
