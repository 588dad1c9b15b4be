"""One IMAP mailbox: by UID, stored before it is marked or moved (RFC 3501, RFC 6851)."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from tresen.channels.mail.faults import TIMEOUT_SECONDS, FetchFailed, NotGiven, note_fault, well
from tresen.channels.mail.models import Mailbox, RawMail, Security, SignIn
from tresen.channels.mail.oauth.tokens import forget_access, token_for
from tresen.channels.mail.spool import MAX_MAIL_BYTES, store_mail, store_too_large
from tresen.kit.faults import fault_point

# After a change of UIDVALIDITY: mail older than the last fetch was there before. The search knows days alone, and the
# server's may begin up to a day away from ours.
DAYS_BEFORE = 2


def connect(mailbox: Mailbox, *, timeout: float | None = None) -> BaseMailBox:
    """Signed in, no folder chosen. Raises OSError, imaplib.error, ImapToolsError, SealBroken."""
    token = "" if mailbox.sign_in == SignIn.PASSWORD else token_for(mailbox, "imap")
    context, timeout = ssl.create_default_context(), timeout or TIMEOUT_SECONDS
    server: BaseMailBox
    if mailbox.imap_security == Security.TLS:
        server = MailBox(mailbox.imap_host, mailbox.imap_port, timeout=timeout, ssl_context=context)
    elif mailbox.imap_security == Security.STARTTLS:
        server = MailBoxStartTls(mailbox.imap_host, mailbox.imap_port, timeout=timeout, ssl_context=context)
    else:
        server = MailBoxUnencrypted(mailbox.imap_host, mailbox.imap_port, timeout=timeout)
    try:
        if token:
            _sign_in(server, mailbox, token)
        else:
            server.login(mailbox.imap_user, mailbox.password("imap"), initial_folder=None)
    except BaseException:
        server.client.shutdown()
        raise
    return server


def _sign_in(server: BaseMailBox, mailbox: Mailbox, token: str) -> None:
    try:
        server.xoauth2(mailbox.imap_user, token, initial_folder=None)
    except (ImapToolsError, imaplib.IMAP4.error):
        forget_access(mailbox)
        raise


@contextmanager
def opened(mailbox: Mailbox, *, timeout: float | None = None) -> Iterator[BaseMailBox]:
    """A session that ends in order, or at once after a fault: a server that is gone is not asked to say goodbye."""
    server = connect(mailbox, timeout=timeout)
    try:
        yield server
    except BaseException:
        server.client.shutdown()
        raise
    server.logout()


def fetch_new(mailbox: Mailbox, server: BaseMailBox) -> int:
    """Stores every new mail of the folder, then marks or moves it; how many.

    New is what lies behind the last UID we have. The first time it is what is unseen; after a change of UIDVALIDITY
    (a folder made anew, a server restored) what is unseen and came after the last fetch. What was in the folder before
    is never taken for new. A mail that the server does not give holds up no other: it is said at the mailbox, and our
    place stays before it. Raises FetchFailed.
    """
    mailbox.fault = ""
    server.folder.set(mailbox.imap_folder)
    state = server.folder.status(mailbox.imap_folder, ["UIDVALIDITY", "UIDNEXT"])
    validity, last = int(state["UIDVALIDITY"]), int(state["UIDNEXT"]) - 1
    if mailbox.imap_uidvalidity == validity:
        # `n:*` names the last mail even when its UID is below n.
        behind = server.uids(f"UID {mailbox.imap_last_uid + 1}:*")
        new = sorted(uid for uid in map(int, behind) if uid > mailbox.imap_last_uid)
        count, _ = _fetch_each(mailbox, server, new, validity, keeps_place=True)
    else:
        new = sorted(map(int, server.uids(_unknown(mailbox))))
        count, is_whole = _fetch_each(mailbox, server, new, validity, keeps_place=False)
        if is_whole:
            _remember(mailbox, validity, last)
    well(mailbox)
    return count


def _fetch_each(
    mailbox: Mailbox, server: BaseMailBox, uids: list[int], validity: int, *, keeps_place: bool
) -> tuple[int, bool]:
    """How many of the UIDs were new to us, and whether the server gave every one."""
    had = RawMail.objects.filter(mailbox=mailbox, uidvalidity=validity)
    count, is_whole, known = 0, True, set[int]()
    for uid in uids:
        if uid in known:
            continue
        try:
            count += _fetch_one(mailbox, server, uid, validity)
        except NotGiven as fault:
            note_fault(mailbox, fault)
            if is_whole:  # what lies behind it and was fetched at an earlier look is not fetched at each one
                is_whole, known = False, {one for one in had.filter(uid__gt=uid).values_list("uid", flat=True) if one}
        if is_whole and keeps_place:
            _remember(mailbox, validity, uid)
    return count, is_whole


def _unknown(mailbox: Mailbox) -> str:
    if mailbox.imap_uidvalidity is None or mailbox.fetched_at is None:
        return "UNSEEN"
    return str(AND(seen=False, date_gte=(mailbox.fetched_at - timedelta(days=DAYS_BEFORE)).date()))


def _remember(mailbox: Mailbox, validity: int, uid: int) -> None:
    """Keeps our place, unless the mailbox stands for another account or folder by now."""
    mailbox.imap_uidvalidity, mailbox.imap_last_uid = validity, uid
    Mailbox.objects.filter(
        pk=mailbox.pk, imap_host=mailbox.imap_host, imap_user=mailbox.imap_user, imap_folder=mailbox.imap_folder
    ).update(imap_uidvalidity=validity, imap_last_uid=uid)


def _fetch_one(mailbox: Mailbox, server: BaseMailBox, uid: int, validity: int) -> int:
    """Stores one mail and only then touches it on the server; 1 for a new one, 0 for one that we had."""
    size = _size_of(server, uid)
    if size is None:
        return 0
    raw = _part(server, uid, "BODY.PEEK[]") if size <= MAX_MAIL_BYTES else b""
    if max(size, len(raw)) > MAX_MAIL_BYTES:  # a server may understate
        head, size = _part(server, uid, "BODY.PEEK[HEADER]"), max(size, len(raw))
        store_too_large(head, size=size, mailbox=mailbox, source="imap", uidvalidity=validity, uid=uid)
        stored: object = True
    else:
        fault_point("fetch:fetched")
        stored = store_mail(raw, mailbox=mailbox, source="imap", envelope_to=mailbox.address, uidvalidity=validity,
                            uid=uid)  # fmt: skip
    try:
        if mailbox.imap_move_to:
            server.move([str(uid)], mailbox.imap_move_to)
        else:
            server.flag([str(uid)], MailMessageFlags.SEEN, True)
    except imaplib.IMAP4.abort:  # the connection is gone
        raise
    except (ImapToolsError, imaplib.IMAP4.error) as fault:
        # The mail is safe with us; that it could not be put away is said, and does not hold up the others.
        note_fault(mailbox, fault)
    fault_point("fetch:put_away")
    return 1 if stored else 0


def _size_of(server: BaseMailBox, uid: int) -> int | None:
    """Bytes of a mail by the server's word (RFC822.SIZE); None when it is no longer there."""
    status, parts = server.client.uid("fetch", str(uid), "(RFC822.SIZE)")
    if status != "OK":
        raise NotGiven(f"UID {uid}: {status} {parts!r}"[:300])
    found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(p for p in parts if isinstance(p, bytes)))
    return int(found.group(1)) if found else None


def _part(server: BaseMailBox, uid: int, name: str) -> bytes:
    """The bytes of a mail or of its head. What stands behind them must be the end of the answer: else the server has
    counted wrong, and we would store a part for the whole."""
    status, parts = server.client.uid("fetch", str(uid), f"({name})")
    for place, part in enumerate(parts):
        if isinstance(part, tuple):
            end = parts[place + 1] if place + 1 < len(parts) else b""
            if status == "OK" and isinstance(end, bytes) and end.strip().endswith(b")"):
                return bytes(part[1])
            raise FetchFailed(f"UID {uid}: the answer has another length than announced")
    raise NotGiven(f"UID {uid}: {status} without the mail")
