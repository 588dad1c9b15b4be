"""What the desk costs when it is opened for the first time, over the wire from a real web process."""

from __future__ import annotations

import gzip
import urllib.request
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.browser.sample_desk import SampleDesk
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.sqlite_only
BUDGET = 150 * 1024
PUBLIC_BUDGET = 60 * 1024
PARTS = {"style": "link[rel=stylesheet]", "module": "link[rel=modulepreload]", "icon": "link[rel=icon]"}


def parts_of(page: Page) -> dict[str, set[str]]:
    """The addresses of everything a page needs, by kind."""
    found = {kind: {node.attributes["href"] or "" for node in page.tree.css(css)} for kind, css in PARTS.items()}
    found["script"] = {node.attributes["src"] or "" for node in page.tree.css("script[src]")}
    found["sprite"] = {(node.attributes["href"] or "").split("#")[0] for node in page.tree.css("svg use")}
    return {kind: {urljoin(page.url, address) for address in all_} for kind, all_ in found.items()}


def brand_size(address: str) -> int:
    """Bytes of a brand's accent: one rule, too small to be compressed."""
    with urllib.request.urlopen(address, timeout=20) as answer:
        return len(answer.read())


def wire_size(address: str) -> int:
    """Bytes of the body as a browser gets it."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.headers["Content-Encoding"] in {"gzip", "br"}, address
        assert "immutable" in answer.headers["Cache-Control"], address
        return len(answer.read())


def test_the_first_load_of_the_desk_stays_within_its_budget(sample_desk: SampleDesk, record_property: Any) -> None:
    visitor = Visitor(sample_desk.url)
    visitor.get("/sign-in/")
    account = next(a for a in sample_desk.accounts if a["role"] == "agent")
    visitor.fill("main form", email=account["email"], password=account["password"])
    page = visitor.get("/desk/views/all/", **{"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    sizes = {"page": len(page.body)}
    shown = Page(page.url, page.status, page.headers, gzip.decompress(page.body))
    assert len(shown.tree.css("li.row")) == 50
    seen: set[str] = set()
    for kind, addresses in parts_of(shown).items():
        assert addresses, kind
        sizes[kind] = sum(wire_size(address) for address in addresses - seen)
        seen |= addresses
    for kind, size in sizes.items():
        record_property(kind, size)
    assert sum(sizes.values()) < BUDGET, sizes


def test_the_first_load_of_a_public_page_stays_within_its_budget(sample_desk: SampleDesk, record_property: Any) -> None:
    shelf = Visitor(sample_desk.url).get("/help/en/network-and-vpn/")
    article = next(
        address for node in shelf.tree.css("main a") if "-a-second-way" in (address := node.attributes["href"] or "")
    )
    for path in ("/", "/help/en/", "/help/en/network-and-vpn/", article):
        page = Visitor(sample_desk.url).get(path, **{"Accept-Encoding": "gzip"})
        assert page.headers["cache-control"].startswith("public") and "set-cookie" not in page.headers, path
        shown = Page(page.url, page.status, page.headers, gzip.decompress(page.body))
        named = set[str]().union(*parts_of(shown).values())
        brands = {address for address in named if "/brand/" in address}
        size = len(page.body) + sum(map(wire_size, named - brands)) + sum(map(brand_size, brands))
        record_property(path, size)
        assert size < PUBLIC_BUDGET, (path, size)
