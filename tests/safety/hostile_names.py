"""File names that try to leave their folder, to pass for another type, to break a header or to hide. Made here."""

from __future__ import annotations

import base64
from urllib.parse import quote

# What a reader does not see but a program obeys: zero width, direction, tags, line and paragraph separators, controls.
UNSEEN = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\u061c"
    "\U000e0041\x00\x01\x07\x08\x1b\x7f\x85\x9b"
)
PATHS = (
    "../../../../etc/cron.d/tresen", "..\\..\\..\\windows\\win.ini", "/etc/passwd", "C:\\boot.ini",
    "\\\\host\\share\\x.txt", "....//....//secret.key", "a/../../secret.key", "..", ".", "...", "./", "../",
    "~/.ssh/authorized_keys", "$HOME/x", "`id`.txt", "%2e%2e%2fsecret.key", "..%2f..%2fsecret.key",
    "..%c0%afsecret.key", "%252e%252e%252fsecret.key", "..%5csecret.key", "file:///etc/passwd",
    "\uff0e\uff0e\uff0fsecret.key", "..\u2215secret.key", "..\u2044secret.key", "a\u2024\u2024/x",
)  # fmt: skip
DEVICES = (
    "CON", "con.txt", "PRN.pdf", "AUX.", "nul.html", "COM1", "LPT9.log", "COM\u00b9.txt", "CON .txt",
    "\uff23\uff2f\uff2e", "x.txt:evil.exe", "x::$DATA", "x.exe.", "x.exe ", "desktop.ini", "CONIN$",
)  # fmt: skip
HIDDEN = (
    ".htaccess", "\u200b.htaccess", "\ufeff.htaccess", " .htaccess", ".\u200b.", "web.config", "invoice\u202efdp.exe",
    "x\u2066.exe\u2069.pdf", "photo.jpg\u2028.exe", "a\u00adb.pdf", "x" + "\U000e0041" * 20 + ".txt",
    "soft\x1b[2Jware.txt", "bell\x07.txt",
)  # fmt: skip
HEADERS = (
    "a\r\nX-Evil: 1\r\n\r\n<script>.txt", "a\nSet-Cookie: a=b.txt", "a\rX-Evil: 1", 'a"; filename="evil.html',
    "a\"\r\nX-Evil: 1", "a\\\";x=y.txt", "a;b;c=d.txt", "a'b''c.txt", "a\x00.html", "a\x85X-Evil: 1",
    "a%0d%0aX-Evil: 1", "a\u560d\u560aX-Evil: 1", "=?utf-8?q?a=0D=0AX-Evil=3A_1?=", "UTF-8''evil.html",
)  # fmt: skip
LONG = (
    "x" * 4096 + ".pdf", "ż" * 4096, "." * 4096, "a." * 2048, "../" * 1365 + "x", "\U0001f4a9" * 1024 + ".txt",
    "\u0301" * 500 + ".txt",
)  # fmt: skip
SHOWN = (
    "<img src=x onerror=hit()>.png", "<script>hit()</script>", "{{ 7*7 }}.txt", "&lt;b&gt;.txt", "", " ", "\ufffd",
    "Grüße żółw.pdf",
)  # fmt: skip
NAMES: tuple[str, ...] = (*PATHS, *DEVICES, *HIDDEN, *HEADERS, *LONG, *SHOWN, *(f"a{c}b.txt" for c in UNSEEN))


def mail_with_names(names: list[str], *, subject: str, sender: str) -> bytes:
    """A mail with one small file a name; the ways programs write a name are used in turn."""
    mark = "hostile-names-boundary"
    lines = [
        f"From: {sender}", "To: help@desk.example", f"Subject: {subject}", f"Message-ID: <{subject}@shop.example>",
        "MIME-Version: 1.0", f'Content-Type: multipart/mixed; boundary="{mark}"', "", f"--{mark}",
        "Content-Type: text/plain", "", "See the files.",
    ]  # fmt: skip
    parts = ["\r\n".join(lines).encode()]
    for number, name in enumerate(names):
        head = _WAYS[number % len(_WAYS)](name)
        parts.append(b"--%s\r\n%s\r\n\r\nfile %d" % (mark.encode(), head, number))
    return b"\r\n".join([*parts, f"--{mark}--".encode(), b""])


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _extended(name: str) -> bytes:
    """RFC 2231: every byte can be in it, line ends and NUL, too."""
    told = quote(_bytes(name), safe="")
    return (
        b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''" + told.encode()
    )


def _word(name: str) -> bytes:
    """An encoded word in quotes, as many programs do (RFC 2047 forbids it)."""
    return _plainly(b"=?utf-8?b?" + base64.b64encode(_bytes(name)) + b"?=")


def _bare(name: str) -> bytes:
    """As it stands, in quotes; line ends, which would end the header here, are left out."""
    return _plainly(_bytes(name.replace("\r", "").replace("\n", "").replace("\\", "\\\\").replace('"', '\\"')))


def _plainly(told: bytes) -> bytes:
    return b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="%s"' % told


def _of_type(name: str) -> bytes:
    """Only as the name of the type, in pieces (RFC 2231 continuations)."""
    told = quote(_bytes(name), safe="").encode()
    # A piece ends between two bytes, not within one that is written as %XX.
    cut = next((at for at in range(len(told) // 2, len(told)) if told[at : at + 1] == b"%"), len(told))
    pieces = b"name*0*=utf-8''" + told[:cut] + b"; name*1*=" + told[cut:]
    return b"Content-Type: application/octet-stream; " + pieces + b"\r\nContent-Disposition: attachment"


_WAYS = (_extended, _word, _bare, _of_type)
