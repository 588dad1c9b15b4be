import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('preferences', '0001_after_action')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='AfterAction',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
                        ('view', models.CharField(blank=True, default='', max_length=80)),
                        ('then', models.CharField(choices=[('stay', 'Stay on the ticket'), ('next', 'Next ticket of the list'), ('list', 'Back to the list')], default='stay', max_length=4)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('agent', 'view'), name='one_after_action_an_agent_and_view')],
                    },
                ),
            ],
        ),
    ]
