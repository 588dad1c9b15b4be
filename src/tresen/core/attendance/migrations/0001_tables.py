import django.db.models.deletion
import tresen.kit.clock
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('attendance', '0001_initial'), ('attendance', '0002_entered_at'), ('attendance', '0003_shifts')]

    initial = True

    dependencies = [
        ('calendars', '0001_tables'),
        ('people', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Attendance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='people.agent')),
                        ('state', models.CharField(choices=[('available', 'Available'), ('busy', 'Busy'), ('away', 'Away'), ('off', 'Off duty')], default='available', max_length=10, verbose_name='state')),
                        ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                        ('since', models.DateTimeField()),
                        ('weekly', models.JSONField(blank=True, default=dict)),
                        ('shifts', models.JSONField(blank=True, default=list)),
                        ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='attendances', to='calendars.calendar', verbose_name='holidays by')),
                    ],
                ),
                migrations.CreateModel(
                    name='Absence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='people.agent')),
                        ('kind', models.CharField(choices=[('holiday', 'Holiday'), ('sickness', 'Sickness'), ('other', 'Other')], default='holiday', max_length=10, verbose_name='kind')),
                        ('starts_on', models.DateField(verbose_name='first day')),
                        ('ends_on', models.DateField(verbose_name='last day')),
                        ('substitute', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stands_in', to='people.agent', verbose_name='substitute')),
                        ('entered_at', models.DateTimeField(default=tresen.kit.clock.now, editable=False)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['agent', 'ends_on'], name='absences_of_an_agent')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='absence_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('substitute', None), models.Q(('substitute', models.F('agent')), _negated=True), _connector='OR'), name='nobody_stands_in_for_himself')],
                    },
                ),
            ],
        ),
    ]
