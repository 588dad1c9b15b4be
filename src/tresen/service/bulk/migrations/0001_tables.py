import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('bulk', '0001_initial'), ('bulk', '0002_swept_with_its_operation'), ('bulk', '0003_longer_reasons')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='BulkChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('operation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='bulk_change', to='tickets.operation')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_changes', to='people.agent')),
                        ('wanted', models.JSONField()),
                        ('state', models.CharField(choices=[('working', 'Working'), ('done', 'Done'), ('stopped', 'Stopped')], default='working', max_length=8)),
                        ('created_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='BulkTarget',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='bulk.bulkchange')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.ticket')),
                        ('outcome', models.CharField(blank=True, choices=[('', ''), ('changed', 'Changed'), ('same', 'Same'), ('refused', 'Refused')], default='', max_length=8)),
                        ('reason', models.CharField(blank=True, default='', max_length=50)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['change', 'outcome', 'ticket'], name='what_a_bulk_change_has_left')],
                        'constraints': [models.UniqueConstraint(fields=('change', 'ticket'), name='a_ticket_once_in_a_bulk_change')],
                    },
                ),
            ],
        ),
    ]
