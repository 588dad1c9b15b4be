"""Every address of the product is walked in a browser, or named as something that is no screen."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser.no_screens import NO_SCREEN
from tests.browser.screens import SCREENS


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """All names of addresses, with their namespaces."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name:
            yield prefix + entry.name


def test_every_address_is_walked_or_is_no_screen() -> None:
    walked = {screen.address for screen in SCREENS}
    known = {name for name in names(get_resolver()) if not name.startswith("api:") or name == "api:docs"}
    assert known - walked - NO_SCREEN.keys() == set(), "name these in tests/browser/screens.py or no_screens.py"
    assert (walked | NO_SCREEN.keys()) - known == set(), "these addresses are gone"
