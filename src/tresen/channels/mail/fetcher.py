"""Fetches mail by IMAP and POP3: a watcher for each mailbox, at once through IDLE (RFC 2177), else every minute."""

from __future__ import annotations

import random
import threading
from contextlib import suppress

from django.db import DatabaseError, close_old_connections, connections
from django.db.models import QuerySet
from imap_tools import BaseMailBox

from tresen.channels.mail import imap, leases, pop
from tresen.channels.mail.faults import log, note_fault
from tresen.channels.mail.models import FETCHED, Incoming, Mailbox
from tresen.channels.mail.oauth.models import OAuthGrant
from tresen.spine.jobs.worker import LEASE_SECONDS, worker_name

POLL_SECONDS = 60
LONGEST_PAUSE = 600


def pause_after(faults: int) -> float:
    """How many seconds to wait after so many faults in a row: 10, 20, 40 … up to ten minutes, and a fifth more or less,
    so that many mailboxes of one broken server do not come back in step."""
    return min(5 * 2 ** min(faults, 10), LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311


class MailboxWatcher(threading.Thread):
    """Keeps one mailbox: fetches, waits, comes back after faults with growing pauses and jitter."""

    def __init__(self, mailbox_id: int, holder: str) -> None:
        super().__init__(name=f"mailbox-{mailbox_id}", daemon=True)
        self.mailbox_id, self.holder = mailbox_id, holder
        self.leaving, self.call = threading.Event(), threading.Event()
        self.ways: tuple[object, ...] = ()
        self.faults = 0

    def run(self) -> None:
        try:
            while not self.leaving.is_set():
                close_old_connections()
                mailbox = _fetched().filter(pk=self.mailbox_id).first()
                if mailbox is None:
                    break
                self.ways = ways(mailbox)
                if not leases.take(self.mailbox_id, self.holder):
                    self._pause(min(5, LEASE_SECONDS))
                    continue
                try:
                    self._watch(mailbox)
                except DatabaseError:
                    raise
                except Exception as fault:  # whatever a server makes us stumble over, it is said and tried again
                    self.faults += 1
                    note_fault(mailbox, fault)
                    self._pause(pause_after(self.faults))
            leases.give_back(self.mailbox_id, self.holder)
        except DatabaseError as fault:  # it is started again; mail waits where it is meanwhile
            log.error("mailbox %d is left alone for a moment: %s", self.mailbox_id, fault)
        finally:
            connections.close_all()

    def end(self) -> None:
        """Asks the thread to leave at the next chance."""
        self.leaving.set()
        self.call.set()

    def _pause(self, seconds: float) -> None:
        self.call.wait(seconds)
        if not self.leaving.is_set():
            self.call.clear()

    def _watch(self, mailbox: Mailbox) -> None:
        """Fetches until the settings change, the lease is lost or we are to end."""
        if mailbox.incoming == Incoming.POP:
            poll(mailbox)
            self.faults = 0
            self._pause(POLL_SECONDS)
            return
        with imap.opened(mailbox) as server:
            can_idle = "IDLE" in server.client.capabilities
            while not self.leaving.is_set():
                close_old_connections()
                fresh = _fetched().filter(pk=mailbox.pk).first()
                if fresh is None or ways(fresh) != self.ways or not leases.take(mailbox.pk, self.holder):
                    return
                imap.fetch_new(fresh, server)
                self.faults = 0
                if can_idle:
                    self._idle(server)
                else:
                    self._pause(POLL_SECONDS)

    def _idle(self, server: BaseMailBox) -> None:
        with server.idle as idle:
            for _ in range(POLL_SECONDS // 2):
                if self.call.is_set() or idle.poll(timeout=2):
                    break
        if not self.leaving.is_set():
            self.call.clear()


def ways(mailbox: Mailbox) -> tuple[object, ...]:
    """Everything a connection depends on; another value means: connect anew."""
    granted = OAuthGrant.objects.filter(mailbox=mailbox).values_list("granted_at", flat=True).first()
    common = (mailbox.incoming, mailbox.sign_in, granted)
    if mailbox.incoming == Incoming.POP:
        return (*common, mailbox.pop_host, mailbox.pop_port, mailbox.pop_security, mailbox.pop_user,
                mailbox.pop_sealed, mailbox.pop_deletes)  # fmt: skip
    return (*common, mailbox.imap_host, mailbox.imap_port, mailbox.imap_security, mailbox.imap_user,
            mailbox.imap_sealed, mailbox.imap_folder, mailbox.imap_move_to)  # fmt: skip


def poll(mailbox: Mailbox) -> int:
    """Connects, fetches what is new and leaves; how many. Raises whatever its server makes it stumble over."""
    if mailbox.incoming == Incoming.POP:
        server = pop.connect(mailbox)
        try:
            return pop.fetch_new(mailbox, server)
        finally:
            with suppress(OSError):
                server.close()
    with imap.opened(mailbox) as connection:
        return imap.fetch_new(mailbox, connection)


def _fetched() -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(is_active=True, incoming__in=FETCHED)


class Fetcher:
    """All mailboxes that are fetched by this process; follows the settings without a restart."""

    def __init__(self) -> None:
        self.name = worker_name()
        self.watchers: dict[int, MailboxWatcher] = {}
        self.stopping = threading.Event()
        self.keeper = threading.Thread(target=self._keep, name="leases", daemon=True)

    def follow_settings(self) -> None:
        """Starts watchers for new mailboxes, wakes those whose settings changed, lets those end that are no more."""
        close_old_connections()
        if not self.keeper.is_alive() and not self.stopping.is_set():
            self.keeper.start()
        wanted = {mailbox.pk: ways(mailbox) for mailbox in _fetched()}
        for pk, watcher in list(self.watchers.items()):
            if pk not in wanted:
                watcher.end()
            elif watcher.ways and watcher.ways != wanted[pk]:
                watcher.call.set()
            if not watcher.is_alive():
                del self.watchers[pk]
        for pk in wanted.keys() - self.watchers.keys():
            self.watchers[pk] = MailboxWatcher(pk, self.name)
            self.watchers[pk].start()

    def stop(self) -> None:
        """Ends all watchers within a few seconds."""
        self.stopping.set()
        for watcher in self.watchers.values():
            watcher.end()
        for watcher in self.watchers.values():
            watcher.join(timeout=5)

    def _keep(self) -> None:
        """Renews the leases while a server lets its watcher wait."""
        while not self.stopping.wait(LEASE_SECONDS / 4):
            try:
                close_old_connections()
                leases.renew(self.name)
            except DatabaseError as fault:
                log.warning("the leases could not be renewed: %s", fault)
        connections.close_all()


def fetch_all() -> dict[str, int | str | None]:
    """Polls every fetched mailbox once; {address: how many mails, or what went wrong}. None for one that another
    process is fetching just now: it is in good hands."""
    results: dict[str, int | str | None] = {}
    holder = worker_name()
    for mailbox in _fetched():
        if not leases.take(mailbox.pk, holder):
            results[mailbox.address] = None
            continue
        try:
            results[mailbox.address] = poll(mailbox)
        except DatabaseError:
            raise
        except Exception as fault:  # one mailbox never keeps the others from being fetched
            note_fault(mailbox, fault)
            results[mailbox.address] = f"{type(fault).__name__}: {fault}"
        finally:
            leases.give_back(mailbox.pk, holder)
    return results
