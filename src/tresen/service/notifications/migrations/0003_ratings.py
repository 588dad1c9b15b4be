from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0002_nudges'),
    ]

    operations = [
        migrations.AlterField(
            model_name='choice',
            name='kind',
            field=models.CharField(choices=[('oncall', 'you are on call and a ticket needs you'), ('assigned', 'a ticket became yours'), ('mention', 'you are asked for your part'), ('answer', 'an answer on a ticket of yours'), ('nudge', 'a customer asks for more speed'), ('partner', 'an answer of a partner you wrote to'), ('reminder', 'a reminder: a partner has not answered'), ('review', 'a draft waits for your review'), ('woke', 'a ticket is awake again'), ('returned', 'an answer to what you handed up to the next level'), ('manager', 'a ticket of your team needs its lead'), ('solved', 'a ticket you follow is solved'), ('rated', 'a bad rating of a ticket of yours, or of a team you lead'), ('undelivered', 'a reply of yours did not arrive'), ('rule', 'a rule points you to a ticket'), ('followed', 'a ticket you follow has changed')], max_length=12),
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('oncall', 'you are on call and a ticket needs you'), ('assigned', 'a ticket became yours'), ('mention', 'you are asked for your part'), ('answer', 'an answer on a ticket of yours'), ('nudge', 'a customer asks for more speed'), ('partner', 'an answer of a partner you wrote to'), ('reminder', 'a reminder: a partner has not answered'), ('review', 'a draft waits for your review'), ('woke', 'a ticket is awake again'), ('returned', 'an answer to what you handed up to the next level'), ('manager', 'a ticket of your team needs its lead'), ('solved', 'a ticket you follow is solved'), ('rated', 'a bad rating of a ticket of yours, or of a team you lead'), ('undelivered', 'a reply of yours did not arrive'), ('rule', 'a rule points you to a ticket'), ('followed', 'a ticket you follow has changed')], max_length=12),
        ),
    ]
