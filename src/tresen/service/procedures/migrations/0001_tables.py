import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('procedures', '0001_procedures')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Procedure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True)),
                        ('category', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='procedure', to='tickets.category')),
                        ('is_active', models.BooleanField(default=True)),
                    ],
                    options={
                        'ordering': ['-is_active', 'name'],
                    },
                ),
                migrations.CreateModel(
                    name='ProcedureVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='procedures.procedure')),
                        ('number', models.PositiveIntegerField()),
                        ('steps', models.JSONField()),
                        ('made_at', models.DateTimeField()),
                    ],
                    options={
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('procedure', 'number'), name='a_procedure_version_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Run',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='tickets.ticket')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='procedures.procedureversion')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                        ('step', models.PositiveSmallIntegerField(default=0)),
                        ('outcome', models.CharField(blank=True, choices=[('', 'Open'), ('solved', 'Solved'), ('handed', 'Handed'), ('stopped', 'Stopped')], default='', max_length=8)),
                        ('begun_at', models.DateTimeField()),
                        ('finished_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('ticket',), name='one_open_run_a_ticket')],
                    },
                ),
                migrations.CreateModel(
                    name='Answer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='procedures.run')),
                        ('step', models.PositiveSmallIntegerField()),
                        ('question', models.CharField(max_length=300)),
                        ('answer', models.CharField(max_length=120)),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('run', 'step'), name='a_step_is_answered_once')],
                    },
                ),
            ],
        ),
    ]
