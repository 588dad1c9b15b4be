import django.core.validators
import django.db.models.deletion
import tresen.kit.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('mail', '0001_initial'), ('mail', '0002_content_hash'), ('mail', '0003_partly_sent'), ('mail', '0004_remote_images'), ('mail', '0005_pop3'), ('mail', '0006_delivery_reports'), ('mail', '0007_where_mail_belongs'), ('mail', '0008_mail_texts'), ('mail', '0009_discarded_mail'), ('mail', '0010_returned_mail'), ('mail', '0011_web_hooks'), ('mail', '0012_mail_watch'), ('mail', '0013_dkim_keys'), ('mail', '0014_oauth'), ('mail', '0015_limits'), ('mail', '0016_mailbox_test'), ('mail', '0017_senders_signatures'), ('mail', '0018_pop3_stored'), ('mail', '0019_taken_outbox'), ('mail', '0020_to_partners'), ('mail', '0021_servers_passed')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('tickets', '0001_tables'),
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Mailbox',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('address', models.CharField(max_length=254, unique=True, verbose_name='address')),
                        ('name', models.CharField(blank=True, default='', max_length=80, verbose_name='sender’s name')),
                        ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mailboxes', to='people.brand', verbose_name='brand')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mailboxes', to='people.team', verbose_name='new tickets go to')),
                        ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch'), ('pl', 'Polski')], default='en', max_length=5, verbose_name='language')),
                        ('acknowledges', models.BooleanField(default=True, verbose_name='confirm new requests by mail')),
                        ('authserv_id', models.CharField(blank=True, default='', max_length=120, verbose_name='our mail server’s name')),
                        ('is_active', models.BooleanField(default=True, verbose_name='active')),
                        ('is_strict', models.BooleanField(default=False, verbose_name='proof for mail that only names the ticket')),
                        ('colleagues_join', models.BooleanField(default=False, verbose_name='colleagues of the requester may answer')),
                        ('takes_forwards', models.BooleanField(default=True, verbose_name='mail forwarded by colleagues becomes the customer’s ticket')),
                        ('keeps_machines', models.BooleanField(default=False, verbose_name='mail of machines becomes tickets')),
                        ('checks_dkim', models.BooleanField(default=False, verbose_name='check signatures of senders')),
                        ('incoming', models.CharField(choices=[('listener', 'a mail server hands it over (SMTP, LMTP or pipe)'), ('imap', 'Tresen fetches it (IMAP)'), ('pop', 'Tresen fetches it (POP3)'), ('hook', 'a mail provider calls Tresen (web hook)')], default='listener', max_length=10, verbose_name='incoming mail')),
                        ('sign_in', models.CharField(choices=[('password', 'with user names and passwords'), ('microsoft', 'Microsoft 365 (OAuth 2)'), ('google', 'Google (OAuth 2)')], default='password', max_length=10, verbose_name='signing in')),
                        ('imap_host', models.CharField(blank=True, default='', max_length=200, verbose_name='server')),
                        ('imap_port', models.PositiveIntegerField(default=993, verbose_name='port')),
                        ('imap_security', models.CharField(choices=[('tls', 'TLS from the start'), ('starttls', 'STARTTLS'), ('plain', 'none (this machine only)')], default='tls', max_length=10, verbose_name='encryption')),
                        ('imap_user', models.CharField(blank=True, default='', max_length=200, verbose_name='user name')),
                        ('imap_sealed', models.TextField(blank=True, default='')),
                        ('imap_folder', models.CharField(default='INBOX', max_length=200, verbose_name='folder')),
                        ('imap_move_to', models.CharField(blank=True, default='', max_length=200, verbose_name='move handled mail to')),
                        ('imap_uidvalidity', models.BigIntegerField(null=True)),
                        ('imap_last_uid', models.BigIntegerField(default=0)),
                        ('pop_host', models.CharField(blank=True, default='', max_length=200, verbose_name='server')),
                        ('pop_port', models.PositiveIntegerField(default=995, verbose_name='port')),
                        ('pop_security', models.CharField(choices=[('tls', 'TLS from the start'), ('starttls', 'STARTTLS'), ('plain', 'none (this machine only)')], default='tls', max_length=10, verbose_name='encryption')),
                        ('pop_user', models.CharField(blank=True, default='', max_length=200, verbose_name='user name')),
                        ('pop_sealed', models.TextField(blank=True, default='')),
                        ('pop_deletes', models.BooleanField(default=False, verbose_name='delete handled mail on the server')),
                        ('pop_begun', models.BooleanField(default=False, help_text='its first list has been read')),
                        ('hook_provider', models.CharField(choices=[('mailgun', 'Mailgun'), ('sendgrid', 'SendGrid'), ('postmark', 'Postmark'), ('ses', 'Amazon SES'), ('mandrill', 'Mailchimp Transactional (Mandrill)'), ('signed', 'another program (Standard Webhooks)')], default='mailgun', max_length=10, verbose_name='mail provider')),
                        ('hook_key', models.CharField(help_text='stands in the address of the hook', max_length=64, null=True, unique=True)),
                        ('hook_sealed', models.TextField(blank=True, default='')),
                        ('smtp_host', models.CharField(blank=True, default='', max_length=200, verbose_name='server')),
                        ('smtp_port', models.PositiveIntegerField(default=587, verbose_name='port')),
                        ('smtp_security', models.CharField(choices=[('tls', 'TLS from the start'), ('starttls', 'STARTTLS'), ('plain', 'none (this machine only)')], default='starttls', max_length=10, verbose_name='encryption')),
                        ('smtp_user', models.CharField(blank=True, default='', max_length=200, verbose_name='user name')),
                        ('smtp_sealed', models.TextField(blank=True, default='')),
                        ('quiet_hours', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hours without mail that are unusual')),
                        ('fetched_at', models.DateTimeField(null=True)),
                        ('fetcher', models.CharField(blank=True, default='', max_length=60)),
                        ('fetcher_until', models.DateTimeField(null=True)),
                        ('fault', models.CharField(blank=True, default='', max_length=500)),
                        ('fault_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'verbose_name_plural': 'mailboxes',
                        'ordering': ['address'],
                    },
                ),
                migrations.CreateModel(
                    name='RawMail',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mailbox', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='mail.mailbox')),
                        ('source', models.CharField(help_text='smtp, lmtp, imap, pop, hook, pipe', max_length=10)),
                        ('envelope_from', models.CharField(blank=True, default='', max_length=320)),
                        ('envelope_to', models.CharField(blank=True, default='', max_length=320)),
                        ('uidvalidity', models.BigIntegerField(null=True)),
                        ('uid', models.BigIntegerField(null=True)),
                        ('raw', models.BinaryField(help_text='zlib')),
                        ('size', models.BigIntegerField(help_text='bytes, not compressed')),
                        ('sha256', models.CharField(help_text='of the bytes as they came', max_length=64)),
                        ('received_at', models.DateTimeField()),
                        ('header_id', models.CharField(blank=True, default='', max_length=998)),
                        ('duplicate_key', models.CharField(help_text='mailbox, Message-ID and content, hashed', max_length=64, null=True)),
                        ('subject', models.CharField(blank=True, default='', max_length=300)),
                        ('sender', models.CharField(blank=True, default='', max_length=320)),
                        ('outcome', models.CharField(choices=[('received', 'waits to be read'), ('new', 'new ticket'), ('reply', 'on its ticket'), ('held', 'held on a ticket'), ('automatic', 'automatic, filed quietly'), ('own', 'our own mail coming back'), ('duplicate', 'the same mail again'), ('suspended', 'set aside: more than the limits allow'), ('quarantined', 'could not be read')], default='received', max_length=12)),
                        ('reason', models.JSONField(default=dict)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='raw_mails', to='tickets.ticket')),
                        ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='raw_mails', to='tickets.message')),
                        ('handled_at', models.DateTimeField(null=True)),
                        ('discarded_at', models.DateTimeField(null=True)),
                        ('discarded_by', models.CharField(blank=True, default='', max_length=160)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['outcome', '-id'], name='mails_by_outcome'), models.Index(fields=['received_at', 'mailbox', 'outcome', 'discarded_at'], name='mails_of_the_ledger')],
                        'constraints': [models.UniqueConstraint(fields=('mailbox', 'uidvalidity', 'uid'), name='one_row_a_uid'), models.UniqueConstraint(condition=models.Q(('duplicate_key__isnull', False)), fields=('duplicate_key',), name='one_first_of_a_duplicate')],
                    },
                ),
                migrations.CreateModel(
                    name='Outbox',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('reply', 'reply'), ('ack', 'confirmation of receipt'), ('side', 'message to a partner')], max_length=10)),
                        ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outgoing', to='mail.mailbox')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outgoing', to='tickets.ticket')),
                        ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='outgoing', to='tickets.message')),
                        ('header_id', models.CharField(max_length=255, unique=True)),
                        ('recipients', models.JSONField(default=list)),
                        ('content_hash', models.CharField(blank=True, default='', help_text='of the text, set when sent', max_length=64)),
                        ('state', models.CharField(choices=[('queued', 'queued'), ('sent', 'sent'), ('delivered', 'delivered'), ('deferred', 'will be tried again'), ('failed', 'could not be sent'), ('bounced', 'came back')], default='queued', max_length=10)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('next_try_at', models.DateTimeField(null=True)),
                        ('last_error', models.CharField(blank=True, default='', max_length=500)),
                        ('remaining', models.JSONField(default=list)),
                        ('reached', models.JSONField(default=list)),
                        ('returned', models.JSONField(default=list)),
                        ('subject', models.CharField(blank=True, default='', help_text='as it left, set at the first try', max_length=400)),
                        ('created_at', models.DateTimeField()),
                        ('requeued_at', models.DateTimeField(null=True)),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('taken_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['state', '-id'], name='outbox_by_state')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'ack')), fields=('ticket',), name='one_acknowledgement_a_ticket'), models.UniqueConstraint(condition=models.Q(('kind', 'reply')), fields=('message',), name='one_mail_a_reply'), models.UniqueConstraint(condition=models.Q(('kind', 'side')), fields=('message',), name='one_mail_to_a_partner')],
                    },
                ),
                migrations.CreateModel(
                    name='MailText',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('sender', 'sender’s name'), ('signature', 'signature'), ('footer', 'footer'), ('ack', 'confirmation of receipt')], max_length=10)),
                        ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_texts', to='people.brand')),
                        ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mail_texts', to='people.team')),
                        ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch'), ('pl', 'Polski')], max_length=5)),
                        ('text', models.TextField(blank=True, default='', help_text='with {{names}}, see kit/placeholders.py')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('team', None)), fields=('kind', 'brand', 'language'), name='one_mail_text_a_brand'), models.UniqueConstraint(condition=models.Q(('team__isnull', False)), fields=('kind', 'brand', 'team', 'language'), name='one_mail_text_a_team')],
                    },
                ),
                migrations.CreateModel(
                    name='BrandMail',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('brand', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mail_look', to='people.brand')),
                        ('quotes_history', models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='MessageReference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('header_id_hash', models.CharField(max_length=64)),
                        ('header_id', models.CharField(max_length=998)),
                        ('mailbox', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='mail.mailbox')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='tickets.ticket')),
                        ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='references', to='tickets.message')),
                        ('moved_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tickets.ticket')),
                        ('created_at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['header_id_hash'], name='reference_lookup')],
                    },
                ),
                migrations.CreateModel(
                    name='SigningKey',
                    fields=[
                        ('key_id', models.CharField(max_length=4, primary_key=True, serialize=False)),
                        ('sealed', models.TextField()),
                        ('created_at', models.DateTimeField()),
                        ('retired_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='DkimKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('domain', models.CharField(max_length=253, unique=True)),
                        ('selector', models.CharField(max_length=40)),
                        ('sealed', models.TextField()),
                        ('public', models.TextField(help_text='SubjectPublicKeyInfo, base64, as in the DNS record')),
                        ('is_active', models.BooleanField(default=False)),
                        ('created_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Refusal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField()),
                        ('reason', models.CharField(max_length=20)),
                        ('count', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('day', 'reason'), name='one_count_a_day_and_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='MailLimits',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('new_tickets_per_sender', models.PositiveIntegerField(default=20, validators=[django.core.validators.MinValueValidator(1)], verbose_name='new tickets from one sender in an hour')),
                        ('sender_pause_minutes', models.PositiveIntegerField(default=60, validators=[django.core.validators.MinValueValidator(1)], verbose_name='then set aside for so many minutes')),
                        ('new_senders_per_mailbox', models.PositiveIntegerField(default=1000, validators=[django.core.validators.MinValueValidator(1)], verbose_name='new tickets from unknown senders, in an hour and mailbox')),
                        ('auto_unverified_per_hour', models.PositiveIntegerField(default=1, verbose_name='automatic mails to an unconfirmed address in an hour')),
                        ('auto_verified_per_hour', models.PositiveIntegerField(default=3, verbose_name='automatic mails to a confirmed address in an hour')),
                        ('auto_per_day', models.PositiveIntegerField(default=10, verbose_name='automatic mails to any address in a day')),
                        ('auto_per_mailbox', models.PositiveIntegerField(default=300, verbose_name='automatic mails of one mailbox in an hour')),
                        ('most_servers', models.PositiveIntegerField(default=50, validators=[django.core.validators.MinValueValidator(10)], verbose_name='servers that a mail may have passed')),
                    ],
                ),
                migrations.CreateModel(
                    name='ImagesShown',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.agent')),
                        ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.message')),
                        ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.contact')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('agent', 'message'), name='images_once_a_message'), models.UniqueConstraint(fields=('agent', 'contact'), name='images_once_a_contact'), models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', False), ('message__isnull', True)), models.Q(('contact__isnull', True), ('message__isnull', False)), _connector='OR'), name='images_of_a_message_or_a_contact')],
                    },
                ),
                migrations.CreateModel(
                    name='RemoteImage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('url_hash', models.CharField(max_length=64, unique=True)),
                        ('storage_key', models.CharField(blank=True, default='', max_length=32)),
                        ('content_type', models.CharField(blank=True, default='', max_length=20)),
                        ('size', models.PositiveIntegerField(default=0, help_text='bytes')),
                        ('fetched_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='MailboxTest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mailbox', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='test', to='mail.mailbox')),
                        ('asked_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('steps', models.JSONField(default=list)),
                    ],
                ),
                migrations.CreateModel(
                    name='FetchedByPop',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='known_by_pop', to='mail.mailbox')),
                        ('uidl', models.CharField(max_length=200)),
                        ('seen_at', models.DateTimeField()),
                        ('stored', models.BooleanField(default=False, help_text='we have the whole mail, so that the server may delete it')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('mailbox', 'uidl'), name='one_row_a_uidl')],
                    },
                ),
                migrations.CreateModel(
                    name='HookReplay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hook_calls', to='mail.mailbox')),
                        ('name_hash', models.CharField(max_length=64)),
                        ('seen_at', models.DateTimeField(db_index=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('mailbox', 'name_hash'), name='one_row_a_call')],
                    },
                ),
                migrations.CreateModel(
                    name='MailWatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('looked_at', models.DateTimeField()),
                        ('found', models.JSONField(default=list)),
                    ],
                ),
                migrations.CreateModel(
                    name='OAuthApp',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('provider', models.CharField(max_length=10, unique=True)),
                        ('client_id', models.CharField(max_length=200)),
                        ('secret_sealed', models.TextField(blank=True, default='')),
                        ('tenant', models.CharField(blank=True, default='', max_length=100)),
                    ],
                ),
                migrations.CreateModel(
                    name='OAuthGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mailbox', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='grant', to='mail.mailbox')),
                        ('provider', models.CharField(max_length=10)),
                        ('refresh_sealed', models.TextField()),
                        ('access_sealed', models.TextField(blank=True, default='')),
                        ('access_until', models.DateTimeField(null=True)),
                        ('granted_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='OAuthRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mailbox', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='oauth_request', to='mail.mailbox')),
                        ('provider', models.CharField(max_length=10)),
                        ('state_hash', models.CharField(blank=True, db_index=True, default='', max_length=64)),
                        ('secret_sealed', models.TextField()),
                        ('user_code', models.CharField(blank=True, default='', max_length=40)),
                        ('address', models.CharField(help_text='where the owner goes', max_length=2000)),
                        ('seconds', models.PositiveSmallIntegerField(default=5, help_text='between two questions whether he has said yes')),
                        ('expires_at', models.DateTimeField()),
                        ('fault', models.CharField(blank=True, default='', max_length=300)),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                    ],
                ),
            ],
        ),
    ]
