import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('limits', '0001_initial'), ('limits', '0002_made')]

    initial = True

    dependencies = [
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Count',
                    fields=[
                        ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('count', models.PositiveIntegerField(default=0)),
                        ('made', models.BigIntegerField(null=True)),
                        ('expires_at', models.DateTimeField(db_index=True)),
                    ],
                ),
            ],
        ),
    ]
