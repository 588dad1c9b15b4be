import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0002_first_rows'),
        ('tickets', '0006_questions_by_language'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Announcement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('planned_work', 'Planned work'), ('disturbance', 'Disturbance'), ('news', 'News'), ('training', 'Training offer')], default='disturbance', max_length=12)),
                        ('severity', models.CharField(blank=True, choices=[('slow', 'works slowly or with limits'), ('part', 'a part does not work'), ('down', 'nothing works')], default='', max_length=5)),
                        ('state', models.CharField(choices=[('draft', 'Draft'), ('planned', 'Planned'), ('active', 'Now'), ('over', 'Over'), ('withdrawn', 'Withdrawn')], default='draft', max_length=9)),
                        ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch'), ('pl', 'Polski')], default='en', max_length=5)),
                        ('titles', models.JSONField(default=dict, help_text='{"de": "…"}: plain text, one line')),
                        ('texts', models.JSONField(default=dict, help_text='{"de": "…"}: plain text')),
                        ('begins_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField(blank=True, null=True)),
                        ('over_at', models.DateTimeField(null=True)),
                        ('created_at', models.DateTimeField()),
                        ('published_at', models.DateTimeField(null=True)),
                        ('changed_at', models.DateTimeField()),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('brands', models.ManyToManyField(blank=True, related_name='announcements', to='people.brand')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                        ('organisations', models.ManyToManyField(blank=True, related_name='announcements', to='people.organisation')),
                        ('problem', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='announced_by', to='tickets.ticket')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['state', 'begins_at'], name='announcements_of_a_state'), models.Index(fields=['begins_at', 'id'], name='announcements_by_day')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('begins_at')), _connector='OR'), name='ends_after_begin')],
                    },
                ),
                migrations.CreateModel(
                    name='AnnouncedTicket',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='announced', to='tickets.ticket')),
                        ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tickets', to='announcements.announcement')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('announcement', 'ticket'), name='a_ticket_once_in_an_announcement')],
                    },
                ),
                migrations.CreateModel(
                    name='Affected',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('browser', models.CharField(blank=True, default='', help_text="a hash, of a guest's session", max_length=64)),
                        ('wants_mail', models.BooleanField(default=True)),
                        ('at', models.DateTimeField()),
                        ('brand', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.brand')),
                        ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.contact')),
                        ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='affected', to='announcements.announcement')),
                    ],
                    options={
                        'verbose_name_plural': 'affected',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('contact__isnull', False)), fields=('announcement', 'contact'), name='a_contact_affected_once'), models.UniqueConstraint(condition=models.Q(('browser', ''), _negated=True), fields=('announcement', 'browser'), name='a_browser_affected_once'), models.CheckConstraint(condition=models.Q(('contact__isnull', False), models.Q(('browser', ''), _negated=True), _connector='OR'), name='affected_is_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='AnnouncementUpdate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('stage', models.CharField(choices=[('noticed', 'We are looking into it'), ('identified', 'We know the cause'), ('watching', 'It works again, we keep an eye on it'), ('solved', 'It is over')], default='noticed', max_length=10)),
                        ('texts', models.JSONField(default=dict, help_text='{"de": "…"}: plain text')),
                        ('at', models.DateTimeField()),
                        ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='announcements.announcement')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                    ],
                    options={
                        'ordering': ['-at', '-id'],
                        'indexes': [models.Index(fields=['announcement', 'at'], name='updates_of_an_announcement')],
                    },
                ),
                migrations.CreateModel(
                    name='Subscription',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('address', models.CharField(max_length=254)),
                        ('folded', models.CharField(max_length=254)),
                        ('language', models.CharField(blank=True, choices=[('en', 'English'), ('de', 'Deutsch'), ('pl', 'Polski')], default='', max_length=5)),
                        ('created_at', models.DateTimeField()),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('announcement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='announcements.announcement')),
                        ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.brand')),
                        ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.contact')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('announcement__isnull', False)), fields=('announcement', 'folded'), name='an_address_once_an_announcement'), models.UniqueConstraint(condition=models.Q(('announcement', None)), fields=('brand', 'folded'), name='an_address_once_a_status_page')],
                    },
                ),
                migrations.CreateModel(
                    name='AnnouncementMail',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('address', models.CharField(max_length=254)),
                        ('folded', models.CharField(max_length=254)),
                        ('language', models.CharField(max_length=5)),
                        ('state', models.CharField(choices=[('queued', 'Queued'), ('taken', 'Taken'), ('sent', 'Sent'), ('failed', 'Failed')], default='queued', max_length=6)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('last_error', models.CharField(blank=True, default='', max_length=300)),
                        ('created_at', models.DateTimeField()),
                        ('next_try_at', models.DateTimeField()),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('affected', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='announcements.affected')),
                        ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='announcements.announcement')),
                        ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.brand')),
                        ('update', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='announcements.announcementupdate')),
                        ('subscription', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='announcements.subscription')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['next_try_at', 'id'], name='announcement_mails_to_send')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('update', None)), fields=('announcement', 'folded'), name='told_once_that_it_is_announced'), models.UniqueConstraint(condition=models.Q(('update__isnull', False)), fields=('update', 'folded'), name='told_once_of_an_update')],
                    },
                ),
            ],
        ),
    ]
