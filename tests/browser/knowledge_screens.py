"""How the walk gets to the public pages of the knowledge base. The sample has articles in three languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.browser.sample_desk import SampleDesk

Goal = Callable[[SampleDesk, Any], None]


def at(path: str) -> Goal:
    """By its address."""
    return lambda desk, page: page.goto(desk.url + path)


def link_on(start: str, pattern: str) -> Goal:
    """By a link on another page."""

    def go(desk: SampleDesk, page: Any) -> None:
        page.goto(desk.url + start)
        links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
        page.goto(desk.url + next(link for link in links if re.search(pattern, link)))

    return go


def said(desk: SampleDesk, page: Any) -> None:
    """A vote, and the question why, on a page of its own as without a script."""
    link_on("/help/en/network-and-vpn/", r"/help/en/\d+-a-second-way")(desk, page)
    with page.expect_navigation():
        page.eval_on_selector("form.vote", "form => { const no = form.elements.helpful[1]; no.name = 'helpful';"
                              " const it = document.createElement('input'); it.type = 'hidden'; it.name = 'helpful';"
                              " it.value = 'no'; form.append(it); form.submit(); }")  # fmt: skip


KNOWLEDGE_SCREENS: list[tuple[Any, ...]] = [
    ("portal:help", "guest", at("/help/")),
    ("portal:help-in", "customer", at("/help/en/")),
    ("portal:help-collection", "guest", link_on("/help/", r"/help/\w\w/network")),
    ("portal:help-article", "guest", link_on("/help/en/network-and-vpn/", r"/help/en/\d+-a-second-way")),
    ("portal:help-article", "guest", link_on("/help/pl/accounts-and-access/", r"/help/pl/\d+-zweiter"), "foreign"),
    ("portal:help-search", "guest", at("/help/search?q=vpn+second+way")),
    ("portal:help-search", "guest", at("/help/search?q=hovercraft"), "nothing"),
    ("portal:help-thanks", "guest", said),
    ("desk:article-needs", "admin", at("/desk/knowledge/figures/")),
    ("desk:article-figures", "admin", link_on("/desk/knowledge/figures/", r"/desk/knowledge/\d+/figures/")),
]
