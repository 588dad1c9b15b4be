"""Tests a mailbox step by step and says in words what is wrong."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from imap_tools.errors import ImapToolsError

from tresen.channels.mail.imap import connect
from tresen.channels.mail.models import Incoming, Mailbox
from tresen.channels.mail.transport import open_relay, relay_for
from tresen.kit.crypto import SealBroken

FAULTS = (OSError, imaplib.IMAP4.error, ImapToolsError, smtplib.SMTPException, SealBroken)


@dataclass(frozen=True)
class Step:
    """One step of the test: `ok` is None when it was not reached. `detail` is the server's own word."""

    name: str
    ok: bool | None
    words: str
    seconds: float = 0.0
    detail: str = ""


def probe(mailbox: Mailbox) -> list[Step]:
    """Server, sign-in and folders of the incoming side, then the outgoing server. Reads and sends nothing."""
    plan: list[tuple[str, Callable[[], str]]] = []
    if mailbox.incoming == Incoming.IMAP:
        plan += [
            (_("Server found"), lambda: _reach(mailbox.imap_host, mailbox.imap_port)),
            (_("Signed in, folders there"), lambda: _folders(mailbox)),
        ]
    if mailbox.smtp_host or settings.ENVIRONMENT.smtp_url:
        plan += [
            (_("Outgoing server found"), lambda: _reach_relay(mailbox)),
            (_("Outgoing server lets us in"), lambda: _let_in(mailbox)),
        ]
    return _walk(plan)


def _walk(plan: list[tuple[str, Callable[[], str]]]) -> list[Step]:
    steps: list[Step] = []
    for name, act in plan:
        if any(step.ok is False for step in steps):
            steps.append(Step(name, None, _("Waits for the step above.")))
            continue
        begun = time.monotonic()
        try:
            steps.append(Step(name, True, act(), time.monotonic() - begun))
        except FAULTS as fault:
            steps.append(Step(name, False, _say(fault), time.monotonic() - begun, str(fault)[:300]))
    return steps


def _reach(host: str, port: int) -> str:
    with socket.create_connection((host, port), timeout=10):
        return _("%(host)s, port %(port)s") % {"host": host, "port": port}


def _reach_relay(mailbox: Mailbox) -> str:
    relay = relay_for(mailbox)
    return _reach(relay.host, relay.port) if relay else ""


def _folders(mailbox: Mailbox) -> str:
    with connect(mailbox) as server:
        names = [folder.name for folder in server.folder.list()]
        for wanted in filter(None, (mailbox.imap_folder, mailbox.imap_move_to)):
            if wanted not in names:
                raise NoFolder(wanted, names)
    return _("as %(user)s, with the stored password") % {"user": mailbox.imap_user}


def _let_in(mailbox: Mailbox) -> str:
    relay = relay_for(mailbox)
    if relay is None:
        return ""
    with open_relay(relay) as server:
        server.noop()
    return _("It accepts our connection.")


class NoFolder(ImapToolsError):
    """The folder is not on the server; it has `names`."""

    def __init__(self, wanted: str, names: list[str]) -> None:
        super().__init__(wanted)
        self.wanted, self.names = wanted, names


def _say(fault: Exception) -> str:
    if isinstance(fault, NoFolder):
        names = ", ".join(fault.names[:20])
        return _("There is no folder “%(name)s”; the server has: %(names)s") % {"name": fault.wanted, "names": names}
    if isinstance(fault, SealBroken):
        return _("The stored password cannot be used for this server; please enter it again.")
    if isinstance(fault, socket.gaierror):
        return _("No server has this name; please check how it is written.")
    if isinstance(fault, ConnectionRefusedError):
        return _("The server is there but nothing answers at this port.")
    if isinstance(fault, TimeoutError):
        return _("The server does not answer.")
    if isinstance(fault, smtplib.SMTPAuthenticationError | imaplib.IMAP4.error | ImapToolsError):
        return _("The server does not accept this user name and password.")
    return _("The connection failed.")
