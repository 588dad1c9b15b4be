"""Fetches mail by IMAP: by UID, stored before it is marked or moved, at once through IDLE (RFC 3501, RFC 2177)."""

from __future__ import annotations

import imaplib
import logging
import random
import re
import ssl
import threading

from django.db import close_old_connections, connections
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from tresen.channels.mail.models import Incoming, Mailbox, Security
from tresen.channels.mail.spool import MAX_MAIL_BYTES, store_mail, store_too_large
from tresen.kit import clock
from tresen.kit.crypto import SealBroken

log = logging.getLogger("tresen.fetcher")
IDLE_SECONDS = 60
LONGEST_PAUSE = 600
TIMEOUT_SECONDS = 60


def connect(mailbox: Mailbox) -> BaseMailBox:
    """Signed in, no folder chosen. Raises OSError, imaplib.error, ImapToolsError, SealBroken."""
    context = ssl.create_default_context()
    server: BaseMailBox
    if mailbox.imap_security == Security.TLS:
        server = MailBox(mailbox.imap_host, mailbox.imap_port, timeout=TIMEOUT_SECONDS, ssl_context=context)
    elif mailbox.imap_security == Security.STARTTLS:
        server = MailBoxStartTls(mailbox.imap_host, mailbox.imap_port, timeout=TIMEOUT_SECONDS, ssl_context=context)
    else:
        server = MailBoxUnencrypted(mailbox.imap_host, mailbox.imap_port, timeout=TIMEOUT_SECONDS)
    server.login(mailbox.imap_user, mailbox.password("imap"), initial_folder=None)
    return server


class FetchFailed(Exception):
    """The server did not give what it should; nothing of the folder was skipped."""


def fetch_new(mailbox: Mailbox, server: BaseMailBox) -> int:
    """Stores every new mail of the folder, then marks or moves it; how many.

    New is what lies behind the last UID we have. The first time, and after a change of UIDVALIDITY, it is what is
    unseen; what was in the folder before and read by somebody is never taken for new. Raises FetchFailed.
    """
    mailbox.fault = ""
    server.folder.set(mailbox.imap_folder)
    state = server.folder.status(mailbox.imap_folder, ["UIDVALIDITY", "UIDNEXT"])
    validity, last = int(state["UIDVALIDITY"]), int(state["UIDNEXT"]) - 1
    count = 0
    if mailbox.imap_uidvalidity == validity:
        # `n:*` names the last mail even when its UID is below n.
        behind = server.uids(f"UID {mailbox.imap_last_uid + 1}:*")
        for uid in sorted(uid for uid in map(int, behind) if uid > mailbox.imap_last_uid):
            count += _fetch_one(mailbox, server, uid, validity)
            _remember(mailbox, validity, uid)
    else:
        for uid in sorted(map(int, server.uids("UNSEEN"))):
            count += _fetch_one(mailbox, server, uid, validity)
        _remember(mailbox, validity, last)
    said = {} if mailbox.fault else {"fault": "", "fault_at": None}
    Mailbox.objects.filter(pk=mailbox.pk).update(fetched_at=clock.now(), **said)
    return count


def _remember(mailbox: Mailbox, validity: int, uid: int) -> None:
    mailbox.imap_uidvalidity, mailbox.imap_last_uid = validity, uid
    Mailbox.objects.filter(pk=mailbox.pk).update(imap_uidvalidity=validity, imap_last_uid=uid)


def _fetch_one(mailbox: Mailbox, server: BaseMailBox, uid: int, validity: int) -> int:
    """Stores one mail and only then touches it on the server; 1 for a new one, 0 for one that we had."""
    size = _size_of(server, uid)
    if size is None:
        return 0
    if size > MAX_MAIL_BYTES:
        head = _part(server, uid, "BODY.PEEK[HEADER]")
        stored: object = store_too_large(head, size=size, mailbox=mailbox, uidvalidity=validity, uid=uid)
    else:
        raw = _part(server, uid, "BODY.PEEK[]")
        stored = store_mail(raw, mailbox=mailbox, source="imap", envelope_to=mailbox.address, uidvalidity=validity,
                            uid=uid)  # fmt: skip
    try:
        if mailbox.imap_move_to:
            server.move([str(uid)], mailbox.imap_move_to)
        else:
            server.flag([str(uid)], MailMessageFlags.SEEN, True)
    except (ImapToolsError, imaplib.IMAP4.error) as fault:
        # The mail is safe with us; that it could not be put away is said, and does not hold up the others.
        _note_fault(mailbox, fault)
    return 1 if stored else 0


def _size_of(server: BaseMailBox, uid: int) -> int | None:
    """Bytes of a mail by the server's word (RFC822.SIZE); None when it is no longer there."""
    status, parts = server.client.uid("fetch", str(uid), "(RFC822.SIZE)")
    if status != "OK":
        raise FetchFailed(f"UID {uid}: {status} {parts!r}"[:300])
    found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(p for p in parts if isinstance(p, bytes)))
    return int(found.group(1)) if found else None


def _part(server: BaseMailBox, uid: int, name: str) -> bytes:
    status, parts = server.client.uid("fetch", str(uid), f"({name})")
    found = [bytes(part[1]) for part in parts if isinstance(part, tuple)]
    if status != "OK" or not found:
        raise FetchFailed(f"UID {uid}: {status} without the mail")
    return found[0]


FAULTS = (OSError, ImapToolsError, SealBroken, imaplib.IMAP4.error, FetchFailed)


class MailboxWatcher(threading.Thread):
    """Keeps one mailbox: fetches, waits by IDLE, comes back after faults with growing pauses and jitter."""

    def __init__(self, mailbox_id: int, stopping: threading.Event) -> None:
        super().__init__(name=f"imap-{mailbox_id}", daemon=True)
        self.mailbox_id, self.stopping = mailbox_id, stopping
        self.leaving = threading.Event()

    def run(self) -> None:
        faults = 0
        while not self._ends():
            close_old_connections()
            mailbox = Mailbox.objects.filter(pk=self.mailbox_id, is_active=True, incoming=Incoming.IMAP).first()
            if mailbox is None:
                break
            try:
                with connect(mailbox) as server:
                    faults = 0
                    self._watch(mailbox, server)
            except FAULTS as fault:
                faults += 1
                pause = min(5 * 2**faults, LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311
                _note_fault(mailbox, fault)
                self.stopping.wait(pause)
        connections.close_all()

    def _ends(self) -> bool:
        return self.stopping.is_set() or self.leaving.is_set()

    def _watch(self, mailbox: Mailbox, server: BaseMailBox) -> None:
        can_idle = "IDLE" in server.client.capabilities
        ways = _ways(mailbox)
        while not self._ends():
            close_old_connections()
            fresh = Mailbox.objects.filter(pk=mailbox.pk, is_active=True, incoming=Incoming.IMAP).first()
            if fresh is None or _ways(fresh) != ways:
                return  # the settings have changed: another connection, or none
            fetch_new(fresh, server)
            if can_idle:
                with server.idle as idle:
                    for _ in range(IDLE_SECONDS // 2):
                        if self._ends() or idle.poll(timeout=2):
                            break
            else:
                self.stopping.wait(IDLE_SECONDS)


def _ways(mailbox: Mailbox) -> tuple[object, ...]:
    """Everything a connection depends on."""
    return (mailbox.imap_host, mailbox.imap_port, mailbox.imap_security, mailbox.imap_user, mailbox.imap_sealed,
            mailbox.imap_folder, mailbox.imap_move_to)  # fmt: skip


def _note_fault(mailbox: Mailbox, fault: Exception) -> None:
    mailbox.fault = words = f"{type(fault).__name__}: {fault}"[:500]
    log.warning("mailbox %s: %s", mailbox.address, words)
    Mailbox.objects.filter(pk=mailbox.pk).update(fault=words, fault_at=clock.now())


class Fetcher:
    """All IMAP mailboxes of the desk; follows the settings without a restart."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.watchers: dict[int, MailboxWatcher] = {}

    def follow_settings(self) -> None:
        """Starts watchers for new mailboxes and lets those end whose mailbox changed its ways."""
        close_old_connections()
        wanted = set(Mailbox.objects.filter(is_active=True, incoming=Incoming.IMAP).values_list("pk", flat=True))
        for pk, watcher in list(self.watchers.items()):
            if pk not in wanted:
                watcher.leaving.set()
            if not watcher.is_alive():
                del self.watchers[pk]
        for pk in wanted - self.watchers.keys():
            self.watchers[pk] = MailboxWatcher(pk, self.stopping)
            self.watchers[pk].start()

    def stop(self) -> None:
        """Ends all watchers within a few seconds."""
        self.stopping.set()
        for watcher in self.watchers.values():
            watcher.join(timeout=5)


def fetch_all() -> dict[str, int | str]:
    """Polls every IMAP mailbox once; {address: how many mails, or what went wrong}."""
    results: dict[str, int | str] = {}
    for mailbox in Mailbox.objects.filter(is_active=True, incoming=Incoming.IMAP):
        try:
            with connect(mailbox) as server:
                results[mailbox.address] = fetch_new(mailbox, server)
        except FAULTS as fault:
            _note_fault(mailbox, fault)
            results[mailbox.address] = f"{type(fault).__name__}: {fault}"
    return results
