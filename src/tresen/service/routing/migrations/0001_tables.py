import django.core.validators
import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('routing', '0001_initial'), ('routing', '0002_rounds')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='TeamRouting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='routing', to='people.team')),
                        ('method', models.CharField(choices=[('hand', 'by hand: people choose, or ask for the next one'), ('round', 'in turn: each who is there gets one after the other'), ('least', 'least load: whoever has the least to do')], default='hand', max_length=8, verbose_name='tickets are given')),
                        ('is_sticky', models.BooleanField(default=False, verbose_name='the same person as last time')),
                        ('by_skill', models.BooleanField(default=False, verbose_name='only who knows the category')),
                        ('by_language', models.BooleanField(default=False, verbose_name='only who speaks the language')),
                        ('looked_at', models.BigIntegerField(null=True)),
                        ('last', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                    ],
                ),
                migrations.CreateModel(
                    name='AgentRouting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='routing', to='people.agent')),
                        ('cap', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='open tickets at most')),
                        ('channel_caps', models.JSONField(blank=True, default=dict)),
                        ('languages', models.JSONField(blank=True, default=list)),
                        ('skills', models.ManyToManyField(blank=True, related_name='+', to='tickets.category')),
                    ],
                ),
            ],
        ),
    ]
