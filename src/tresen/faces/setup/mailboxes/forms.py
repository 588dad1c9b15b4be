"""Mailboxes: the address, what becomes of its mail, how it comes in and goes out."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.channels.mail.mailboxes import PasswordNeeded, Unencrypted
from tresen.channels.mail.models import HookProvider, Incoming, Mailbox, Security, SignIn
from tresen.channels.mail.way_out import NotYourWayOut
from tresen.core.people.form_fields import LanguageField
from tresen.core.people.models import Brand, Team
from tresen.faces.setup.agents.forms import plain_address
from tresen.faces.setup.saving import MarkedForm

# More than the name of a server: an address of the web, a port behind it, blanks.
NO_NAME = re.compile(r"[\s/@]|^[^:]*:\d+$")
OFF = {"autocomplete": "off", "spellcheck": "false"}
WAYS = ("imap", "pop", "smtp")
KEEPING = (*WAYS, "hook")
SECRETS = tuple(f"{way}_password" for way in KEEPING)
USUAL = ("sign_in", "hook_provider", *(f"{way}_{what}" for way in WAYS for what in ("port", "security")))
# What fetching needs, by the way in.
NEEDED = {Incoming.IMAP: ("imap_host", "imap_user", "imap_folder"), Incoming.POP: ("pop_host", "pop_user")}


def way_out_words() -> str:
    """Why whoever is no administrator cannot do that."""
    return _(
        "Mail about accounts, such as links for new passwords, would leave by another server or account"
        " then. Only an administrator can change that."
    )


def _host(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, required=False, widget=forms.TextInput(attrs=OFF), **more)


def _switch(label: Any, help_text: Any, *, initial: bool = False) -> forms.BooleanField:
    switch = forms.CheckboxInput(attrs={"role": "switch"})
    return forms.BooleanField(label=label, required=False, initial=initial, widget=switch, help_text=help_text)


def _port(initial: int) -> forms.IntegerField:
    return forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65535, initial=initial, required=False)


def _security(initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Encryption"), choices=Security.choices, initial=initial)


def _password() -> forms.CharField:
    # render_value stays off: a password that was stored never leaves the server again (S46).
    return forms.CharField(
        label=gettext_lazy("Password"), max_length=500, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


def _filled_up(data: QueryDict) -> QueryDict:
    """What a page of an older release, or a script, did not send about a way that is not used."""
    filled = data.copy()
    for name in USUAL:
        if name not in filled:
            filled[name] = str(MailboxForm.base_fields[name].initial)
    return filled


class MailboxForm(MarkedForm):
    """Everything of a mailbox. Passwords go in and never come out."""

    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=254, validators=[plain_address], widget=forms.EmailInput(attrs=OFF)
    )
    name = forms.CharField(
        label=gettext_lazy("Sender’s name"), max_length=80, required=False,
        help_text=gettext_lazy("What customers read before the address; else the name of the brand."),
    )  # fmt: skip
    brand = forms.ModelChoiceField(Brand.objects.none(), label=gettext_lazy("Brand"))
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("New tickets go to"), required=False,
        empty_label=gettext_lazy("no team: everybody sees them"),
    )  # fmt: skip
    language = LanguageField(help_text=gettext_lazy("For automatic mail, until we know the customer’s language."))
    acknowledges = forms.BooleanField(
        label=gettext_lazy("Confirm new requests by mail"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("With the number and a personal link, at most once an hour to an address."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True, widget=forms.CheckboxInput(attrs={"role": "switch"})
    )
    incoming = forms.ChoiceField(
        label=gettext_lazy("How mail comes in"), choices=Incoming.choices, initial=Incoming.LISTENER,
        widget=forms.RadioSelect,
    )  # fmt: skip
    sign_in = forms.ChoiceField(
        label=gettext_lazy("How Tresen signs in"), choices=SignIn.choices, initial=SignIn.PASSWORD,
        help_text=gettext_lazy(
            "Microsoft 365 and Google no longer take passwords. With them servers and ports need not be filled in:"
            " save, then sign the account in on the next page."
        ),
    )  # fmt: skip
    imap_host = _host(gettext_lazy("Server"))
    imap_port = _port(993)
    imap_security = _security(Security.TLS)
    imap_user = _host(gettext_lazy("User name"))
    imap_password = _password()
    imap_folder = _host(gettext_lazy("Folder"), initial="INBOX")
    imap_move_to = _host(
        gettext_lazy("Move handled mail to"), help_text=gettext_lazy("Empty: it stays where it is, marked as read.")
    )
    pop_host = _host(gettext_lazy("Server"))
    pop_port = _port(995)
    pop_security = _security(Security.TLS)
    pop_user = _host(gettext_lazy("User name"))
    pop_password = _password()
    pop_deletes = forms.BooleanField(
        label=gettext_lazy("Delete handled mail on the server"), required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy(
            "Once it is safely stored. On: all that lies there is taken in. Off: what lies there at the first look is"
            " left alone, and what comes after it is taken in and stays."
        ),
    )  # fmt: skip
    hook_provider = forms.ChoiceField(
        label=gettext_lazy("Mail provider"), choices=HookProvider.choices, initial=HookProvider.MAILGUN
    )
    hook_password = forms.CharField(
        label=gettext_lazy("What the provider signs with"), max_length=1000, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "Mailgun: the HTTP webhook signing key. SendGrid: the public key of the signed webhook. Postmark:"
            " user:password as they stand in the address of the webhook. Amazon SES: the ARN of the SNS topic."
            " Mandrill: the key of the webhook. Standard Webhooks: the secret (whsec_…)."
        ),
    )  # fmt: skip
    authserv_id = forms.CharField(
        label=gettext_lazy("Name of your mail server in Authentication-Results"), max_length=120, required=False,
        help_text=gettext_lazy("Only what this server writes about a sender is believed. Empty: nothing is."),
        widget=forms.TextInput(attrs=OFF),
    )  # fmt: skip
    is_strict = _switch(
        gettext_lazy("Ask for proof when a mail only names its ticket"),
        gettext_lazy("A customer’s mail with no more than the number in its subject, or an old thread, then waits for "
                     "an agent unless your mail server confirms the sender."),
    )  # fmt: skip
    colleagues_join = _switch(
        gettext_lazy("Colleagues of a customer may answer on his tickets"),
        gettext_lazy("Somebody of the same organisation who has our mail in hand joins under his own name. Off: an "
                     "agent accepts it first."),
    )  # fmt: skip
    takes_forwards = _switch(
        gettext_lazy("Mail that a colleague of yours forwards becomes the customer’s ticket"),
        gettext_lazy("Only when your mail server confirms that the colleague sent it."), initial=True,
    )  # fmt: skip
    checks_dkim = _switch(
        gettext_lazy("Check the senders’ signatures ourselves (DKIM)"),
        gettext_lazy("For mail servers that write no results. Asks DNS for at most three seconds; without an answer "
                     "nothing is proven."),
    )  # fmt: skip
    keeps_machines = _switch(
        gettext_lazy("Mail of machines becomes tickets"),
        gettext_lazy("For alarms and forms that say of themselves that they are automatic. Nothing is ever answered."),
    )  # fmt: skip
    quiet_hours = forms.IntegerField(
        label=gettext_lazy("Hours without mail that are unusual"), min_value=1, max_value=720, required=False,
        help_text=gettext_lazy(
            "When that long nothing has come, administrators get a mail. Empty: silence is nothing special here."
        ),
    )  # fmt: skip
    smtp_host = _host(
        gettext_lazy("Server"), help_text=gettext_lazy("Empty: the server of the installation (TRESEN_SMTP_URL).")
    )
    smtp_port = _port(587)
    smtp_security = _security(Security.STARTTLS)
    smtp_user = _host(gettext_lazy("User name"))
    smtp_password = _password()

    def __init__(self, data: QueryDict | None = None, *, mailbox: Mailbox | None = None, **kwargs: Any) -> None:
        super().__init__(_filled_up(data) if data is not None else None, **kwargs)
        for name, model in (("brand", Brand), ("team", Team)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            chosen = Q(is_active=True) | Q(pk=getattr(mailbox, f"{name}_id", None))
            field.queryset = model._default_manager.filter(chosen).order_by("name")
        self.has_secret = bool(mailbox and mailbox.hook_sealed)
        if mailbox is None:
            return
        for way in KEEPING:
            if getattr(mailbox, f"{way}_sealed"):
                self.fields[f"{way}_password"].help_text = gettext_lazy("One is stored. Type only to replace it.")

    def clean(self) -> dict[str, Any]:
        """Fetching needs a server, a user and a folder."""
        cleaned: dict[str, Any] = super().clean() or {}
        by_password = cleaned.get("sign_in") == SignIn.PASSWORD
        for name in NEEDED.get(cleaned.get("incoming", ""), ()) if by_password else ():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Fetching mail needs this."))
        for name in (f"{way}_host" for way in WAYS):
            if NO_NAME.search(cleaned.get(name) or ""):
                self.add_error(name, _("The name of the server alone, such as mail.example.com."))
        if cleaned.get("incoming") == Incoming.HOOK and not (self.has_secret or cleaned.get("hook_password")):
            self.add_error("hook_password", _("Without it nobody could tell the provider’s calls from a stranger’s."))
        cleaned["imap_folder"] = cleaned.get("imap_folder") or "INBOX"
        return cleaned

    def passwords(self) -> dict[str, str]:
        """The passwords that were typed, by way."""
        return {way: str(self.cleaned_data.get(f"{way}_password", "")) for way in KEEPING}

    def explain(self, fault: Exception) -> None:
        """Puts a refusal of the service into words, at the field that can mend it."""
        if isinstance(fault, PasswordNeeded):
            told = _("Enter the password again: the stored one is for the server it was entered for.")
            self.add_error(f"{fault.way}_password", told)
        elif isinstance(fault, Unencrypted):
            told = _("Without encryption the password could be read on the way. That is for this machine only.")
            self.add_error(f"{fault.way}_security", told)
        elif isinstance(fault, NotYourWayOut):
            self.add_error(None, way_out_words())
        else:
            self.add_error("address", _("There is already a mailbox with this address."))
