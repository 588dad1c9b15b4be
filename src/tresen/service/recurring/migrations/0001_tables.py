import datetime
import django.core.validators
import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('recurring', '0001_recurring'), ('recurring', '0002_what_cannot_be_made')]

    initial = True

    dependencies = [
        ('calendars', '0001_tables'),
        ('people', '0001_tables'),
        ('teamwork', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Recurring',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True)),
                        ('is_active', models.BooleanField(default=True)),
                        ('subject', models.CharField(max_length=300)),
                        ('text', models.TextField()),
                        ('requester', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.contact')),
                        ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.brand')),
                        ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                        ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.category')),
                        ('type', models.CharField(choices=[('incident', 'Incident'), ('service_request', 'Service request'), ('question', 'Question'), ('problem', 'Problem'), ('change', 'Change')], default='service_request', max_length=16)),
                        ('impact', models.PositiveSmallIntegerField(choices=[(1, 'one person'), (2, 'several people'), (3, 'a whole site or company')], default=1)),
                        ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'can wait'), (2, 'soon'), (3, 'work stands still')], default=2)),
                        ('checklist', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teamwork.checklisttemplate')),
                        ('frequency', models.CharField(choices=[('daily', 'Days'), ('weekly', 'Weeks'), ('monthly', 'Months'), ('yearly', 'Years')], max_length=8)),
                        ('every', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)])),
                        ('weekdays', models.JSONField(default=list, help_text='of a week, Monday 0')),
                        ('month_day', models.PositiveSmallIntegerField(help_text='1 to 31; the last day of a shorter month', null=True)),
                        ('nth', models.SmallIntegerField(null=True)),
                        ('at', models.TimeField(default=datetime.time(8, 0))),
                        ('timezone', models.CharField(default='Europe/Berlin', max_length=60)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(null=True)),
                        ('calendar', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.calendar')),
                        ('on_closed', models.CharField(choices=[('keep', 'all the same'), ('next', 'on the next open day'), ('skip', 'not at all')], default='keep', max_length=4)),
                        ('done_until', models.DateTimeField()),
                        ('next_at', models.DateTimeField(null=True)),
                        ('tries', models.PositiveSmallIntegerField(default=0)),
                        ('fault', models.CharField(blank=True, default='', max_length=200)),
                        ('retry_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'ordering': ['-is_active', 'name'],
                        'indexes': [models.Index(condition=models.Q(('is_active', True)), fields=['next_at'], name='recurring_due')],
                    },
                ),
                migrations.CreateModel(
                    name='Occurrence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('recurring', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occurrences', to='recurring.recurring')),
                        ('due_at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('made', 'Made'), ('missed', 'Missed'), ('waived', 'Waived')], max_length=8)),
                        ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.ticket')),
                        ('made_at', models.DateTimeField(null=True)),
                        ('fault', models.CharField(blank=True, default='', max_length=200)),
                    ],
                    options={
                        'ordering': ['-due_at'],
                        'indexes': [models.Index(condition=models.Q(('state', 'missed')), fields=['recurring'], name='recurring_holes')],
                        'constraints': [models.UniqueConstraint(fields=('recurring', 'due_at'), name='a_date_once')],
                    },
                ),
            ],
        ),
    ]
