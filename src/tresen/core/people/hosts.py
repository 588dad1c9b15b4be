"""Which host is whose: the desk's own, which TRESEN_BASE_URL names, and those of brands.

A host that is neither is answered like the desk's own. Links are made of what stands in TRESEN_BASE_URL and in the row
of a brand, never of the Host of a request (S13): that only chooses among our own.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.http.request import split_domain_port

from tresen.core.people.identities import sendable
from tresen.core.people.models import Brand

MOST_LETTERS = 253
# One part of a host name (RFC 1123, 2.1) in ASCII (RFC 5890).
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_FOUND = "_brand_of_host"


def host_name(text: str) -> str:
    """A typed host as it is kept: lower case, in ASCII, without scheme, path and dot at the end. Raises ValueError for
    what is no full host name; a single word, a number or an address of a machine is none."""
    typed = text.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/").rstrip(".")
    name = sendable(f"x@{typed}").partition("@")[2].lower()
    labels = name.split(".")
    fits = len(name) <= MOST_LETTERS and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not fits or labels[-1].isdigit():
        raise ValueError(text)
    return name


def main_host() -> str:
    """The host at which desk, settings and interface answer."""
    return (urlsplit(settings.BASE_URL).hostname or "localhost").lower()


def base_of(host: str) -> str:
    """Scheme, host and port of an address there: all hosts of an installation are reached the same way."""
    parts = urlsplit(settings.BASE_URL)
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"


def brand_url(brand: Brand, path: str) -> str:
    """An address for customers of the brand: at its own host where it has one, else under TRESEN_BASE_URL."""
    return f"{base_of(brand.own_host) if brand.own_host else settings.BASE_URL}{path}"


def brand_of_host(request: HttpRequest) -> Brand | None:
    """The brand whose host was asked; None at the desk's own and at every unknown one. At most one query a request, and
    none where no brand can be."""
    if not hasattr(request, _FOUND):
        setattr(request, _FOUND, _brand_at(split_domain_port(request.get_host())[0].rstrip(".")))
    found: Brand | None = getattr(request, _FOUND)
    return found


def _brand_at(host: str) -> Brand | None:
    last = host.rpartition(".")[2]
    if last in {host, ""} or last.isdigit() or host == main_host():
        return None
    return Brand.objects.filter(host=host, is_active=True).first()


def key_of_host(request: HttpRequest) -> int:
    """For a job: the key of the brand whose host was asked, 0 at that of the desk."""
    here = brand_of_host(request)
    return here.pk if here else 0


def of_this_host(request: HttpRequest, brand: str = "brand") -> Q:
    """Rows of what belongs to the host that was asked (see `of_host`)."""
    return of_host(key_of_host(request), brand)


def of_host(brand_id: int, brand: str = "brand") -> Q:
    """Rows of what belongs to that brand's host alone; with 0 to that of the desk: of all brands without a host of
    their own, and of the default brand. `brand`: the way to the brand of a row."""
    if brand_id:
        return Q(**{brand: brand_id})
    return Q(**{f"{brand}__host": ""}) | Q(**{f"{brand}__is_active": False}) | Q(**{f"{brand}__is_default": True})
