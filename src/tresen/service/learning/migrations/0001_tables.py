import django.core.validators
import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('learning', '0001_learning'), ('learning', '0002_spam_and_similar'), ('learning', '0003_similar_by_score')]

    initial = True

    dependencies = [
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='FieldSettings',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('field', models.CharField(choices=[('category', 'Category'), ('team', 'Team'), ('type', 'Type'), ('priority', 'Priority'), ('spam', 'Spam')], max_length=10, unique=True)),
                        ('shown_from', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(30), django.core.validators.MaxValueValidator(99)])),
                        ('filled_from', models.PositiveSmallIntegerField(null=True, validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(99)])),
                    ],
                ),
                migrations.CreateModel(
                    name='LearntModel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('field', models.CharField(choices=[('category', 'Category'), ('team', 'Team'), ('type', 'Type'), ('priority', 'Priority'), ('spam', 'Spam')], max_length=10, unique=True)),
                        ('data', models.BinaryField()),
                        ('tickets', models.PositiveIntegerField(help_text='from how many it was learnt')),
                        ('labels', models.PositiveIntegerField(help_text='how many values it knows')),
                        ('right', models.FloatField(help_text='share of hits among tickets kept back, half their words taken away')),
                        ('learnt_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Proposal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='tickets.ticket')),
                        ('field', models.CharField(choices=[('category', 'Category'), ('team', 'Team'), ('type', 'Type'), ('priority', 'Priority'), ('spam', 'Spam')], max_length=10)),
                        ('value', models.CharField(max_length=20)),
                        ('before', models.CharField(blank=True, max_length=20)),
                        ('confidence', models.FloatField(help_text='0 to 1')),
                        ('words', models.JSONField(default=list)),
                        ('is_automatic', models.BooleanField(default=False)),
                        ('state', models.CharField(choices=[('open', 'Open'), ('taken', 'Taken'), ('corrected', 'Corrected'), ('refused', 'Refused'), ('left', 'Left')], default='open', max_length=10)),
                        ('made_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['id'], name='proposals_open'), models.Index(fields=['made_at'], name='proposals_by_time')],
                        'constraints': [models.UniqueConstraint(fields=('ticket', 'field'), name='one_proposal_a_field')],
                    },
                ),
                migrations.CreateModel(
                    name='SpamMark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='spam_mark', to='tickets.ticket')),
                        ('is_spam', models.BooleanField()),
                        ('name', models.CharField(max_length=200)),
                        ('at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Similar',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='similar', to='tickets.ticket')),
                        ('other', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='similar_later', to='tickets.ticket')),
                        ('score', models.FloatField(help_text='share of what the newer one says that the older says too, 0 to 1')),
                        ('words', models.JSONField(default=list)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['other', '-score', '-id'], name='similar_later_by_score')],
                        'constraints': [models.UniqueConstraint(fields=('ticket', 'other'), name='one_pair_of_similar_tickets')],
                    },
                ),
            ],
        ),
    ]
