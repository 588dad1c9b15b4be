"""What is true of every request: who may speak for a proxy, and the headers no answer leaves without."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PORT",
             "HTTP_FORWARDED", "HTTP_X_REAL_IP")  # fmt: skip
IDENTITY = ("HTTP_X_REMOTE_USER", "HTTP_REMOTE_USER", "HTTP_X_FORWARDED_USER", "REMOTE_USER")
Handler = Callable[[HttpRequest], HttpResponseBase]


class ProxyMiddleware:
    """Believes X-Forwarded-For, and only from TRESEN_TRUSTED_PROXIES. Every other forwarded header and every claimed
    identity is dropped; whether it is https says TRESEN_BASE_URL."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.trusted = [ipaddress.ip_network(p, strict=False) for p in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        for name in IDENTITY:
            meta.pop(name, None)
        if self._is_trusted(meta.get("REMOTE_ADDR", "")):
            hops = [h.strip() for h in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if h.strip()]
            while hops:
                hop = hops.pop()
                meta["REMOTE_ADDR"] = hop
                if not self._is_trusted(hop):
                    break
        for name in FORWARDED:
            meta.pop(name, None)
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self.trusted)


class SecurityHeadersMiddleware:
    """Headers that Django's own middleware does not set."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META.setdefault("wsgi.url_scheme", "http")
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if settings.HTTPS:
            response.headers.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
            )
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def client_address(request: HttpRequest) -> str:
    """The peer's address as far as it can be trusted (see ProxyMiddleware)."""
    return request.META.get("REMOTE_ADDR", "")


def place_of(request: HttpRequest) -> str:
    """The peer's address; of IPv6 the /64, since one machine has all of those."""
    shown = client_address(request)
    try:
        ip = ipaddress.ip_address(shown)
    except ValueError:
        return shown
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else shown


def is_from_own_page(request: HttpRequest) -> bool:
    """Whether a page of ours sent this, as far as the browser tells (a page cannot forge these headers).

    Every browser names the origin of a form that another site sends (Fetch, 3.2); none at all is no browser's form.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site:
        return site == "same-origin"
    ours = {settings.BASE_URL, f"{request.scheme}://{request.get_host()}", getattr(request, "own_origin", "")} - {""}
    if origin:
        return origin in ours
    referer = request.headers.get("Referer")
    return not referer or any(referer.startswith(f"{place}/") for place in ours)
