"""How the walk gets to the public pages of the knowledge base. The sample has articles in three languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.browser.sample_desk import SampleDesk

Goal = Callable[[SampleDesk, Any], None]


def at(path: str) -> Goal:
    """By its address; `{lang}` is the language that is spoken."""
    return lambda desk, page: page.goto(desk.url + path.format(lang=spoken(desk, page)))


def spoken(desk: SampleDesk, page: Any) -> str:
    """The language in which the pages answer now."""
    page.goto(f"{desk.url}/help/")
    return str(page.eval_on_selector("html", "e => e.lang"))


def link_on(start: str, pattern: str, nth: int = 0) -> Goal:
    """By a link on another page."""

    def go(desk: SampleDesk, page: Any) -> None:
        at(start)(desk, page)
        links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
        page.goto(desk.url + [link for link in links if re.search(pattern, link)][nth])

    return go


def said(desk: SampleDesk, page: Any) -> None:
    """A vote, and the question why, on a page of its own as without a script."""
    page.context.clear_cookies(name="tresen-voted")
    an_article(desk, page)
    with page.expect_navigation():
        page.eval_on_selector("form.vote", """form => {
            const no = { type: "hidden", name: "helpful", value: "no" };
            form.append(Object.assign(document.createElement("input"), no));
            form.submit();
        }""")  # fmt: skip


an_article = link_on("/help/{lang}/network-and-vpn/", r"/help/\w\w/\d+-")
KNOWLEDGE_SCREENS: list[tuple[Any, ...]] = [
    ("portal:help", "guest", at("/help/")),
    ("portal:help-in", "customer", at("/help/{lang}/")),
    ("portal:help-collection", "guest", at("/help/{lang}/network-and-vpn/")),
    ("portal:help-article", "guest", an_article),
    ("portal:help-article", "guest", link_on("/help/{lang}/accounts-and-access/", r"/help/\w\w/\d+-", 1), "foreign"),
    ("portal:help-search", "guest", at("/help/search?q=vpn+drucker")),
    ("portal:help-search", "guest", at("/help/search?q=hovercraft"), "nothing"),
    ("portal:help-thanks", "guest", said),
    ("desk:article-needs", "admin", at("/desk/knowledge/figures/")),
    ("desk:article-figures", "admin", link_on("/desk/knowledge/figures/", r"/desk/knowledge/\d+/figures/")),
]
# Their address carries the language: each language is another address.
IN_ITS_ADDRESS = {"portal:help-in", "portal:help-collection", "portal:help-article", "portal:help-thanks"}
