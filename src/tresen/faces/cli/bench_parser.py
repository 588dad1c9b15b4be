"""What reading a mail costs: as a call, by the command line with its box, and one mail with a file of 25 MB."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

from tresen.channels.mail.reading import read_mail

ROUNDS = 40
# The mails that were written for this project's tests.
CORPUS = Path(__file__).resolve().parents[4] / "tests" / "mail" / "corpus"
LARGE_BYTES = 25 * 1024 * 1024
PARAGRAPH = (
    "Seit heute Morgen bricht die Verbindung zum Lager alle zwanzig Minuten ab. Die Scanner am Tor vier verlieren, was"
    " eingetippt wurde, und jemand muss ins Büro laufen und es noch einmal eingeben. Ein Neustart hilft eine Weile. "
)
QUOTED = "Am 03.05.2026 um 10:12 schrieb Hilfe <hilfe@desk.example>:\n> " + "\n> ".join([PARAGRAPH] * 6)
ROW = (
    '<tr><td style="padding:4px;border:1px solid #ccc"><a href="https://shop.example/a?b=c"><b>Artikel</b></a></td>'
    '<td><img src="https://shop.example/p.png" width="40"></td><td align="right">12,90&nbsp;&euro;</td></tr>'
)


def measure_parser() -> dict[str, float]:
    """Mails a second of processor time as a call, and a second through `tresen mail parse --lines`; seconds and
    megabytes for one mail with a file of 25 MB."""
    mails = ordinary_mails()
    for raw in mails:
        read_mail(raw)
    began = time.process_time()
    for _ in range(ROUNDS):
        for raw in mails:
            read_mail(raw)
    calls = ROUNDS * len(mails) / (time.process_time() - began)
    with tempfile.TemporaryDirectory(prefix="tresen-bench-") as folder:
        lines = _by_lines(Path(folder), mails)
        seconds, megabytes = _large(Path(folder))
    return _of_the_corpus() | {
        "mails parsed, one process": round(calls, 1),
        "mails parsed by --lines": round(lines, 1),
        "25 MB parsed, seconds": round(seconds, 2),
        "25 MB parsed, MB held": round(megabytes, 1),
    }


def _of_the_corpus() -> dict[str, float]:
    """Mails of the corpus up to 50 KB a second, as a call; nothing where only the package is installed."""
    mails = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml")) if path.stat().st_size <= 50 * 1024]
    if not mails:
        return {}
    rounds = max(2, 1000 // len(mails))
    began = time.perf_counter()
    for _ in range(rounds):
        for raw in mails:
            read_mail(raw)
    return {"mails of the corpus parsed": round(rounds * len(mails) / (time.perf_counter() - began), 1)}


def ordinary_mails() -> list[bytes]:
    """Ten mails of 1 to 50 KB as a desk gets them: half of them plain, the others with HTML, history, files."""
    plain = [_mail(PARAGRAPH * 4), _mail(PARAGRAPH * 9), _mail(f"{PARAGRAPH}\n\n{QUOTED}"), _mail(PARAGRAPH)]
    told = f"<p>{PARAGRAPH * 3}</p><div class='gmail_quote'>Am 3. Mai schrieb Hilfe:<blockquote>{PARAGRAPH * 8}"
    office = "".join(
        f"<p class=MsoNormal><span style='font-size:11.0pt;color:#1F497D'>{PARAGRAPH}<o:p></o:p></span></p>"
        for _ in range(40)
    )
    rich = [_mail(f"{PARAGRAPH * 3}\n\n{QUOTED}", html=told + "</blockquote></div>") for _ in range(3)]
    letter = _mail("", html=f"<table width=600>{ROW * 160}</table>")
    with_file = _mail(PARAGRAPH * 2, file=os.urandom(30_000))
    return [*plain, *rich, _mail(PARAGRAPH * 5, html=office), letter, with_file]


def _mail(text: str, *, html: str = "", file: bytes = b"") -> bytes:
    mail = EmailMessage()
    mail["From"] = "Jörg Müller <joerg.mueller@lager.example>"
    mail["To"] = "Hilfe <hilfe@desk.example>, Zweite <zweite@desk.example>"
    mail["Subject"] = "Störung: Scanner verlieren die Verbindung"
    mail["Date"] = "Mon, 04 May 2026 08:14:00 +0200"
    mail["Message-ID"] = "<bench@lager.example>"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    if file:
        mail.add_attachment(file, maintype="application", subtype="pdf", filename="Lageplan größer.pdf")
    return mail.as_bytes()


def _by_lines(folder: Path, mails: list[bytes]) -> float:
    """Mails a second, the start of the program and of its box included."""
    names = []
    for number, raw in enumerate(mails):
        names.append(str(folder / f"{number}.eml"))
        Path(names[-1]).write_bytes(raw)
    count = ROUNDS * len(names)
    began = time.perf_counter()
    _run("--lines", given="\n".join(names * ROUNDS).encode())
    return count / (time.perf_counter() - began)


def _large(folder: Path) -> tuple[float, float]:
    """Seconds and the most memory that a process held, for one mail with a large file."""
    mail = _mail(PARAGRAPH, file=b"x").partition(b"eA==")
    path = folder / "large.eml"
    path.write_bytes(mail[0] + base64.encodebytes(os.urandom(LARGE_BYTES)) + mail[2])
    began = time.perf_counter()
    peak = _run(str(path))
    return time.perf_counter() - began, peak


def _run(*arguments: str, given: bytes = b"") -> float:
    """`tresen mail parse` to its end; the most megabytes it and its box held in one process. Raises RuntimeError."""
    command = [sys.executable, "-m", "tresen.faces.cli.main", "mail", "parse", *arguments]
    with tempfile.TemporaryFile() as names:
        names.write(given)
        names.seek(0)
        process = subprocess.Popen(command, stdin=names, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"tresen mail parse ended with {process.returncode}")
    return usage.ru_maxrss / 1024
