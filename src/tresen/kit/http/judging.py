"""Whether an address that somebody enters may be called at all, said when it is saved (safety decision 10)."""

from __future__ import annotations

from django.conf import settings

from tresen.kit.http.addresses import is_public, is_within, networks_of
from tresen.kit.http.targets import BadTarget, read_target


class WrongUrl(ValueError):
    """An address that is not called: not https, or not one of the public internet. Why is not said (S10)."""


def check_url(url: str) -> None:
    """Whether that address may be called, as far as it says so itself; a name is looked up only when it is, by
    `fetch`. Raises WrongUrl."""
    try:
        target = read_target(url)
    except BadTarget as fault:
        raise WrongUrl from fault
    allowed = networks_of(settings.OUTBOUND_ALLOW)
    opened = target.address is not None and is_within(target.address, allowed)
    if target.address is not None and not opened and not is_public(target.address):
        raise WrongUrl
    named_inside = target.address is None and bool(allowed)
    if not (opened or named_inside) and (target.scheme != "https" or not target.is_usual_port):
        raise WrongUrl
