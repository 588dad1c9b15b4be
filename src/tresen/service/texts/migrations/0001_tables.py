import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('texts', '0001_texts'), ('texts', '0002_kept_files')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='SavedReply',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('folder', models.CharField(blank=True, default='', max_length=60, verbose_name='folder')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                        ('texts', models.JSONField(default=dict, help_text='{"de": "…"}: the text in each language that has one')),
                        ('is_active', models.BooleanField(default=True)),
                        ('used_count', models.PositiveIntegerField(default=0)),
                        ('used_at', models.DateTimeField(null=True)),
                        ('shortcut', models.CharField(blank=True, default='', max_length=30, verbose_name='short word')),
                    ],
                    options={
                        'verbose_name_plural': 'saved replies',
                        'constraints': [models.CheckConstraint(condition=models.Q(('owner', None), ('team', None), _connector='OR'), name='a_saved_reply_has_one_circle')],
                    },
                ),
                migrations.CreateModel(
                    name='Macro',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('folder', models.CharField(blank=True, default='', max_length=60, verbose_name='folder')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                        ('texts', models.JSONField(default=dict, help_text='{"de": "…"}: the text in each language that has one')),
                        ('is_active', models.BooleanField(default=True)),
                        ('used_count', models.PositiveIntegerField(default=0)),
                        ('used_at', models.DateTimeField(null=True)),
                        ('kind', models.CharField(choices=[('reply', 'a reply'), ('note', 'an internal note')], default='reply', max_length=5, verbose_name='its text is')),
                        ('changes', models.JSONField(default=dict)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('owner', None), ('team', None), _connector='OR'), name='a_macro_has_one_circle')],
                    },
                ),
                migrations.CreateModel(
                    name='KeptFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('saved_reply', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='texts.savedreply')),
                        ('macro', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='texts.macro')),
                        ('storage_key', models.CharField(max_length=32)),
                        ('filename', models.CharField(max_length=255)),
                        ('size', models.PositiveBigIntegerField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('created_at', models.DateTimeField()),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('macro__isnull', False), ('saved_reply', None)), models.Q(('macro', None), ('saved_reply__isnull', False)), _connector='OR'), name='a_kept_file_has_one_text')],
                    },
                ),
                migrations.CreateModel(
                    name='WaitingUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.message')),
                        ('saved_reply', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='texts.savedreply')),
                        ('macro', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='texts.macro')),
                    ],
                ),
            ],
        ),
    ]
