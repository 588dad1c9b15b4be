from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0004_previews'),
    ]

    operations = [
        migrations.AddField(
            model_name='preview',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
