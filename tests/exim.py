"""The outside's mail server as met in the wild: a real Exim on loopback that keeps, refuses, puts off and reports.

`carol@…` gets her mail; `unknown@…` is refused at the door; `gone@…` is taken and comes back; `grey@…` is put off until
`let_in()`. What became of a mail is reported (RFC 3464) to the port `reports_to` where that was asked for (RFC 3461).
"""

from __future__ import annotations

import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
from pathlib import Path

from tests.outside import free_port, wait_for
from tests.postgres import die_with_parent

CONFIGURATION = """
primary_hostname = mx.shop.example
spool_directory = FOLDER/spool
log_file_path = FOLDER/log/%slog
pid_file_path = FOLDER/spool/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = OWN_PORT
deliver_drop_privilege = true
keep_environment =
tls_advertise_hosts =
dsn_advertise_hosts = *
host_lookup =
rfc1413_query_timeout = 0s
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny local_parts = unknown
       message = no such user here
  defer local_parts = grey
       condition = ${if exists{FOLDER/open}{no}{yes}}
       message = greylisted, come again
  accept
begin routers
gone:
  driver = redirect
  local_parts = gone
  allow_fail
  data = :fail: mailbox is gone
inbox:
  driver = accept
  domains = shop.example
  transport = keep
back:
  driver = manualroute
  domains = *
  route_list = * 127.0.0.1
  self = send
  transport = back
begin transports
keep:
  driver = appendfile
  directory = FOLDER/mail
  maildir_format = true
  create_directory = true
back:
  driver = smtp
  port = REPORT_PORT
  allow_localhost = true
begin retry
* * F,1h,1s
"""


class Exim:
    """One server with its own folder; its accounts are those of shop.example."""

    def __init__(self, program: str, *, reports_to: int) -> None:
        """Start it on a free loopback port."""
        self.program = program
        self.folder = Path(tempfile.mkdtemp(prefix="tresen-smtp-"))
        self.port = free_port()
        self.account = pwd.getpwnam("Debian-exim") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        for name in ("spool", "log", "mail"):
            (self.folder / name).mkdir()
        (self.folder / "exim.conf").write_text(
            CONFIGURATION.replace("FOLDER", str(self.folder))
            .replace("OWN_PORT", str(self.port))
            .replace("REPORT_PORT", str(reports_to))
        )
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, self.account.pw_uid, self.account.pw_gid)
        self.process: subprocess.Popen[bytes] | None = None
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        """What TRESEN_SMTP_URL takes to send here."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Runs it (again); comes back when it answers."""
        command = [self.program, "-C", str(self.folder / "exim.conf"), "-bdf", "-q1s"]
        who = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent(), **(who if os.geteuid() == 0 else {}),
        )  # fmt: skip
        wait_for(self._answers, what="the SMTP server")

    def kill(self) -> None:
        """As the power supply does it."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def let_in(self) -> None:
        """The greylist has waited long enough."""
        (self.folder / "open").touch()

    def mails(self) -> list[bytes]:
        """What lies in the mailboxes."""
        return [path.read_bytes() for path in sorted((self.folder / "mail").glob("new/*"))]

    def log(self) -> str:
        """What it says of itself."""
        return "\n".join(path.read_text() for path in (self.folder / "log").iterdir())

    def stop(self) -> None:
        """End it and remove its folder. May be called twice."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise AssertionError(f"exim ended: {self.log()}")
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=2) as server:
                return server.ehlo()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False
