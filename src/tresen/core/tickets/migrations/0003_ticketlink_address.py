from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0002_statuses'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticketlink',
            name='address',
            field=models.CharField(blank=True, default='', help_text='the mail address it was sent to', max_length=254),
        ),
    ]
