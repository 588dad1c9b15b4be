"""What somebody had read before he asks: the article from which he came goes along with his request."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language

from tresen.core.knowledge.measuring import carry_along, count_asked_after
from tresen.core.people.models import Brand
from tresen.core.tickets.models import Ticket
from tresen.faces.portal.knowledge.addresses import CODES
from tresen.faces.portal.knowledge.article import Page, page_for
from tresen.faces.portal.knowledge.shelf import Reader, reader_of
from tresen.spine.events.actors import Actor

MOST_READ = 5
# Numbers that no row has are not asked for.
MOST_DIGITS = 12


@dataclass(frozen=True)
class Carried:
    """`page`: the article whose link led to the form; `read`: articles (and their languages) read within the hour."""

    page: Page | None = None
    read: tuple[tuple[int, str], ...] = ()

    def go_along(self, ticket: Ticket, *, by: Actor) -> None:
        """The ticket names the article; all of them count as read by somebody who asked after all."""
        if self.page is not None:
            carry_along(self.page.article, ticket, title=self.page.version.title, by=by)
        count_asked_after(self.read)


def carried(request: HttpRequest, brand: Brand) -> Carried:
    """What came along with this request, as far as its sender may read it."""
    given = request.POST if request.method == "POST" else request.GET
    named, told = given.get("article", ""), given.get("read", "")
    if not named and not told:
        return Carried()
    reader = reader_of(request, brand, (get_language() or "en")[:2])
    page = page_for(reader, int(named)) if _is_number(named) else None
    read = set(_readable(reader, told))
    if page is not None:
        # However often it is named, he read it once.
        read = {(key, language) for key, language in read if key != page.article.pk}
        read.add((page.article.pk, page.text.language))
    return Carried(page, tuple(sorted(read)))


def _readable(reader: Reader, told: str) -> list[tuple[int, str]]:
    """Pairs like `12.en` of articles he may read."""
    pairs = [pair.partition(".") for pair in told.split()[:MOST_READ]]
    wanted = {int(key): language for key, _dot, language in pairs if _is_number(key) and language in CODES}
    if not wanted:
        return []
    return [(key, wanted[key]) for key in reader.articles().filter(pk__in=wanted).values_list("pk", flat=True)]


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS
