"""The outside world on loopback: a mail server that takes what we send, and a real IMAP server we fetch from."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from imaplib import IMAP4
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    """A loopback port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], Any], *, seconds: float = 20, what: str = "it", every: float = 0.05) -> Any:
    """The first true value of `condition`, asked every `every` seconds. Fails by name when the time is over."""
    until = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > until:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(every)


@dataclass(frozen=True)
class Received:
    """One mail the outside took: its envelope, its bytes, and what they say."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        """The parsed mail."""
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        """Its plain text."""
        body = self.mail.get_body(("plain",))
        return str(body.get_content()) if body else ""


class Sink:
    """An SMTP server that keeps every mail it takes. `answer` may refuse: it gets the envelope and returns a reply."""

    def __init__(self) -> None:
        """Listen on a free loopback port."""
        self.mails: list[Received] = []
        self.answer: Callable[[Envelope], str] = lambda envelope: "250 OK"
        self._lock = threading.Lock()
        # A port of our choice instead of 0: the controller asks its own port once to see that it listens.
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), data_size_limit=None)
        self._controller.start()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by the server after each mail."""
        reply = self.answer(envelope)
        if reply.startswith("250"):
            content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
            with self._lock:
                self.mails.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return reply

    @property
    def url(self) -> str:
        """What TRESEN_SMTP_URL takes to send here."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._controller.port)

    def to(self, address: str) -> list[Received]:
        """The mails for one recipient, oldest first."""
        with self._lock:
            return [mail for mail in self.mails if address.lower() in [one.lower() for one in mail.recipients]]

    def wait(self, address: str, *, count: int = 1, seconds: float = 20) -> list[Received]:
        """The mails for one recipient once there are `count` of them."""
        what = f"{count} mails to {address}"
        return wait_for(lambda: len(self.to(address)) >= count and self.to(address), seconds=seconds, what=what)

    def stop(self) -> None:
        """End the server."""
        self._controller.stop()


def _runs(pid: str) -> bool:
    """Whether a process is there and more than the note of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


class Dovecot:
    """A real IMAP and POP3 server with its own folder; any user name works with the password `secret`."""

    password = "secret"

    def __init__(self, program: str, *, tokens_at: str = "") -> None:
        """Start it on free loopback ports. `tokens_at`: where tokens are looked up, if one may sign in by XOAUTH2."""
        self.tokens_at = tokens_at
        self.folder = Path(tempfile.mkdtemp(prefix="tresen-imap-"))
        self.port, self.pop_port = free_port(), free_port()
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        for name in ("run", "mail"):
            (self.folder / name).mkdir()
        if os.geteuid() == 0:
            self.folder.chmod(0o755)
            os.chown(self.folder / "mail", self.account.pw_uid, self.account.pw_gid)
        (self.folder / "dovecot.conf").write_text(self._configuration())
        (self.folder / "oauth2.conf").write_text(
            f"tokeninfo_url = {tokens_at}/look?access_token=\nusername_attribute = email\n"
        )
        self.program = program
        self._start()

    def _start(self) -> None:
        command = [self.program, "-F", "-c", str(self.folder / "dovecot.conf")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(self._answers, what="the IMAP server")
        except BaseException:
            self.stop()
            raise

    def kill(self) -> None:
        """`kill -9` for the server and all its children; every connection is cut, and nobody holds its sockets."""
        self.process.send_signal(signal.SIGSTOP)  # no child is born while they are counted
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.kill()
        self.process.wait()
        for pid in children:
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                continue
        wait_for(lambda: not any(map(_runs, children)), what="the end of the server's children")

    def restart(self) -> None:
        """Starts it again on the same ports with the same mail."""
        (self.folder / "run" / "master.pid").unlink(missing_ok=True)
        self._start()

    def deliver(self, user: str, raw: bytes, *, folder: str = "INBOX") -> None:
        """Put a mail into a user's mailbox, as the provider would."""
        with self.connect(user) as connection:
            status, detail = connection.append(folder, "", "", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            assert status == "OK", detail

    def connect(self, user: str) -> IMAP4:
        """A signed-in connection to look into a mailbox."""
        connection = IMAP4("127.0.0.1", self.port)
        connection.login(user, self.password)
        return connection

    def count(self, user: str, *, folder: str = "INBOX") -> int:
        """How many mails lie in a folder."""
        with self.connect(user) as connection:
            status, data = connection.select(folder, readonly=True)
            return int(data[0] or 0) if status == "OK" else 0

    def stop(self) -> None:
        """End the server and remove its folder. May be called twice."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            log = self.folder / "log"
            raise AssertionError(f"dovecot ended: {log.read_text() if log.exists() else 'without a word'}")
        try:
            IMAP4("127.0.0.1", self.port, timeout=2).shutdown()
        except OSError:
            return False
        return True

    def _configuration(self) -> str:
        user, group = self.account.pw_name, self.account.pw_gid
        return f"""
protocols = imap pop3
listen = 127.0.0.1
base_dir = {self.folder}/run
log_path = {self.folder}/log
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {_group_name(group)}
first_valid_uid = {self.account.pw_uid}
mail_uid = {self.account.pw_uid}
mail_gid = {group}
mail_location = maildir:{self.folder}/mail/%u
mail_max_userip_connections = 100
{self._oauth2()}
passdb {{
  driver = static
  args = password={self.password}
}}
userdb {{
  driver = static
  args = uid={self.account.pw_uid} gid={group} home={self.folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
{self._services()}
"""

    def _oauth2(self) -> str:
        if not self.tokens_at:
            return ""
        return f"""
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {self.folder}/oauth2.conf
}}
"""

    def _services(self) -> str:
        return f"""
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    address = 127.0.0.1
    port = {self.pop_port}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def _group_name(number: int) -> str:
    import grp

    return grp.getgrgid(number).gr_name
