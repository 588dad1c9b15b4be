"""An IMAP server of our own that misbehaves as asked: it says BYE in the middle, counts wrong, stalls, changes its
certificate. Enough of RFC 3501 for fetching, nothing more."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import threading
import time
from pathlib import Path


class FaultyImap:
    """Serves `mails` (UID from 1) on a free loopback port. `fault` is one of the words in `_Session`, or '';
    the UIDs in `refused` are never given."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.mails: list[bytes] = []
        self.fault = ""
        self.password = ""
        self.refused: set[int] = set()
        self.seen: set[int] = set()
        self.sessions = 0
        self.certificate = certificate
        self.released = threading.Event()
        server = self

        class Handler(_Session):
            desk = server

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
        self._server.daemon_threads = self._server.allow_reuse_address = True
        self._server.server_bind()
        self._server.server_activate()
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Ends it; sessions that stall are let go."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


class _Session(socketserver.StreamRequestHandler):
    desk: FaultyImap

    def setup(self) -> None:
        if self.desk.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.desk.certificate)
            self.request: socket.socket = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        self.desk.sessions += 1
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            try:
                if not self.answer(tag, command):
                    return
            except OSError:
                return

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, tag: str, command: str) -> bool:
        """One command; False ends the session."""
        desk, word = self.desk, command.upper()
        if word.startswith("CAPABILITY"):
            self.say("* CAPABILITY IMAP4rev1")
        elif word.startswith("LOGIN") and desk.password and desk.password not in command:
            self.say(f"{tag} NO wrong")
            return True
        elif word.startswith("LIST"):
            self.say('* LIST () "/" "INBOX"')
        elif word.startswith("UID SEARCH"):
            first = re.search(r"UID (\d+):\*", command)
            uids = [n for n in range(1, len(desk.mails) + 1) if (n >= int(first[1]) if first else n not in desk.seen)]
            self.say("* SEARCH " + " ".join(map(str, uids)))
        elif word.startswith("STATUS"):
            validity = "" if desk.fault == "no validity" else "UIDVALIDITY 7 "
            self.say(f'* STATUS "INBOX" ({validity}UIDNEXT {len(desk.mails) + 1})')
        elif word.startswith("SELECT"):
            self.say(f"* {len(desk.mails)} EXISTS")
        elif word.startswith("UID STORE"):
            desk.seen.add(int(command.split()[2]))
        elif word.startswith("UID FETCH"):
            return self.fetch(tag, int(command.split()[2]), "SIZE" in word)
        elif word.startswith("LOGOUT"):
            self.say("* BYE")
        self.say(f"{tag} OK done")
        return not word.startswith("LOGOUT")

    def fetch(self, tag: str, uid: int, size_only: bool) -> bool:
        raw, fault = self.desk.mails[uid - 1], self.desk.fault
        if size_only:
            self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {10 if fault == 'understate' else len(raw)})")
            self.say(f"{tag} OK done")
            return True
        if uid in self.desk.refused:
            self.say(f"{tag} NO cannot be read")
            return True
        length = len(raw) + {"short": -20, "long": 500}.get(fault, 0)
        self.say(f"* {uid} FETCH (UID {uid} BODY[] {{{length}}}")
        if fault == "bye":
            self.wfile.write(raw[: len(raw) // 2])
            self.say("\r\n* BYE going down")
            return False
        if fault == "stall":
            self.wfile.write(raw[: len(raw) // 2])
            self.wfile.flush()
            self.desk.released.wait(60)
            return False
        if fault == "cut":
            self.wfile.write(raw[: len(raw) // 2])
            return False
        if fault == "crawl":
            for piece in range(0, len(raw), 64):
                self.wfile.write(raw[piece : piece + 64])
                self.wfile.flush()
                time.sleep(0.01)
        else:
            self.wfile.write(raw)
        self.say(")")
        self.say(f"{tag} OK done")
        return True
