import datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0002_first_rows'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='due_at',
            field=models.DateTimeField(default=datetime.datetime(9000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['status_category', 'due_at', '-updated_at', '-id', 'deleted_at', 'team', 'assignee'], name='view_due_next'),
        ),
    ]
