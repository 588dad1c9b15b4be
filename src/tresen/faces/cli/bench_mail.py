"""What mail costs: stored through the spool, read behind the walls, made into tickets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime

from tresen.channels.mail.box import read_in_box
from tresen.channels.mail.models import Mailbox, RawMail
from tresen.channels.mail.spool import mailbox_for, store_mail
from tresen.faces.cli.bench_listener import measure_listener
from tresen.faces.cli.bench_parser import measure_parser
from tresen.kit import clock
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import Worker

PARAGRAPH = (
    "Since this morning the connection to the warehouse breaks every twenty minutes. The scanners at gate four lose"
    " what was typed, and somebody has to walk to the office and enter it once more. Restarting helps for a while. "
)


def measure_mail(mailbox: str, *, count: int) -> dict[str, float]:
    """Mails a second by step, for `count` mails of about 4 KB in two forms, each from somebody new; every reaction and
    every limit is on.

    Raises RuntimeError when a mail did not become a ticket.
    """
    place = mailbox_for(mailbox)
    if place is None:
        raise RuntimeError(f"no active mailbox has the address {mailbox}")
    mails = [_mail(number, mailbox) for number in range(count)]
    read_in_box(mails[0])  # starts the box
    reading = _rate(count, lambda: [read_in_box(raw) for raw in mails])
    storing = _rate(count, lambda: _store_all(mails, place))
    taking_in = _rate(count, _take_all_in)
    tickets = RawMail.objects.filter(outcome="new", envelope_to=mailbox).count()
    if tickets < count:
        raise RuntimeError(f"only {tickets} of {count} mails became tickets")
    listening = measure_listener([_mail(count + number, mailbox) for number in range(5 * count)], to=mailbox)
    return {
        **measure_parser(),
        "mails taken by the listener": listening,
        "mails stored": storing,
        "mails read behind the walls": reading,
        "mails made into tickets": taking_in,
    }


def _store_all(mails: list[bytes], mailbox: Mailbox) -> None:
    """As the listener would, with a sender on the envelope: what a machine sends is not confirmed to anybody."""
    for number, raw in enumerate(mails):
        store_mail(raw, mailbox=mailbox, source="smtp", envelope_from=_address(number), envelope_to=mailbox.address)


def _take_all_in() -> None:
    """As the worker would, with its threads for this queue."""
    worker = Worker(("mail-in",))
    working = threading.Thread(target=worker.work)
    working.start()
    while Job.objects.filter(queue="mail-in").exists():
        time.sleep(0.05)
    worker.stop()
    working.join()


def _address(number: int) -> str:
    return f"sender{number}@bench{number % 50}.example"


def _rate(count: int, act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return round(count / (time.perf_counter() - began), 1)


def _mail(number: int, to: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Sender {number} <{_address(number)}>"
    mail["To"] = to
    mail["Subject"] = f"Scanners lose their connection ({number})"
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{number}.bench@bench.example>"
    mail.set_content(PARAGRAPH * 5 + f"\n\nSender {number}\n")
    mail.add_alternative(f"<p>{PARAGRAPH * 5}</p><p>Sender {number}</p>", subtype="html")
    return mail.as_bytes()
