import django.core.validators
import django.db.models.deletion
import tresen.kit.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_deskkey'), ('people', '0003_away'), ('people', '0004_answers_to_closed'), ('people', '0005_own_keys'), ('people', '0006_reading_offline'), ('people', '0007_priorities_and_vips'), ('people', '0008_team_level'), ('people', '0009_roles'), ('people', '0010_second_factor')]

    initial = True

    dependencies = [
    ]

    operations = [
        tresen.kit.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Role',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.SlugField(max_length=40, unique=True)),
                        ('name', models.CharField(blank=True, default='', max_length=60, verbose_name='name')),
                        ('description', models.CharField(blank=True, default='', max_length=200, verbose_name='what it is for')),
                        ('rights', models.JSONField(blank=True, default=dict)),
                    ],
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('email', models.CharField(max_length=254, unique=True, verbose_name='mail address')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch'), ('pl', 'Polski')], default='en', max_length=5, verbose_name='language')),
                        ('timezone', models.CharField(default='Europe/Berlin', max_length=60, verbose_name='time zone')),
                        ('theme', models.CharField(choices=[('system', 'as the system'), ('light', 'light'), ('dark', 'dark')], default='system', max_length=10, verbose_name='theme')),
                        ('single_keys', models.BooleanField(default=True, verbose_name='one-letter keys')),
                        ('keys', models.JSONField(blank=True, default=dict, verbose_name='own keys')),
                        ('keeps_offline', models.BooleanField(default=False, verbose_name='keeps tickets offline')),
                        ('is_active', models.BooleanField(default=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='OneTimeLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to=settings.AUTH_USER_MODEL)),
                        ('purpose', models.CharField(default='invite', max_length=20)),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('expires_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Session',
                    fields=[
                        ('session_key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('session_data', models.TextField()),
                        ('expire_date', models.DateTimeField(db_index=True)),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
                        ('user_agent', models.CharField(blank=True, default='', max_length=300)),
                        ('address', models.CharField(blank=True, default='', max_length=45)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('seen_at', models.DateTimeField(auto_now=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Team',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                        ('slug', models.SlugField(max_length=40, unique=True, verbose_name='short name')),
                        ('description', models.CharField(blank=True, default='', max_length=200, verbose_name='what it does')),
                        ('is_active', models.BooleanField(default=True)),
                        ('level', models.PositiveSmallIntegerField(default=1)),
                        ('closed_answers', models.CharField(choices=[('reopen', 'opens it again, however late'), ('limit', 'opens it again within some days, then becomes a new ticket linked to it'), ('new', 'always becomes a new ticket linked to it')], default='limit', max_length=8, verbose_name='an answer to a closed ticket')),
                        ('closed_days', models.PositiveSmallIntegerField(default=14, verbose_name='days')),
                    ],
                ),
                migrations.CreateModel(
                    name='Brand',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('letters', models.CharField(max_length=3, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z]{1,3}$', 'One to three capital letters A–Z.')], verbose_name='number letters')),
                        ('last_number', models.BigIntegerField(default=20000)),
                        ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch'), ('pl', 'Polski')], default='en', max_length=5, verbose_name='language')),
                        ('timezone', models.CharField(default='Europe/Berlin', max_length=60, verbose_name='time zone')),
                        ('office_hours', models.JSONField(blank=True, default=dict, verbose_name='office hours')),
                        ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='brands', to='people.team')),
                        ('priorities', models.JSONField(blank=True, default=dict)),
                        ('accent_hue', models.PositiveSmallIntegerField(default=212, validators=[django.core.validators.MaxValueValidator(360)], verbose_name='accent hue')),
                        ('accent_chroma', models.FloatField(default=0.085, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(0.2)], verbose_name='accent strength')),
                        ('logo_key', models.CharField(blank=True, default='', max_length=32)),
                        ('logo_type', models.CharField(blank=True, default='', max_length=20)),
                        ('is_default', models.BooleanField(default=False)),
                        ('is_active', models.BooleanField(default=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='one_default_brand')],
                    },
                ),
                migrations.CreateModel(
                    name='Agent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='agent', to=settings.AUTH_USER_MODEL)),
                        ('role', models.ForeignKey(db_column='role', default='agent', on_delete=django.db.models.deletion.PROTECT, related_name='agents', to='people.role', to_field='key', verbose_name='role')),
                        ('signature', models.TextField(blank=True, default='', max_length=2000, verbose_name='signature')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('teams', models.ManyToManyField(blank=True, related_name='agents', through='people.TeamMembership', to='people.team')),
                    ],
                ),
                migrations.CreateModel(
                    name='TeamMembership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='people.agent')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='people.team')),
                        ('role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.role', to_field='key')),
                    ],
                    options={
                        'db_table': 'people_agent_teams',
                        'unique_together': {('agent', 'team')},
                    },
                ),
                migrations.CreateModel(
                    name='Organisation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=160, verbose_name='name')),
                        ('domains', models.JSONField(blank=True, default=list, verbose_name='mail domains')),
                        ('is_vip', models.BooleanField(default=False, verbose_name='VIP')),
                        ('notes', models.TextField(blank=True, default='', max_length=4000, verbose_name='notes that stay')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Contact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=160, verbose_name='name')),
                        ('language', models.CharField(blank=True, choices=[('en', 'English'), ('de', 'Deutsch'), ('pl', 'Polski')], default='', max_length=5, verbose_name='language')),
                        ('timezone', models.CharField(blank=True, default='', max_length=60, verbose_name='time zone')),
                        ('is_vip', models.BooleanField(default=False, verbose_name='VIP')),
                        ('notes', models.TextField(blank=True, default='', max_length=4000, verbose_name='notes that stay')),
                        ('away_until', models.DateField(blank=True, null=True)),
                        ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contact', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('organisations', models.ManyToManyField(blank=True, related_name='contacts', through='people.OrganisationMembership', to='people.organisation')),
                    ],
                ),
                migrations.CreateModel(
                    name='OrganisationMembership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='people.contact')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='people.organisation')),
                        ('is_main', models.BooleanField(default=True)),
                        ('title', models.CharField(blank=True, default='', max_length=120, verbose_name='position')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('contact', 'organisation'), name='once_in_an_organisation'), models.UniqueConstraint(condition=models.Q(('is_main', True)), fields=('contact',), name='one_main_organisation_a_contact')],
                    },
                ),
                migrations.CreateModel(
                    name='Identity',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='people.contact')),
                        ('kind', models.CharField(choices=[('mail', 'Mail'), ('phone', 'Phone'), ('fax', 'Fax'), ('chat', 'Chat')], max_length=10)),
                        ('value', models.CharField(max_length=254)),
                        ('folded', models.CharField(max_length=254)),
                        ('is_main', models.BooleanField(default=False)),
                        ('verified_at', models.DateTimeField(blank=True, null=True)),
                        ('undeliverable_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name_plural': 'identities',
                        'indexes': [models.Index(fields=['kind', 'folded'], name='identity_lookup')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('kind__in', ['mail', 'chat'])), fields=('kind', 'folded'), name='one_contact_an_address')],
                    },
                ),
                migrations.CreateModel(
                    name='ApiToken',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='people.agent')),
                        ('name', models.CharField(max_length=80, verbose_name='name')),
                        ('prefix', models.CharField(max_length=12)),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('scopes', models.JSONField(default=list)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('expires_at', models.DateTimeField()),
                        ('last_used_at', models.DateTimeField(null=True)),
                        ('revoked_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='FirstRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code_hash', models.CharField(max_length=64)),
                        ('closed_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='DeskKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key_id', models.CharField(max_length=8)),
                    ],
                ),
                migrations.CreateModel(
                    name='AuthenticatorApp',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='app', to=settings.AUTH_USER_MODEL)),
                        ('secret_sealed', models.CharField(max_length=300)),
                        ('last_step', models.BigIntegerField()),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('last_used_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Passkey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passkeys', to=settings.AUTH_USER_MODEL)),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('credential_hash', models.CharField(max_length=64, unique=True)),
                        ('data', models.BinaryField()),
                        ('counter', models.BigIntegerField(default=0)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('last_used_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='RecoveryCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
                        ('code_mac', models.CharField(max_length=32)),
                        ('used_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('user', 'code_mac'), name='recovery_code_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SignInRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('second_factor', models.CharField(choices=[('nobody', 'Optional: whoever wants'), ('admins', 'Required for all who may change settings'), ('all', 'Required for all agents')], default='nobody', max_length=10, verbose_name='second factor')),
                    ],
                ),
            ],
        ),
    ]
