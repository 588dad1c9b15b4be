"""What readers searched for in vain, counted by brand, language and words; never who."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tresen.core.people.models import LANGUAGES, Brand
from tresen.kit import clock
from tresen.service.answers.models import SearchMiss
from tresen.service.answers.plan import read
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

MOST_LETTERS = 80
# More lines of a brand are not kept, so that nobody fills the table by asking: those go first that were asked once.
MOST_LINES = 3000
_FREED = 100
KEPT = timedelta(days=180)
# Nobody opened anything of what was found so many times: then that is not what is looked for.
_UNOPENED = 3
# What may be a person's: mail addresses, and numbers of any kind.
_PERSONAL = re.compile(r"@|\d{4}|\d[\d ./-]{4,}\d")


def line_of(words: str) -> str:
    """The words as they are counted; empty for what is not kept: what may be a person's, or says nothing."""
    line = " ".join(words.replace("\0", "").lower().split())
    return line if line and len(line) <= MOST_LETTERS and not _PERSONAL.search(line) and read(line) else ""


def note_search(words: str, *, brand: Brand, language: str, is_empty: bool) -> None:
    """Count a search that a reader has sent off. One statement, a few for words that are new."""
    line = line_of(words)
    if not line or language not in dict(LANGUAGES):
        return
    now, empty = clock.now(), int(is_empty)
    row = SearchMiss.objects.filter(brand=brand, language=language, words=line)
    again = {"settled_at": None} if is_empty else {}
    if row.update(searches=F("searches") + 1, empty=F("empty") + empty, last_at=now, **again):
        return
    if _has_room(SearchMiss.objects.filter(brand=brand)):
        made = SearchMiss(
            brand=brand, language=language, words=line, searches=1, empty=empty, first_at=now, last_at=now
        )
        SearchMiss.objects.bulk_create([made], ignore_conflicts=True)


def _has_room(lines: QuerySet[SearchMiss]) -> bool:
    """Whether a brand may have one more; where it is full the oldest go that were asked once."""
    if lines.count() < MOST_LINES:
        return True
    once = list(lines.filter(searches__lte=1).order_by("last_at", "pk").values_list("pk", flat=True)[:_FREED])
    return bool(lines.filter(pk__in=once).delete()[0])


def note_opened(words: str, *, brand: Brand, language: str) -> None:
    """Count that a reader opened one of the articles that these words found. One statement."""
    if line := line_of(words):
        SearchMiss.objects.filter(brand=brand, language=language, words=line).update(opened=F("opened") + 1)


def open_misses() -> QuerySet[SearchMiss]:
    """Lines that found nothing, or whose hits nobody opened, and that nobody has settled since; most often first."""
    in_vain = Q(empty__gt=0) | Q(searches__gte=_UNOPENED, opened=0)
    return SearchMiss.objects.filter(in_vain, settled_at__isnull=True).select_related("brand")


@transaction.atomic
def settle(miss: SearchMiss, *, by: Actor) -> None:
    """Somebody has seen to it; it comes back when it is searched for in vain again. Event `search_miss.settled`."""
    row = SearchMiss.objects.select_for_update().filter(pk=miss.pk, settled_at__isnull=True).first()
    if row is None:
        return
    row.settled_at, row.searches, row.empty, row.opened = clock.now(), 0, 0, 0
    row.save(update_fields=["settled_at", "searches", "empty", "opened"])
    record("search_miss.settled", stream=row, by=by, changes={"words": row.words, "language": row.language})


def sweep() -> int:
    """Forget what nobody has searched for in half a year. Returns how many lines."""
    return SearchMiss.objects.filter(last_at__lt=clock.now() - KEPT).delete()[0]
