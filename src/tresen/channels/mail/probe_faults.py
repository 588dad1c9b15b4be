"""What a step of the test found, in words that say what to do; and which fault is which."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import socket
import ssl
from typing import Any

from django.utils.translation import gettext as _
from imap_tools.errors import ImapToolsError, MailboxStarttlsError

from tresen.channels.mail.oauth.tokens import ProviderAway, SignInNeeded
from tresen.kit.crypto import SealBroken

FAULTS = (OSError, imaplib.IMAP4.error, ImapToolsError, poplib.error_proto, smtplib.SMTPException, SealBroken)
# Of OpenSSL (X509_V_ERR_…).
CERTIFICATE_FAULTS = {
    9: "too_early", 10: "expired", 18: "self_signed", 19: "self_signed", 20: "unknown_issuer", 21: "unknown_issuer",
    62: "other_name", 64: "other_name",
}  # fmt: skip


class NoFolder(ImapToolsError):
    """The folder is not on the server; it has `names`."""

    def __init__(self, wanted: str, names: list[str]) -> None:
        super().__init__(wanted)
        self.wanted, self.names = wanted, names


def name_fault(fault: Exception) -> tuple[str, dict[str, Any]]:
    """The code of a fault, for `words_for`, and what belongs to it."""
    if isinstance(fault, NoFolder):
        return "no_folder", {"name": fault.wanted, "names": ", ".join(fault.names[:20])}
    if isinstance(fault, ssl.SSLCertVerificationError):
        return CERTIFICATE_FAULTS.get(fault.verify_code, "not_trusted"), {}
    for kind, code in KINDS:
        if isinstance(fault, kind):
            return code, {}
    if isinstance(fault, imaplib.IMAP4.error | poplib.error_proto) and "TLS" in str(fault).upper():
        return "no_starttls", {}
    if _speaks_otherwise(fault):
        return "other_protocol", {}
    if isinstance(fault, imaplib.IMAP4.abort):  # it hung up
        return "failed", {}
    if isinstance(fault, smtplib.SMTPAuthenticationError | imaplib.IMAP4.error | ImapToolsError | poplib.error_proto):
        return "wrong_login", {}
    return "failed", {}


def _speaks_otherwise(fault: Exception) -> bool:
    """Its first words are none of the protocol: an SMTP server at the port for IMAP, for example."""
    if isinstance(fault, imaplib.IMAP4.abort):
        return str(fault).startswith("unexpected response")
    if isinstance(fault, poplib.error_proto):
        return not str(fault).removeprefix("b").lstrip("'\"").startswith("-ERR")
    return isinstance(fault, smtplib.SMTPConnectError) and fault.smtp_code < 0


KINDS: list[tuple[type[Exception], str]] = [
    (SealBroken, "seal"),
    (SignInNeeded, "sign_in_needed"),
    (ProviderAway, "provider_away"),
    (socket.gaierror, "no_such_name"),
    (ConnectionRefusedError, "refused"),
    (ConnectionAbortedError, "no_listener"),
    (TimeoutError, "no_answer"),
    (ssl.SSLError, "no_tls"),
    (MailboxStarttlsError, "no_starttls"),
    (smtplib.SMTPNotSupportedError, "no_starttls"),
    (smtplib.SMTPSenderRefused, "not_sent"),
]


def step_name(key: str) -> str:
    """What a step is called."""
    side, _sep, what = key.partition(":")
    incoming = side == "in"
    return {
        "name": _("Name of the server") if incoming else _("Name of the outgoing server"),
        "port": _("Port") if incoming else _("Port of the outgoing server"),
        "encryption": _("Encryption and certificate"),
        "sign_in": _("Sign-in") if incoming else _("Sign-in at the outgoing server"),
        "folder": _("Folder"),
        "listener": _("Mail listener"),
        "sending": _("Sending"),
    }[what]


def words_for(code: str, values: dict[str, Any]) -> str:
    """What was found, in one or two sentences of the language that is active."""
    return {
        "waits": _("Waits for the step above."),
        "found": _("%(host)s is %(addresses)s."),
        "reached": _("Somebody answers at port %(port)s."),
        "plain": _("None, as set: for this machine only."),
        "offered": _("Encrypted where the server offers it."),
        "encrypted": _("%(version)s; the certificate is valid until %(until)s."),
        "signed_in": _("as %(user)s"),
        "signed_in_pop": _("as %(user)s; mails there: %(count)s"),
        "folders": _("“%(folder)s” is there."),
        "listens": _("It is running, at %(place)s."),
        "accepted": _("It accepts our connection."),
        "sends": _("It would take mail from %(address)s. Nothing was sent."),
        "no_folder": _("There is no folder “%(name)s”; the server has: %(names)s"),
        "seal": _("The stored password cannot be used for this server; please enter it again."),
        "sign_in_needed": _("The provider does not let us in. Sign this mailbox in (anew)."),
        "provider_away": _("The provider cannot be asked just now. Try again in a minute."),
        "no_such_name": _("No server has this name; please check how it is written."),
        "refused": _("The server is there but nothing answers at this port."),
        "no_listener": _("The mail listener gives no sign of life. Start “tresen listen”."),
        "no_answer": _("The server does not answer. The port may be wrong, or a firewall stands between."),
        "no_tls": _("This port does not speak TLS. Perhaps STARTTLS is right here, or another port."),
        "no_starttls": _("The server does not offer STARTTLS at this port. Perhaps TLS from the start is right."),
        "too_early": _("The server’s certificate is not valid yet. Is the clock of this machine right?"),
        "expired": _("The server’s certificate has expired. Whoever runs the server must renew it."),
        "self_signed": _("The server vouches for itself: its certificate is self-signed. Nobody we trust signed it."),
        "unknown_issuer": _("We do not know who signed the server’s certificate; part of its chain may be missing."),
        "other_name": _("The certificate is for another name. Enter the server’s name as its provider writes it."),
        "not_trusted": _("The server’s certificate cannot be trusted."),
        "not_sent": _("The server does not take mail from this address."),
        "other_protocol": _("Something else answers at this port. IMAP, POP3 and SMTP each have a port of their own."),
        "wrong_login": _("The server does not accept this user name and password."),
        "failed": _("The connection failed."),
    }[code] % values  # fmt: skip
