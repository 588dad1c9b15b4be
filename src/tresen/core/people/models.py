"""People: accounts, agents, teams, contacts with their identities, organisations, brands."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people import querysets
from tresen.core.people.identities import fold_phone
from tresen.core.people.role_models import Role


class Language(models.TextChoices):
    """Those of the product, each named in itself."""

    EN = "en", "English"
    DE = "de", "Deutsch"
    PL = "pl", "Polski"


LANGUAGES = Language.choices


class Theme(models.TextChoices):
    SYSTEM = "system", _("as the system")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class User(AbstractBaseUser):
    """An account that can sign in: an agent's or a contact's. The address is kept folded (see identities.fold_mail)."""

    email = models.CharField(_("mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    timezone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin")
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    single_keys = models.BooleanField(_("one-letter keys"), default=True)
    # Keys of the desk that this person has changed, by the name of the action; an empty one is off.
    keys = models.JSONField(_("own keys"), default=dict, blank=True)
    # Whether browsers of this person keep the last tickets for reading without a connection.
    keeps_offline = models.BooleanField(_("keeps tickets offline"), default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = querysets.UserQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def agent_or_none(self) -> Agent | None:
        """The agent of this account, if it is one."""
        return getattr(self, "agent", None)


class OneTimeLink(models.Model):
    """An invitation or first sign-in link: used once, by POST, within its time. Only the hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=20, default="invite")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Session(models.Model):
    """A signed-in (or visiting) browser. The row names the account, so all its sessions can be shown and ended."""

    session_key = models.CharField(max_length=64, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    user_agent = models.CharField(max_length=300, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now=True)

    def get_decoded(self) -> dict[str, Any]:
        """The session's data."""
        from tresen.core.people.sessions import SessionStore

        decoded: dict[str, Any] = SessionStore().decode(self.session_data)
        return decoded

    @classmethod
    def get_session_store_class(cls) -> type:
        """What Django's session machinery asks for."""
        from tresen.core.people.sessions import SessionStore

        return SessionStore


class Brand(models.Model):
    """A face to the outside: name, colours, language, office hours, and the letters of its ticket numbers."""

    name = models.CharField(_("name"), max_length=80)
    letters = models.CharField(
        _("number letters"), max_length=3, unique=True,
        validators=[RegexValidator(r"^[A-Z]{1,3}$", _("One to three capital letters A–Z."))],
    )  # fmt: skip
    last_number = models.BigIntegerField(default=20000)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    timezone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin")
    office_hours = models.JSONField(_("office hours"), default=dict, blank=True)
    # Where a ticket goes that says no team of its own (core/tickets/first_team.py).
    team = models.ForeignKey("Team", null=True, blank=True, on_delete=models.PROTECT, related_name="brands")
    # How impact and urgency make a priority (core/tickets/priorities.py); empty: as usual.
    priorities = models.JSONField(default=dict, blank=True)
    accent_hue = models.PositiveSmallIntegerField(_("accent hue"), default=212, validators=[MaxValueValidator(360)])
    accent_chroma = models.FloatField(
        _("accent strength"), default=0.085, validators=[MinValueValidator(0), MaxValueValidator(0.2)]
    )
    logo_key = models.CharField(max_length=32, blank=True, default="")
    logo_type = models.CharField(max_length=20, blank=True, default="")
    # Its own host name (hosts.py); empty: it is at that of the desk.
    host = models.CharField(_("host name"), max_length=253, blank=True, default="")
    # Which languages its portal offers; empty: all of the product.
    languages = models.JSONField(_("languages of the portal"), default=list, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True, default="")
    fax = models.CharField(_("fax"), max_length=40, blank=True, default="")
    # What customers are told about nights and weekends, by language.
    off_hours = models.JSONField(_("outside office hours"), default=dict, blank=True)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    objects = querysets.BrandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_brand"),
            models.UniqueConstraint(fields=["host"], condition=~Q(host=""), name="one_brand_a_host"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def own_host(self) -> str:
        """Where its portal answers, if that is a host of its own; a brand at rest has none."""
        return self.host if self.is_active else ""

    @property
    def phone_digits(self) -> str:
        """The telephone number as a machine dials it."""
        return fold_phone(self.phone)

    @property
    def spoken(self) -> list[str]:
        """The codes of the languages its portal offers; its own is always among them."""
        return [code for code, _name in LANGUAGES if not self.languages or code in {*self.languages, self.language}]


class ClosedAnswers(models.TextChoices):
    """What a customer's answer to a closed ticket does."""

    REOPEN = "reopen", _("opens it again, however late")
    LIMIT = "limit", _("opens it again within some days, then becomes a new ticket linked to it")
    NEW = "new", _("always becomes a new ticket linked to it")


class Team(models.Model):
    """A staff group that tickets can belong to."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    description = models.CharField(_("what it does"), max_length=200, blank=True, default="")
    is_active = models.BooleanField(default=True)
    # On which level of the desk it works (core/tickets/level_models.py); its tickets stand there.
    level = models.PositiveSmallIntegerField(default=1)
    closed_answers = models.CharField(
        _("an answer to a closed ticket"), max_length=8, choices=ClosedAnswers.choices, default=ClosedAnswers.LIMIT
    )
    closed_days = models.PositiveSmallIntegerField(_("days"), default=14)
    objects = querysets.TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """Someone who answers tickets."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="agent")
    role = models.ForeignKey(
        Role, to_field="key", on_delete=models.PROTECT, related_name="agents", db_column="role", default=Role.AGENT,
        verbose_name=_("role"),
    )  # fmt: skip
    teams: models.ManyToManyField[Team, Any] = models.ManyToManyField(
        Team, through="TeamMembership", related_name="agents", blank=True
    )
    signature = models.TextField(_("signature"), blank=True, default="", max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = querysets.AgentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.user.name


class TeamMembership(models.Model):
    """An agent's place in a team, with the role he has there where it is another than usual."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.ForeignKey(
        Role, to_field="key", null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )

    class Meta:
        db_table = "people_agent_teams"
        unique_together = (("agent", "team"),)


class Organisation(models.Model):
    """A client company, council, practice … that contacts belong to."""

    name = models.CharField(_("name"), max_length=160)
    domains = models.JSONField(_("mail domains"), default=list, blank=True)
    is_vip = models.BooleanField(_("VIP"), default=False)
    notes = models.TextField(_("notes that stay"), blank=True, default="", max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = querysets.OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person who asks for help."""

    name = models.CharField(_("name"), max_length=160)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, blank=True, default="")
    timezone = models.CharField(_("time zone"), max_length=60, blank=True, default="")
    is_vip = models.BooleanField(_("VIP"), default=False)
    notes = models.TextField(_("notes that stay"), blank=True, default="", max_length=4000)
    # The last day of an absence that an automatic reply told us of.
    away_until = models.DateField(null=True, blank=True)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="contact")
    organisations: models.ManyToManyField[Organisation, Any] = models.ManyToManyField(
        Organisation, through="OrganisationMembership", related_name="contacts", blank=True
    )
    # Which of his PINs counts (pins.py).
    pin_turn = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = querysets.ContactQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class OrganisationMembership(models.Model):
    """A contact's place in an organisation; the main one is shown first and put on new tickets."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    is_main = models.BooleanField(default=True)
    title = models.CharField(_("position"), max_length=120, blank=True, default="")
    # Whether he sees, and answers, all tickets of the organisation.
    sees_tickets = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "organisation"], name="once_in_an_organisation"),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(is_main=True), name="one_main_organisation_a_contact"
            ),
        ]


class IdentityKind(models.TextChoices):
    MAIL = "mail", _("Mail")
    PHONE = "phone", _("Phone")
    FAX = "fax", _("Fax")
    CHAT = "chat", _("Chat")


class Identity(models.Model):
    """An address or number under which a contact reaches us. `folded` is what is compared; `value` is shown."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(max_length=254)
    folded = models.CharField(max_length=254)
    is_main = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    undeliverable_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "folded"], condition=Q(kind__in=["mail", "chat"]), name="one_contact_an_address"
            )
        ]
        indexes = [models.Index(fields=["kind", "folded"], name="identity_lookup")]

    def __str__(self) -> str:
        return self.value


class SignInLink(models.Model):
    """A link by which a customer signs in (mail_sign_in.py); only its hash is kept. It ends with its address, and with
    a new password."""

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """A key for programs, acting as an agent within its scopes. Shown once; only its hash is kept."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class FirstRun(models.Model):
    """One row at most: the code for the first-run page (its hash), and when the desk was set up."""

    code_hash = models.CharField(max_length=64)
    closed_at = models.DateTimeField(null=True)


class DeskKey(models.Model):
    """One row at most: which secret key this database was made with (its name, nothing of the key itself)."""

    key_id = models.CharField(max_length=8)


# More tables of this app, each topic in a file of its own.
from tresen.core.people import factor_models as _factor_models  # noqa: E402, F401
