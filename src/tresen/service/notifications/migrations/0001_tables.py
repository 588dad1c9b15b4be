import django.core.validators
import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_notifications'), ('notifications', '0002_partners'), ('notifications', '0003_rules'), ('notifications', '0004_levels'), ('notifications', '0005_on_call')]

    initial = True

    dependencies = [
        ('events', '0001_tables'),
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Notification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='people.agent')),
                        ('kind', models.CharField(choices=[('oncall', 'you are on call and a ticket needs you'), ('assigned', 'a ticket became yours'), ('mention', 'you are asked for your part'), ('answer', 'an answer on a ticket of yours'), ('partner', 'an answer of a partner you wrote to'), ('reminder', 'a reminder: a partner has not answered'), ('review', 'a draft waits for your review'), ('woke', 'a ticket is awake again'), ('returned', 'an answer to what you handed up to the next level'), ('manager', 'a ticket of your team needs its lead'), ('solved', 'a ticket you follow is solved'), ('undelivered', 'a reply of yours did not arrive'), ('rule', 'a rule points you to a ticket'), ('followed', 'a ticket you follow has changed')], max_length=12)),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='tickets.ticket')),
                        ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.message')),
                        ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.event')),
                        ('at', models.DateTimeField()),
                        ('read_at', models.DateTimeField(null=True)),
                        ('by_mail', models.BooleanField(default=False)),
                        ('mailed_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['agent', '-id'], name='notifications_of_an_agent'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['agent'], name='notifications_unread'), models.Index(condition=models.Q(('by_mail', True), ('mailed_at__isnull', True)), fields=['agent'], name='notifications_to_mail'), models.Index(fields=['at'], name='notifications_by_age')],
                        'constraints': [models.UniqueConstraint(fields=('agent', 'event'), name='an_agent_is_told_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Choice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notification_choices', to='people.agent')),
                        ('kind', models.CharField(choices=[('oncall', 'you are on call and a ticket needs you'), ('assigned', 'a ticket became yours'), ('mention', 'you are asked for your part'), ('answer', 'an answer on a ticket of yours'), ('partner', 'an answer of a partner you wrote to'), ('reminder', 'a reminder: a partner has not answered'), ('review', 'a draft waits for your review'), ('woke', 'a ticket is awake again'), ('returned', 'an answer to what you handed up to the next level'), ('manager', 'a ticket of your team needs its lead'), ('solved', 'a ticket you follow is solved'), ('undelivered', 'a reply of yours did not arrive'), ('rule', 'a rule points you to a ticket'), ('followed', 'a ticket you follow has changed')], max_length=12)),
                        ('browser', models.BooleanField()),
                        ('mail', models.BooleanField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('agent', 'kind'), name='one_choice_a_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='Rhythm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notification_rhythm', to='people.agent')),
                        ('pace', models.CharField(choices=[('at_once', 'at once'), ('hourly', 'once an hour'), ('daily', 'once a day')], default='at_once', max_length=8, verbose_name='mail')),
                        ('daily_hour', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MaxValueValidator(23)], verbose_name='hour')),
                        ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='quiet from')),
                        ('quiet_to', models.TimeField(blank=True, null=True, verbose_name='until')),
                        ('quiet_weekends', models.BooleanField(default=False, verbose_name='quiet on Saturdays and Sundays')),
                    ],
                ),
            ],
        ),
    ]
