import django.core.validators
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
                    name='ServiceCategory',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('names', models.JSONField(default=dict)),
                        ('summaries', models.JSONField(blank=True, default=dict)),
                        ('icon', models.CharField(blank=True, default='', max_length=30)),
                        ('picture_key', models.CharField(blank=True, default='', max_length=32)),
                        ('picture_type', models.CharField(blank=True, default='', max_length=20)),
                        ('position', models.PositiveSmallIntegerField(default=0)),
                        ('is_active', models.BooleanField(default=True)),
                    ],
                    options={
                        'verbose_name_plural': 'service categories',
                        'ordering': ['position', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='Service',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slug', models.SlugField(max_length=40, unique=True, verbose_name='short name')),
                        ('names', models.JSONField(default=dict)),
                        ('summaries', models.JSONField(blank=True, default=dict)),
                        ('descriptions', models.JSONField(blank=True, default=dict)),
                        ('next_steps', models.JSONField(blank=True, default=dict)),
                        ('icon', models.CharField(blank=True, default='', max_length=30)),
                        ('picture_key', models.CharField(blank=True, default='', max_length=32)),
                        ('picture_type', models.CharField(blank=True, default='', max_length=20)),
                        ('kind', models.CharField(choices=[('incident', 'Fault'), ('installation', 'Installation'), ('configuration', 'Configuration'), ('access', 'Access'), ('hardware', 'Equipment'), ('training', 'Training'), ('consulting', 'Consulting'), ('other', 'Something else')], default='other', max_length=14)),
                        ('audience', models.CharField(choices=[('everybody', 'everybody'), ('customers', 'customers who are signed in'), ('organisations', 'some organisations'), ('agents', 'agents only')], default='everybody', max_length=14)),
                        ('type', models.CharField(choices=[('incident', 'Incident'), ('service_request', 'Service request'), ('question', 'Question'), ('problem', 'Problem'), ('change', 'Change')], default='service_request', max_length=16)),
                        ('impact', models.PositiveSmallIntegerField(choices=[(1, 'one person'), (2, 'several people'), (3, 'a whole site or company')], default=1)),
                        ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'can wait'), (2, 'soon'), (3, 'work stands still')], default=2)),
                        ('asks_reach', models.BooleanField(default=False)),
                        ('price_kind', models.CharField(choices=[('none', 'nothing is said about a price'), ('amount', 'a price'), ('hours', 'hours of the contingent that was agreed')], default='none', max_length=6)),
                        ('price', models.DecimalField(blank=True, decimal_places=2, max_digits=11, null=True, validators=[django.core.validators.MinValueValidator(0)])),
                        ('currency', models.CharField(blank=True, default='', max_length=3)),
                        ('hours', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(9999)])),
                        ('price_texts', models.JSONField(blank=True, default=dict)),
                        ('steps', models.JSONField(blank=True, default=list)),
                        ('children', models.JSONField(blank=True, default=list)),
                        ('position', models.PositiveSmallIntegerField(default=0)),
                        ('is_active', models.BooleanField(default=True)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('brands', models.ManyToManyField(blank=True, related_name='services', to='people.brand')),
                        ('organisations', models.ManyToManyField(blank=True, related_name='services', to='people.organisation')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='people.team')),
                        ('ticket_category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='tickets.category')),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='catalog.servicecategory')),
                    ],
                    options={
                        'ordering': ['position', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='ServiceForm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField()),
                        ('fields', models.JSONField(default=list)),
                        ('made_at', models.DateTimeField()),
                        ('by_name', models.CharField(blank=True, default='', max_length=200)),
                        ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='forms', to='catalog.service')),
                    ],
                    options={
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('service', 'number'), name='a_form_version_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Request',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('answers', models.JSONField(blank=True, default=dict)),
                        ('language', models.CharField(blank=True, default='', max_length=5)),
                        ('begun_at', models.DateTimeField(blank=True, null=True)),
                        ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='service_request', to='tickets.ticket')),
                        ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='catalog.service')),
                        ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='catalog.serviceform')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['service', 'ticket'], name='requests_of_a_service')],
                    },
                ),
            ],
        ),
    ]
