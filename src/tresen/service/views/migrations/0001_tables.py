import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('views', '0001_initial'), ('views', '0002_more_orders'), ('views', '0003_due_first'), ('views', '0004_own_orders')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='SavedView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('query', models.CharField(max_length=500, verbose_name='search line')),
                        ('audience', models.CharField(choices=[('private', 'Only me'), ('team', 'A team'), ('all', 'Everybody')], default='private', max_length=8, verbose_name='for')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to='people.agent')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to='people.team')),
                        ('sort', models.CharField(default='changed', max_length=48)),
                        ('grouping', models.CharField(blank=True, choices=[('', 'No groups'), ('status', 'Status'), ('team', 'Team'), ('assignee', 'Assignee'), ('priority', 'Priority'), ('organisation', 'Organisation'), ('age', 'Age')], default='', max_length=12)),
                        ('columns', models.JSONField(default=list, help_text='names of Column and OWN fields; empty: the usual ones')),
                        ('icon', models.CharField(default='star', max_length=12)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('created_at', models.DateTimeField()),
                        ('updated_at', models.DateTimeField()),
                        ('deleted_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('audience', 'team'), ('team__isnull', False)), models.Q(models.Q(('audience', 'team'), _negated=True), ('team__isnull', True)), _connector='OR'), name='a_team_view_has_its_team')],
                    },
                ),
                migrations.CreateModel(
                    name='ViewChoice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='view_choices', to='people.agent')),
                        ('slug', models.CharField(max_length=60)),
                        ('place', models.PositiveSmallIntegerField(null=True)),
                        ('sort', models.CharField(blank=True, default='', max_length=48)),
                        ('grouping', models.CharField(blank=True, choices=[('', 'No groups'), ('status', 'Status'), ('team', 'Team'), ('assignee', 'Assignee'), ('priority', 'Priority'), ('organisation', 'Organisation'), ('age', 'Age')], default='', max_length=12)),
                        ('columns', models.JSONField(default=list)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('agent', 'slug'), name='one_choice_an_agent_and_view')],
                    },
                ),
            ],
        ),
    ]
