"""One POP3 mailbox: mails are told apart by their unique names and stored before they are deleted (RFC 1939, 2595)."""

from __future__ import annotations

import base64
import poplib
import ssl
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tresen.channels.mail.faults import TIMEOUT_SECONDS, FetchFailed, NotGiven, note_fault, well
from tresen.channels.mail.models import FetchedByPop, Mailbox, Security, SignIn
from tresen.channels.mail.oauth.tokens import bearer, forget_access, token_for
from tresen.channels.mail.spool import MAX_MAIL_BYTES, store_mail, store_too_large
from tresen.kit import clock
from tresen.kit.faults import fault_point

LIST_BYTES = 8 * 1024 * 1024
PIECE = 64 * 1024
# Up to how many times the limit a mail is read to its end, so that those behind it can be fetched.
MOST_CUT = 20
# How long the name of a mail is kept that the server no longer lists.
FORGET_DAYS = 7


def connect(mailbox: Mailbox, *, timeout: float | None = None) -> poplib.POP3:
    """Signed in. Raises OSError, poplib.error_proto, SealBroken."""
    token = "" if mailbox.sign_in == SignIn.PASSWORD else token_for(mailbox, "pop")
    context, timeout = ssl.create_default_context(), timeout or TIMEOUT_SECONDS
    if mailbox.pop_security == Security.TLS:
        server: poplib.POP3 = poplib.POP3_SSL(mailbox.pop_host, mailbox.pop_port, context=context,
                                              timeout=timeout)  # fmt: skip
    else:
        server = poplib.POP3(mailbox.pop_host, mailbox.pop_port, timeout=timeout)
    try:
        if mailbox.pop_security == Security.STARTTLS:
            server.stls(context=context)
        if token:
            _sign_in(server, mailbox, token)
        else:
            server.user(mailbox.pop_user)
            server.pass_(mailbox.password("pop"))
    except BaseException:
        server.close()
        raise
    return server


def _sign_in(server: poplib.POP3, mailbox: Mailbox, token: str) -> None:
    """XOAUTH2 in two steps (RFC 5034): not every server takes all of it in one line."""
    server.sock.sendall(b"AUTH XOAUTH2\r\n")
    answer = server.file.readline(1024)
    if answer.startswith(b"+"):
        server.sock.sendall(base64.b64encode(bearer(mailbox.pop_user, token).encode()) + b"\r\n")
        answer = server.file.readline(4096)
        if answer.startswith(b"+ "):  # a challenge with the reason; an empty line ends it
            server.sock.sendall(b"\r\n")
            answer = server.file.readline(1024)
    if not answer.startswith(b"+OK"):
        forget_access(mailbox)
        raise poplib.error_proto(answer.decode("utf-8", "replace").strip() or "the connection was closed")


def fetch_new(mailbox: Mailbox, server: poplib.POP3) -> int:
    """Stores every mail that we do not know and, where asked for, deletes on the server what is stored whole; how many.

    Where mail stays on the server, what lies there at the first look is not new: it is remembered and left alone, also
    later. The server deletes when the session ends in order, so a cut connection deletes nothing. Raises FetchFailed.
    """
    mailbox.fault = ""
    looked_at, listed = clock.now(), _listed(server)
    known = set(FetchedByPop.objects.filter(mailbox=mailbox).values_list("uidl", flat=True))
    if not mailbox.pop_begun and not mailbox.pop_deletes:
        old = [
            FetchedByPop(mailbox=mailbox, uidl=uidl, seen_at=looked_at) for uidl in listed.values() if uidl not in known
        ]
        with transaction.atomic():  # a first look that is cut off must not take what comes meanwhile for old
            if not _same_account(mailbox).update(pop_begun=True):
                return 0
            FetchedByPop.objects.bulk_create(old, batch_size=500, ignore_conflicts=True)
        known |= set(listed.values())
    sizes, count, gone = _sizes(server), 0, set[str]()
    for number, uidl in listed.items():
        if uidl not in known:
            try:
                count += _fetch_one(mailbox, server, number, uidl, size=sizes.get(number, 0))
            except NotGiven as fault:  # it is asked for again at the next look
                note_fault(mailbox, fault)
                continue
            if not _same_account(mailbox).exists():  # names of the old account say nothing about the new one
                FetchedByPop.objects.filter(mailbox=mailbox, uidl=uidl).delete()
                return count
        if mailbox.pop_deletes and _is_stored(mailbox, uidl):
            server.dele(number)
            gone.add(uidl)
            fault_point("fetch:put_away")
    server.quit()
    _forget(mailbox, set(listed.values()) - gone, looked_at)
    _same_account(mailbox).update(pop_begun=True)
    well(mailbox)
    return count


def _same_account(mailbox: Mailbox) -> QuerySet[Mailbox]:
    """The mailbox, unless it stands for another account by now than that of this session."""
    return Mailbox.objects.filter(pk=mailbox.pk, pop_host=mailbox.pop_host, pop_user=mailbox.pop_user)


def _fetch_one(mailbox: Mailbox, server: poplib.POP3, number: int, uidl: str, *, size: int) -> int:
    raw = _lines(server, f"RETR {number}", MAX_MAIL_BYTES, cuts=True) if size <= MAX_MAIL_BYTES else b""
    if max(size, len(raw)) > MAX_MAIL_BYTES:  # a server may understate
        head, size = _lines(server, f"TOP {number} 0", MAX_MAIL_BYTES), max(size, len(raw))
        store_too_large(head, size=size, mailbox=mailbox, source="pop", uidl=uidl)
        return 1
    fault_point("fetch:fetched")
    stored = store_mail(raw, mailbox=mailbox, source="pop", envelope_to=mailbox.address, uidl=uidl)
    return 1 if stored else 0


def _sizes(server: poplib.POP3) -> dict[int, int]:
    """Bytes of every mail by the server's word."""
    pairs = [line.split() for line in _lines(server, "LIST", LIST_BYTES).splitlines()]
    return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) > 1 and pair[0].isdigit() and pair[1].isdigit()}


def _listed(server: poplib.POP3) -> dict[int, str]:
    """Number in this session and unique name of every mail, oldest first."""
    found: dict[int, str] = {}
    for line in _lines(server, "UIDL", LIST_BYTES).splitlines():
        number, _, uidl = line.decode("ascii", "replace").strip().partition(" ")
        if number.isdigit() and uidl.strip():
            found[int(number)] = uidl.strip()[:200]
    if len(set(found.values())) < len(found):
        raise FetchFailed("the server gives several mails the same unique name (UIDL)")
    return found


def _lines(server: poplib.POP3, command: str, limit: int, *, cuts: bool = False) -> bytes:
    """A multi-line answer, dots taken out (RFC 1939, section 3). The standard library refuses lines beyond 2 KB, which
    real mail has, and reads without a limit. Beyond `limit` bytes it raises FetchFailed, or `cuts` a little later."""
    server.sock.sendall(f"{command}\r\n".encode())
    answer = server.file.readline(1024)
    if answer.startswith(b"-ERR"):
        raise NotGiven(f"{command}: {answer.decode('utf-8', 'replace').strip()}")
    if not answer.startswith(b"+OK"):
        raise poplib.error_proto(answer.decode("utf-8", "replace").strip() or "the connection was closed")
    parts: list[bytes] = []
    size, at_start = 0, True
    while True:
        piece = server.file.readline(PIECE)
        if not piece:
            raise poplib.error_proto("the connection was closed in the middle of a mail")
        if at_start and piece.rstrip(b"\r\n") == b"." and piece.endswith(b"\n"):
            return b"".join(parts)
        if at_start and piece.startswith(b".."):
            piece = piece[1:]
        at_start = piece.endswith(b"\n")
        if size <= limit:
            parts.append(piece)
        size += len(piece)
        if size > (limit * MOST_CUT if cuts else limit):
            raise FetchFailed("the server sends more than it announced")


def _is_stored(mailbox: Mailbox, uidl: str) -> bool:
    """Whether we have the whole mail; asked before each deletion, since another process may have stored it."""
    return FetchedByPop.objects.filter(mailbox=mailbox, uidl=uidl, stored=True).exists()


def _forget(mailbox: Mailbox, there: set[str], looked_at: datetime) -> None:
    """Names of mails that are gone from the server need not be known for ever; those that we deleted at once, since
    the server may give them to new mail (RFC 1939, section 7)."""
    old = Q(seen_at__lt=looked_at - timedelta(days=FORGET_DAYS))
    if mailbox.pop_deletes:
        old |= Q(stored=True)
    mine = FetchedByPop.objects.filter(old, mailbox=mailbox)
    gone = [pk for pk, uidl in mine.values_list("pk", "uidl")[:5000] if uidl not in there]
    for start in range(0, len(gone), 500):
        FetchedByPop.objects.filter(pk__in=gone[start : start + 500]).delete()
