from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0003_due_next'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=32, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('ready', 'Ready'), ('locked', 'Locked'), ('broken', 'Broken'), ('too_much', 'Too Much'), ('too_large', 'Too Large')], default='waiting', max_length=10)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('pictures', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField(db_index=True)),
            ],
        ),
    ]
