import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('levels', '0001_initial')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Handover',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='tickets.ticket')),
                        ('way', models.CharField(choices=[('up', 'handed up'), ('back', 'handed back')], max_length=4)),
                        ('from_level', models.PositiveSmallIntegerField()),
                        ('to_level', models.PositiveSmallIntegerField()),
                        ('from_team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                        ('to_team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                        ('from_agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                        ('to_agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                        ('note', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='handover', to='tickets.message')),
                        ('by_clock', models.BooleanField(default=False)),
                        ('round', models.PositiveSmallIntegerField(default=1)),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'ordering': ['at', 'id'],
                        'indexes': [models.Index(fields=['ticket', 'at'], name='handovers_of_a_ticket'), models.Index(fields=['at'], name='handovers_by_time')],
                    },
                ),
            ],
        ),
    ]
