"""How one gets to the screens of the knowledge base in the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.browser.sample_desk import SampleDesk

Goal = Callable[[SampleDesk, Any], None]


def at(path: str) -> Goal:
    """By its address."""
    return lambda desk, page: page.goto(desk.url + path)


def on_article(words: str, then: str = "") -> Goal:
    """The article whose title has these words in some language; `then` stands behind its address."""

    def go(desk: SampleDesk, page: Any) -> None:
        page.goto(f"{desk.url}/desk/knowledge/?q={words}")
        links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
        page.goto(desk.url + next(link for link in links if re.search(r"/knowledge/\d+/$", link)) + then)

    return go


def a_collection(desk: SampleDesk, page: Any) -> None:
    """The first of the collections."""
    page.goto(f"{desk.url}/desk/knowledge/collections/")
    page.goto(desk.url + str(page.locator("main .shelves strong a").first.get_attribute("href")))


OLD = "Druga"
ARTICLE_SCREENS: tuple[tuple[str, str, Goal, str], ...] = (
    ("desk:articles", "agent", at("/desk/knowledge/"), ""),
    ("desk:articles", "agent", at("/desk/knowledge/?q=xyzzyx"), "nothing"),
    ("desk:article", "admin", on_article(OLD, "?in=pl"), "beside"),
    ("desk:article", "admin", on_article("training"), "review"),
    ("desk:article-edit", "admin", on_article(OLD, "en/"), ""),
    ("desk:article-edit", "admin", on_article("Monitor", "de/"), "translation"),
    ("desk:article-versions", "admin", on_article(OLD, "en/versions/"), ""),
    ("desk:article-about", "admin", on_article(OLD, "about/"), ""),
    ("desk:article-new", "agent", at("/desk/knowledge/new/"), ""),
    ("desk:collections", "admin", at("/desk/knowledge/collections/"), ""),
    ("desk:collection", "admin", a_collection, ""),
    ("desk:collection-new", "admin", at("/desk/knowledge/collections/new/"), ""),
)
