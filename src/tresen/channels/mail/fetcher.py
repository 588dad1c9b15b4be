"""Fetches mail by IMAP: by UID, stored before it is marked or moved, at once through IDLE (RFC 3501, RFC 2177)."""

from __future__ import annotations

import imaplib
import logging
import random
import ssl
import threading
from collections.abc import Iterator

from django.db import close_old_connections, connections
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from tresen.channels.mail.models import Incoming, Mailbox, Security
from tresen.channels.mail.spool import MailTooLarge, count_refusal, store_mail
from tresen.kit import clock
from tresen.kit.crypto import SealBroken

log = logging.getLogger("tresen.fetcher")
IDLE_SECONDS = 60
LONGEST_PAUSE = 600
TIMEOUT_SECONDS = 60
IMAP_FAULTS = (imaplib.IMAP4.error,)


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


def fetch_new(mailbox: Mailbox, server: BaseMailBox) -> int:
    """Stores every new mail of the folder, then marks or moves it; how many.

    New is what lies behind the last UID we have; after a change of UIDVALIDITY (and the first time) what is unseen.
    """
    server.folder.set(mailbox.imap_folder)
    validity = int(server.folder.status(mailbox.imap_folder, ["UIDVALIDITY"])["UIDVALIDITY"])
    same_folder = mailbox.imap_uidvalidity == validity
    if not same_folder:
        Mailbox.objects.filter(pk=mailbox.pk).update(imap_uidvalidity=validity, imap_last_uid=0)
        mailbox.imap_uidvalidity, mailbox.imap_last_uid = validity, 0
    wanted = f"UID {mailbox.imap_last_uid + 1}:*" if same_folder and mailbox.imap_last_uid else "UNSEEN"
    count = 0
    for uid in sorted(int(u) for u in server.uids(wanted)):
        if same_folder and uid <= mailbox.imap_last_uid:
            continue  # `n:*` names the last mail even when its UID is below n
        count += _fetch_one(mailbox, server, uid, validity)
        mailbox.imap_last_uid = max(mailbox.imap_last_uid, uid)
        Mailbox.objects.filter(pk=mailbox.pk).update(imap_last_uid=mailbox.imap_last_uid)
    Mailbox.objects.filter(pk=mailbox.pk).update(fetched_at=clock.now(), fault="", fault_at=None)
    return count


def _fetch_one(mailbox: Mailbox, server: BaseMailBox, uid: int, validity: int) -> int:
    for raw in _bytes_of(server, uid):
        try:
            stored = store_mail(raw, mailbox=mailbox, source="imap", envelope_to=mailbox.address,
                                uidvalidity=validity, uid=uid)  # fmt: skip
        except MailTooLarge:
            count_refusal("size")
            return 0
        if mailbox.imap_move_to:
            server.move([str(uid)], mailbox.imap_move_to)
        else:
            server.flag([str(uid)], MailMessageFlags.SEEN, True)
        return 1 if stored else 0
    return 0


def _bytes_of(server: BaseMailBox, uid: int) -> Iterator[bytes]:
    answer = server.client.uid("fetch", str(uid), "(BODY.PEEK[])")
    for part in answer[1]:
        if isinstance(part, tuple):
            yield bytes(part[1])


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
            except (OSError, ImapToolsError, SealBroken, *IMAP_FAULTS) as fault:
                faults += 1
                pause = min(5 * 2**faults, LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311
                _note_fault(mailbox, fault)
                self.stopping.wait(pause)
        connections.close_all()

    def _ends(self) -> bool:
        return self.stopping.is_set() or self.leaving.is_set()

    def _watch(self, mailbox: Mailbox, server: BaseMailBox) -> None:
        can_idle = "IDLE" in server.client.capabilities
        while not self._ends():
            close_old_connections()
            fetch_new(mailbox, server)
            if can_idle:
                with server.idle as idle:
                    for _ in range(IDLE_SECONDS // 2):
                        if self._ends() or idle.poll(timeout=2):
                            break
            else:
                self.stopping.wait(IDLE_SECONDS)


def _note_fault(mailbox: Mailbox, fault: Exception) -> None:
    words = f"{type(fault).__name__}: {fault}"[:500]
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
        except (OSError, ImapToolsError, SealBroken, *IMAP_FAULTS) as fault:
            _note_fault(mailbox, fault)
            results[mailbox.address] = f"{type(fault).__name__}: {fault}"
    return results
