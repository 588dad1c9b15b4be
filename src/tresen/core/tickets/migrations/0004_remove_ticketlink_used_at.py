from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0003_ticketlink_address'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='ticketlink',
            name='used_at',
        ),
    ]
