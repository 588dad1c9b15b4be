import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('mail', '0002_survey_mail'),
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='NoSurveys',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since', models.DateTimeField()),
                        ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='no_surveys', to='people.contact')),
                    ],
                ),
                migrations.CreateModel(
                    name='Asked',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scale', models.CharField(choices=[('csat', 'Satisfaction: 1 to 5 (CSAT)'), ('nps', 'Recommendation: 0 to 10 (NPS)'), ('ces', 'Effort: 1 to 7 (CES)')], max_length=4)),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('asked', 'Asked'), ('dropped', 'Dropped')], default='waiting', max_length=8)),
                        ('reason', models.CharField(blank=True, choices=[('ticket', 'the ticket is open again, merged or deleted'), ('settings', 'the survey is not for it any more'), ('address', 'there is no confirmed address that works'), ('caps', 'there was too much automatic mail')], default='', max_length=8)),
                        ('change_days', models.PositiveSmallIntegerField()),
                        ('due_at', models.DateTimeField()),
                        ('asked_at', models.DateTimeField(null=True)),
                        ('rating', models.SmallIntegerField(null=True)),
                        ('words', models.TextField(blank=True, default='', max_length=2000)),
                        ('rated_at', models.DateTimeField(null=True)),
                        ('level', models.PositiveSmallIntegerField()),
                        ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                        ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.category')),
                        ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='people.contact')),
                        ('mail', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mail.outbox')),
                        ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.team')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='tickets.ticket')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['contact', '-due_at'], name='asked_of_a_contact'), models.Index(fields=['asked_at'], name='asked_by_time')],
                        'constraints': [models.UniqueConstraint(fields=('ticket', 'contact'), name='asked_once_about_a_ticket')],
                    },
                ),
                migrations.CreateModel(
                    name='Survey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_active', models.BooleanField(default=False)),
                        ('scale', models.CharField(choices=[('csat', 'Satisfaction: 1 to 5 (CSAT)'), ('nps', 'Recommendation: 0 to 10 (NPS)'), ('ces', 'Effort: 1 to 7 (CES)')], default='csat', max_length=4)),
                        ('texts', models.JSONField(blank=True, default=dict)),
                        ('by_mail', models.BooleanField(default=True)),
                        ('in_portal', models.BooleanField(default=True)),
                        ('wait_hours', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MaxValueValidator(720)])),
                        ('in_office_hours', models.BooleanField(default=True)),
                        ('pause_days', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MaxValueValidator(365)])),
                        ('change_days', models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MaxValueValidator(90)])),
                        ('query', models.CharField(blank=True, default='', max_length=500)),
                        ('asks_vip', models.BooleanField(default=True)),
                        ('reopens', models.BooleanField(default=False)),
                        ('brand', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='survey', to='people.brand')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('brand', 0), name='one_survey_a_brand')],
                    },
                ),
            ],
        ),
    ]
