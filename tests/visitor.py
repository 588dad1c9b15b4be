"""A person with a browser without JavaScript: keeps cookies, follows redirects, sends forms as they stand."""

from __future__ import annotations

import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True)
class Page:
    """One answer: where it came from, its status, headers and text."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def html(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")

    @property
    def tree(self) -> LexborHTMLParser:
        """The parsed page; `.css(selector)` finds elements."""
        return LexborHTMLParser(self.html)

    @property
    def text(self) -> str:
        """The visible words, blanks joined."""
        body = self.tree.body
        return " ".join(body.text(separator=" ").split()) if body else ""

    def link(self, words: str) -> str:
        """The address of the first link with these words. Raises AssertionError when there is none."""
        for node in self.tree.css("a[href]"):
            if words in node.text():
                return urljoin(self.url, node.attributes["href"] or "")
        raise AssertionError(f"no link {words!r} on {self.url}: {self.text[:500]}")


@dataclass(frozen=True)
class Upload:
    """A file that is put into a form: its field, name, bytes, and the type the browser believes it has.

    `disposition` is for what no browser would send: the whole header value, byte for byte.
    """

    field: str
    name: str
    data: bytes
    content_type: str = "application/octet-stream"
    disposition: bytes = b""

    def head(self) -> bytes:
        """The headers of its part; names are escaped as browsers do (HTML standard, multipart/form-data)."""
        name = self.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        told = self.disposition or f'form-data; name="{self.field}"; filename="{name}"'.encode()
        return b"Content-Disposition: " + told + b"\r\nContent-Type: " + self.content_type.encode() + b"\r\n\r\n"


def multipart(fields: dict[str, Any], uploads: Sequence[Upload]) -> tuple[bytes, str]:
    """Body and content type of a form with files (RFC 7578)."""
    mark = secrets.token_hex(16).encode()
    parts = []
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            parts.append(b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), str(one).encode()))
    parts += [upload.head() + upload.data for upload in uploads]
    body = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + mark + b"--\r\n"
    return body, f"multipart/form-data; boundary={mark.decode()}"


class Visitor:
    """One browser session. `fill()` sends a form of the page one is on, hidden fields and all."""

    def __init__(self, base_url: str) -> None:
        """A new session without cookies."""
        self.base_url = base_url
        self.jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.page: Page | None = None

    def get(self, path: str, **headers: str) -> Page:
        """Go to a page."""
        return self._open(urllib.request.Request(urljoin(self.base_url, path), headers=headers))

    def post(self, path: str, fields: dict[str, Any], *, files: Sequence[Upload] = (), **headers: str) -> Page:
        """Send fields and files to an address, with the page we are on as referrer, as a browser would."""
        address = urljoin(self.page.url if self.page else self.base_url, path)
        if self.page:
            headers.setdefault("Referer", self.page.url)
        data = urllib.parse.urlencode(fields, doseq=True).encode()
        if files:
            data, headers["Content-Type"] = multipart(fields, files)
        return self._open(urllib.request.Request(address, data=data, headers=headers, method="POST"))

    def fill(self, selector: str = "form[method=post]", *, files: Sequence[Upload] = (), **fields: Any) -> Page:
        """Fill the form that `selector` finds on the page we are on, and send it by its first button."""
        assert self.page, "go to a page first"
        form = self.page.tree.css_first(selector)
        assert form is not None, f"no form {selector!r} on {self.page.url}: {self.page.text[:500]}"
        values = _values_of(form)
        unknown = set(fields) - set(values)
        assert not unknown, f"the form on {self.page.url} has no field {unknown}; it has {sorted(values)}"
        return self.post(form.attributes.get("action") or self.page.url, values | fields, files=files)

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            answer = self._opener.open(request, timeout=20)
        except urllib.error.HTTPError as fault:
            answer = fault
        with answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            self.page = Page(answer.geturl(), answer.status or 0, headers, answer.read())
        return self.page


def _values_of(form: LexborNode) -> dict[str, Any]:
    """What a browser would send for an untouched form; unticked boxes are known but empty lists."""
    values: dict[str, Any] = {}
    pressed = False
    for node in form.css("input[name], textarea[name], select[name], button[name]"):
        name, kind = node.attributes["name"] or "", node.attributes.get("type") or ""
        if node.tag == "button" or kind == "submit":
            if not pressed:
                values[name] = node.attributes.get("value") or ""
            pressed = True
        elif kind in {"checkbox", "radio"}:
            ticked = values.setdefault(name, [])
            if "checked" in node.attributes:
                ticked.append(node.attributes.get("value") or "on")
        elif node.tag == "select":
            chosen = node.css("option[selected]") or node.css("option")[: 0 if "multiple" in node.attributes else 1]
            values[name] = [option.attributes.get("value", option.text()) for option in chosen]
        elif node.tag == "textarea":
            values[name] = node.text()
        elif kind != "file":
            values[name] = node.attributes.get("value") or ""
    return values
