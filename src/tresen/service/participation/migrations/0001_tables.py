import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('copy', 'Copy'), ('deletion', 'Deletion')], max_length=8)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('ready', 'Ready'), ('done', 'Done'), ('over', 'Over')], default='asked', max_length=5)),
                ('token_hash', models.CharField(max_length=64, null=True, unique=True)),
                ('storage_key', models.CharField(blank=True, default='', max_length=32)),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('brand', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.brand')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='people.contact')),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.ticket')),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
            },
        ),
    ]
