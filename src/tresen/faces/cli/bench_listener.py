"""What the listener takes: mails a second, each stored and answered with 250, over several connections."""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import threading
import time

SESSIONS = 8
START_SECONDS = 60


def measure_listener(mails: list[bytes], *, to: str) -> float:
    """Mails a second through a listener of its own in the desk of this process. Raises RuntimeError when one of them
    was not taken."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "TRESEN_LISTEN_SMTP": f"127.0.0.1:{port}"}
    child = subprocess.Popen([sys.executable, "-m", "tresen.faces.cli.main", "listen"], env=environment)
    try:
        sessions = _sessions(child, port)
        faults: list[str] = []
        threads = [
            threading.Thread(target=_send, args=(session, mails[place::SESSIONS], to, faults))
            for place, session in enumerate(sessions)
        ]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
    finally:
        child.terminate()
        child.wait(timeout=30)
    if faults:
        raise RuntimeError(f"the listener did not take {len(faults)} mails ({faults[0]})")
    return round(len(mails) / took, 1)


def _sessions(child: subprocess.Popen[bytes], port: int) -> list[smtplib.SMTP]:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return [smtplib.SMTP("127.0.0.1", port, timeout=60) for _ in range(SESSIONS)]
        except OSError as fault:
            if child.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the listener did not start ({fault})") from fault
            time.sleep(0.1)


def _send(session: smtplib.SMTP, mails: list[bytes], to: str, faults: list[str]) -> None:
    """Each mail from another sender."""
    with session:
        session.ehlo("bench.example")
        for number, raw in enumerate(mails):
            try:
                session.sendmail(f"sender{number}@bench.example", [to], raw)
            except (OSError, smtplib.SMTPException) as fault:
                faults.append(f"{type(fault).__name__}: {fault}")
