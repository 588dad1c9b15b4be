from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0001_tables'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='teamrouting',
            name='looked_at',
        ),
    ]
