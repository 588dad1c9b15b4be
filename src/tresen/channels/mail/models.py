"""The ledger of the mail channel: nothing gets in or out without a row here first."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import LANGUAGES, Brand, Team
from tresen.core.tickets.models import Message, Ticket
from tresen.kit.crypto import open_seal, seal


class Incoming(models.TextChoices):
    LISTENER = "listener", _("a mail server hands it over (SMTP, LMTP or pipe)")
    IMAP = "imap", _("Tresen fetches it (IMAP)")
    POP = "pop", _("Tresen fetches it (POP3)")
    HOOK = "hook", _("a mail provider calls Tresen (web hook)")


# The ways in by which Tresen goes and gets the mail.
FETCHED = (Incoming.IMAP, Incoming.POP)


class Security(models.TextChoices):
    TLS = "tls", _("TLS from the start")
    STARTTLS = "starttls", _("STARTTLS")
    PLAIN = "plain", _("none (this machine only)")


class SignIn(models.TextChoices):
    """How we sign in at the mail servers of a mailbox."""

    PASSWORD = "password", _("with user names and passwords")
    MICROSOFT = "microsoft", _("Microsoft 365 (OAuth 2)")
    GOOGLE = "google", _("Google (OAuth 2)")


class HookProvider(models.TextChoices):
    """Who calls when mail has come in."""

    MAILGUN = "mailgun", "Mailgun"
    SENDGRID = "sendgrid", "SendGrid"
    POSTMARK = "postmark", "Postmark"
    SES = "ses", "Amazon SES"
    MANDRILL = "mandrill", "Mailchimp Transactional (Mandrill)"
    SIGNED = "signed", _("another program (Standard Webhooks)")


class Mailbox(models.Model):
    """A mail account: mail sent to its address becomes tickets, and replies leave from it."""

    address = models.CharField(_("address"), max_length=254, unique=True)
    name = models.CharField(_("sender’s name"), max_length=80, blank=True, default="")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="mailboxes", verbose_name=_("brand"))
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="mailboxes",
        verbose_name=_("new tickets go to"),
    )  # fmt: skip
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    acknowledges = models.BooleanField(_("confirm new requests by mail"), default=True)
    # Only Authentication-Results of this server (our own) are believed (RFC 8601, section 5).
    authserv_id = models.CharField(_("our mail server’s name"), max_length=120, blank=True, default="")
    is_active = models.BooleanField(_("active"), default=True)
    # Where mail belongs: see docs/mail.md.
    is_strict = models.BooleanField(_("proof for mail that only names the ticket"), default=False)
    colleagues_join = models.BooleanField(_("colleagues of the requester may answer"), default=False)
    takes_forwards = models.BooleanField(_("mail forwarded by colleagues becomes the customer’s ticket"), default=True)
    keeps_machines = models.BooleanField(_("mail of machines becomes tickets"), default=False)
    # Looks for the senders' own signatures where no result of our mail server is there.
    checks_dkim = models.BooleanField(_("check signatures of senders"), default=False)
    incoming = models.CharField(_("incoming mail"), max_length=10, choices=Incoming.choices, default=Incoming.LISTENER)
    sign_in = models.CharField(_("signing in"), max_length=10, choices=SignIn.choices, default=SignIn.PASSWORD)
    imap_host = models.CharField(_("server"), max_length=200, blank=True, default="")
    imap_port = models.PositiveIntegerField(_("port"), default=993)
    imap_security = models.CharField(_("encryption"), max_length=10, choices=Security.choices, default=Security.TLS)
    imap_user = models.CharField(_("user name"), max_length=200, blank=True, default="")
    imap_sealed = models.TextField(blank=True, default="")
    imap_folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    imap_move_to = models.CharField(_("move handled mail to"), max_length=200, blank=True, default="")
    imap_uidvalidity = models.BigIntegerField(null=True)
    imap_last_uid = models.BigIntegerField(default=0)
    pop_host = models.CharField(_("server"), max_length=200, blank=True, default="")
    pop_port = models.PositiveIntegerField(_("port"), default=995)
    pop_security = models.CharField(_("encryption"), max_length=10, choices=Security.choices, default=Security.TLS)
    pop_user = models.CharField(_("user name"), max_length=200, blank=True, default="")
    pop_sealed = models.TextField(blank=True, default="")
    pop_deletes = models.BooleanField(_("delete handled mail on the server"), default=False)
    pop_begun = models.BooleanField(default=False, help_text="its first list has been read")
    hook_provider = models.CharField(
        _("mail provider"), max_length=10, choices=HookProvider.choices, default=HookProvider.MAILGUN
    )
    hook_key = models.CharField(max_length=64, null=True, unique=True, help_text="stands in the address of the hook")
    hook_sealed = models.TextField(blank=True, default="")
    smtp_host = models.CharField(_("server"), max_length=200, blank=True, default="")
    smtp_port = models.PositiveIntegerField(_("port"), default=587)
    smtp_security = models.CharField(
        _("encryption"), max_length=10, choices=Security.choices, default=Security.STARTTLS
    )
    smtp_user = models.CharField(_("user name"), max_length=200, blank=True, default="")
    smtp_sealed = models.TextField(blank=True, default="")
    quiet_hours = models.PositiveSmallIntegerField(_("hours without mail that are unusual"), null=True, blank=True)
    fetched_at = models.DateTimeField(null=True)
    # The process that fetches it just now, until its lease is over (leases.py).
    fetcher = models.CharField(max_length=60, blank=True, default="")
    fetcher_until = models.DateTimeField(null=True)
    fault = models.CharField(max_length=500, blank=True, default="")
    fault_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["address"]
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.address

    @property
    def is_fetched(self) -> bool:
        """Whether Tresen goes and gets its mail."""
        return self.incoming in FETCHED

    def set_password(self, way: str, plain: str) -> None:
        """Seals the secret of `imap`, `pop`, `smtp` (for its host) or `hook` (for its provider): for another it does
        not open (S46)."""
        setattr(self, f"{way}_sealed", seal(plain, place=self._place(way)) if plain else "")

    def password(self, way: str) -> str:
        """The secret of `imap`, `pop`, `smtp` or `hook`. Raises crypto.SealBroken when host or key changed."""
        sealed = getattr(self, f"{way}_sealed")
        return open_seal(sealed, place=self._place(way)) if sealed else ""

    def _place(self, way: str) -> str:
        whom = self.hook_provider if way == "hook" else getattr(self, f"{way}_host").lower()
        return f"mailbox:{way}:{whom}"


class Outcome(models.TextChoices):
    """What became of a received mail; each is in exactly one (safety decision 1)."""

    RECEIVED = "received", _("waits to be read")
    NEW = "new", _("new ticket")
    REPLY = "reply", _("on its ticket")
    HELD = "held", _("held on a ticket")
    AUTOMATIC = "automatic", _("automatic, filed quietly")
    OWN = "own", _("our own mail coming back")
    DUPLICATE = "duplicate", _("the same mail again")
    SUSPENDED = "suspended", _("set aside: more than the limits allow")
    QUARANTINED = "quarantined", _("could not be read")


class RawMail(models.Model):
    """A mail exactly as it came, with where it came from and what became of it. Written before it is accepted."""

    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="mails")
    source = models.CharField(max_length=10, help_text="smtp, lmtp, imap, pop, hook, pipe")
    envelope_from = models.CharField(max_length=320, blank=True, default="")
    envelope_to = models.CharField(max_length=320, blank=True, default="")
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    raw = models.BinaryField(help_text="zlib")
    size = models.BigIntegerField(help_text="bytes, not compressed")
    sha256 = models.CharField(max_length=64, help_text="of the bytes as they came")
    received_at = models.DateTimeField()
    # Known once it has been read:
    header_id = models.CharField(max_length=998, blank=True, default="")
    duplicate_key = models.CharField(max_length=64, null=True, help_text="mailbox, Message-ID and content, hashed")
    subject = models.CharField(max_length=300, blank=True, default="")
    sender = models.CharField(max_length=320, blank=True, default="")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.RECEIVED)
    reason = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="raw_mails")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="raw_mails")
    handled_at = models.DateTimeField(null=True)
    # Somebody deleted what waited here; the outcome stays what it was, so that the ledger closes.
    discarded_at = models.DateTimeField(null=True)
    discarded_by = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], name="one_row_a_uid"),
            models.UniqueConstraint(
                fields=["duplicate_key"], name="one_first_of_a_duplicate", condition=Q(duplicate_key__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["outcome", "-id"], name="mails_by_outcome"),
            # Covers the sum of a period, so that counting does not read the mails themselves.
            models.Index(fields=["received_at", "mailbox", "outcome", "discarded_at"], name="mails_of_the_ledger"),
        ]


class OutboxState(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    DEFERRED = "deferred", _("will be tried again")
    FAILED = "failed", _("could not be sent")
    BOUNCED = "bounced", _("came back")


class OutboxKind(models.TextChoices):
    REPLY = "reply", _("reply")
    ACKNOWLEDGEMENT = "ack", _("confirmation of receipt")
    SIDE = "side", _("message to a partner")
    SURVEY = "survey", _("survey")


class Outbox(models.Model):
    """A mail that is to leave. It is composed when it is sent; its Message-ID is fixed here, for every try."""

    kind = models.CharField(max_length=10, choices=OutboxKind.choices)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="outgoing")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="outgoing")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="outgoing")
    header_id = models.CharField(max_length=255, unique=True)
    recipients = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64, blank=True, default="", help_text="of the text, set when sent")
    state = models.CharField(max_length=10, choices=OutboxState.choices, default=OutboxState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True, default="")
    # Who still has to get it when it left for some only; empty: everybody.
    remaining = models.JSONField(default=list)
    # Whose server has said that it is in the mailbox (RFC 3464, action "delivered"), folded.
    reached = models.JSONField(default=list)
    # For whom it came back, in words: said also while others still have to get it.
    returned = models.JSONField(default=list)
    subject = models.CharField(max_length=400, blank=True, default="", help_text="as it left, set at the first try")
    created_at = models.DateTimeField()
    # From when the five days of trying count, after an agent asked for another try.
    requeued_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # Since when a job is handing it over; that job lives as long as its lease.
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-id"], name="outbox_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(kind=OutboxKind.ACKNOWLEDGEMENT), name="one_acknowledgement_a_ticket"
            ),
            models.UniqueConstraint(fields=["message"], condition=Q(kind=OutboxKind.REPLY), name="one_mail_a_reply"),
            models.UniqueConstraint(
                fields=["message"], condition=Q(kind=OutboxKind.SIDE), name="one_mail_to_a_partner"
            ),
        ]


class TextKind(models.TextChoices):
    """The words around a mail that a desk can write itself."""

    SENDER = "sender", _("sender’s name")
    SIGNATURE = "signature", _("signature")
    FOOTER = "footer", _("footer")
    ACKNOWLEDGEMENT = "ack", _("confirmation of receipt")


class MailText(models.Model):
    """One of them, for a brand or one of its teams, in one language. Where there is none the default counts."""

    kind = models.CharField(max_length=10, choices=TextKind.choices)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="mail_texts")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="mail_texts")
    language = models.CharField(max_length=5, choices=LANGUAGES)
    text = models.TextField(blank=True, default="", help_text="with {{names}}, see kit/placeholders.py")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "brand", "language"], condition=Q(team=None), name="one_mail_text_a_brand"
            ),
            models.UniqueConstraint(
                fields=["kind", "brand", "team", "language"], condition=Q(team__isnull=False),
                name="one_mail_text_a_team",
            ),
        ]  # fmt: skip


class BrandMail(models.Model):
    """How a brand's answers look; a brand without a row has the usual."""

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="mail_look")
    quotes_history = models.BooleanField(default=False)


class MessageReference(models.Model):
    """Message-IDs of mails that are on a ticket, as foreign programs know them: weak evidence for their answers."""

    header_id_hash = models.CharField(max_length=64)
    header_id = models.CharField(max_length=998)
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.CASCADE)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="references")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="references")
    # The ticket it was on before somebody said that it belongs elsewhere: answers in its thread follow it.
    moved_from = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["header_id_hash"], name="reference_lookup")]


class SigningKey(models.Model):
    """A key for Message-IDs and reply addresses. The newest signs; older ones still verify until they are retired."""

    key_id = models.CharField(max_length=4, primary_key=True)
    sealed = models.TextField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class DkimKey(models.Model):
    """The key with which mail of a domain is signed (RFC 6376). Its private half is sealed for that domain."""

    domain = models.CharField(max_length=253, unique=True)
    selector = models.CharField(max_length=40)
    sealed = models.TextField()
    public = models.TextField(help_text="SubjectPublicKeyInfo, base64, as in the DNS record")
    # Signs only once it is switched on: a signature without its record in DNS does more harm than none.
    is_active = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.domain

    @property
    def record_name(self) -> str:
        """Where the record belongs in DNS."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record_value(self) -> str:
        """What it says (RFC 6376, 3.6.1)."""
        return f"v=DKIM1; k=rsa; p={self.public}"


class Refusal(models.Model):
    """Mail refused at the door, counted a day and reason: it was never accepted, so it is not in the ledger."""

    day = models.DateField()
    reason = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "reason"], name="one_count_a_day_and_reason")]


class MailLimits(models.Model):
    """One row at most: how much mail is too much. What stands here is the default."""

    new_tickets_per_sender = models.PositiveIntegerField(
        _("new tickets from one sender in an hour"), default=20, validators=[MinValueValidator(1)]
    )
    sender_pause_minutes = models.PositiveIntegerField(
        _("then set aside for so many minutes"), default=60, validators=[MinValueValidator(1)]
    )
    new_senders_per_mailbox = models.PositiveIntegerField(
        _("new tickets from unknown senders, in an hour and mailbox"), default=1000, validators=[MinValueValidator(1)]
    )
    auto_unverified_per_hour = models.PositiveIntegerField(
        _("automatic mails to an unconfirmed address in an hour"), default=1
    )
    auto_verified_per_hour = models.PositiveIntegerField(
        _("automatic mails to a confirmed address in an hour"), default=3
    )
    auto_per_day = models.PositiveIntegerField(_("automatic mails to any address in a day"), default=10)
    auto_per_mailbox = models.PositiveIntegerField(_("automatic mails of one mailbox in an hour"), default=300)
    most_servers = models.PositiveIntegerField(
        _("servers that a mail may have passed"), default=50, validators=[MinValueValidator(10)]
    )


from tresen.channels.mail import image_models as _image_models  # noqa: E402, F401 - tables of this app

# More tables of this app, which know a mailbox by its name.
from tresen.channels.mail.inbound_models import FetchedByPop, HookReplay, MailboxTest, MailWatch  # noqa: E402, F401
from tresen.channels.mail.oauth import models as _oauth_models  # noqa: E402, F401
