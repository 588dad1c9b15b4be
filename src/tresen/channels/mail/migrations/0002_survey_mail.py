"""Surveys leave by mail."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0001_tables'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outbox',
            name='kind',
            field=models.CharField(choices=[('reply', 'reply'), ('ack', 'confirmation of receipt'), ('side', 'message to a partner'), ('survey', 'survey')], max_length=10),
        ),
    ]
