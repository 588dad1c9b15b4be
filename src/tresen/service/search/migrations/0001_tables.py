import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models

from tresen.service.search.index import create_in_migration, drop_in_migration


class Migration(migrations.Migration):

    replaces = [('search', '0001_initial'), ('search', '0002_names'), ('search', '0003_own_texts')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='SearchDocument',
                    fields=[
                        ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search_documents', to='tickets.ticket')),
                        ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_document', to='tickets.message')),
                        ('lang', models.CharField(blank=True, default='', max_length=2)),
                        ('internal', models.BooleanField(default=False)),
                        ('tokens', models.TextField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('internal', False), ('message', None)), fields=('ticket',), name='one_subject_document_a_ticket'), models.UniqueConstraint(condition=models.Q(('internal', True), ('message', None)), fields=('ticket',), name='one_own_document_a_ticket')],
                    },
                ),
                migrations.CreateModel(
                    name='NameWord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('word', models.CharField(max_length=64)),
                        ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.contact')),
                        ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.organisation')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['word'], name='words_of_names', opclasses=['varchar_pattern_ops'])],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', False), ('organisation__isnull', True)), models.Q(('contact__isnull', True), ('organisation__isnull', False)), _connector='OR'), name='name_word_is_of_one')],
                    },
                ),
            ],
        ),
        migrations.RunPython(create_in_migration, drop_in_migration),
    ]
