"""A provider of our own for OAuth 2: device flow (RFC 8628), browser flow with PKCE (RFC 7636), refresh with rotation,
and the look into a token that a mail server takes. Speaks HTTP on loopback."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class OAuthServer:
    """`approve()` is the owner's yes; `revoke()` ends every token; `calls` are the questions to the token endpoint."""

    user: str = "help@desk.example"
    client_id: str = "tresen-client"
    client_secret: str = ""
    lasts: int = 3600
    approved: bool = False
    away: bool = False
    refresh: set[str] = field(default_factory=set)
    access: set[str] = field(default_factory=set)
    devices: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        desk = self

        class Handler(_Handler):
            server_state = desk

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.http.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()

    def revoke(self, *, refresh: bool = True) -> None:
        """The owner withdraws his permission (or only the tokens in use are ended)."""
        self.access.clear()
        if refresh:
            self.refresh.clear()

    def say_yes(self, address: str) -> dict[str, str]:
        """The owner at the provider's page in his browser: what stands in the address he is sent back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256", asked
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def tokens(self) -> dict[str, Any]:
        access, refresh = f"access-{secrets.token_urlsafe(12)}", f"refresh-{secrets.token_urlsafe(12)}"
        self.access.add(access)
        self.refresh.add(refresh)
        return {"access_token": access, "refresh_token": refresh, "expires_in": self.lasts, "token_type": "Bearer"}

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The token endpoint."""
        self.calls.append(asked)
        if asked.get("client_id") != self.client_id or asked.get("client_secret", "") != self.client_secret:
            return 401, {"error": "invalid_client"}
        kind = asked.get("grant_type", "")
        if kind.endswith("device_code"):
            if asked.get("device_code") not in self.devices:
                return 400, {"error": "expired_token"}
            return (200, self.tokens()) if self.approved else (400, {"error": "authorization_pending"})
        if kind == "refresh_token":
            if asked.get("refresh_token") not in self.refresh:
                return 400, {"error": "invalid_grant", "error_description": "the grant was withdrawn"}
            self.refresh.discard(asked["refresh_token"])  # a rotating provider
            return 200, self.tokens()
        known = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if known is None or base64.urlsafe_b64encode(digest).decode().rstrip("=") != known["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return (200, self.tokens()) if asked.get("redirect_uri") == known["redirect_uri"] else (400, {"error": "x"})


class _Handler(BaseHTTPRequestHandler):
    server_state: OAuthServer

    def log_message(self, *words: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        """What a mail server asks about a token."""
        state, query = self.server_state, parse_qs(urlsplit(self.path).query)
        token = query.get("access_token", [""])[0]
        known = token in state.access
        self._answer(200 if known else 401, {"email": state.user} if known else {"error": "invalid_token"})

    def do_POST(self) -> None:
        state = self.server_state
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        if state.away:
            self._answer(503, {"error": "temporarily_unavailable"})
        elif self.path.endswith("/devicecode"):
            state.devices.add(code := secrets.token_urlsafe(16))
            self._answer(200, {"device_code": code, "user_code": "ABCD-EFGH", "interval": 1, "expires_in": 900,
                               "verification_uri": "https://login.example/device"})  # fmt: skip
        else:
            self._answer(*state.token(asked))

    def _answer(self, status: int, what: dict[str, Any]) -> None:
        data = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
