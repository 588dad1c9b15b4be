import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('webhooks', '0001_webhooks')]

    initial = True

    dependencies = [
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Endpoint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True)),
                        ('url', models.CharField(max_length=2000)),
                        ('is_active', models.BooleanField(default=True)),
                        ('kinds', models.JSONField(default=list)),
                        ('sealed', models.TextField()),
                        ('old_secret', models.TextField(blank=True, default='')),
                        ('old_until', models.DateTimeField(null=True)),
                        ('failing_since', models.DateTimeField(null=True)),
                        ('stopped_why', models.CharField(blank=True, default='', max_length=8)),
                        ('created_at', models.DateTimeField()),
                    ],
                    options={
                        'ordering': ['name', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.endpoint')),
                        ('key', models.CharField(max_length=40, unique=True)),
                        ('kind', models.CharField(max_length=60)),
                        ('body', models.TextField()),
                        ('state', models.CharField(choices=[('waiting', 'waits'), ('done', 'delivered'), ('given_up', 'given up')], default='waiting', max_length=8)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('due_at', models.DateTimeField()),
                        ('status', models.PositiveSmallIntegerField(null=True)),
                        ('detail', models.CharField(blank=True, default='', max_length=200)),
                        ('created_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='calls_that_wait'), models.Index(fields=['endpoint', '-id'], name='calls_of_an_endpoint'), models.Index(fields=['created_at'], name='calls_by_age')],
                    },
                ),
            ],
        ),
    ]
