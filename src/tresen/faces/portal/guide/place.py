"""Where a customer stands in a guide, as it goes along in an address or a form: signed, so that nobody reads a version
that he was not shown. Good for a day from the first step on: nobody is led through what was taken back long ago."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import get_language

from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.core.tickets.category_models import Category
from tresen.kit import clock
from tresen.service.procedures.models import Procedure, ProcedureVersion
from tresen.service.procedures.steps import Step, in_language
from tresen.service.procedures.walking import NoSuchWay, Walk, walk

_SIGNER = Signer(salt="tresen.portal.guide")
MOST_LETTERS = 300
SECONDS = 24 * 3600


class TooOld(Exception):
    """The place was ours, but the guide was begun more than SECONDS ago."""


@dataclass(frozen=True)
class Place:
    """A guide, in which version, when it was begun (seconds of the epoch), and the answers given so far."""

    version: ProcedureVersion
    begun: int
    ways: tuple[int, ...]
    walk: Walk

    @property
    def guide(self) -> Procedure:
        """Its procedure."""
        return self.version.procedure

    @property
    def steps(self) -> list[Step]:
        """In the reader's language."""
        return in_language(self.version.steps, (get_language() or "")[:2])

    @property
    def asked(self) -> Step | None:
        """What is asked now."""
        return None if self.walk.step is None else self.steps[self.walk.step]

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What was asked and answered so far, as the reader saw it."""
        return [(self.steps[step]["ask"], self.steps[step]["ways"][way]["label"]) for step, way in self.walk.passed]

    @property
    def mark(self) -> str:
        """This place, for an address or a form."""
        return self._mark(self.ways)

    @property
    def back(self) -> str:
        """The place before the last answer; empty at the beginning."""
        return self._mark(self.ways[:-1]) if self.ways else ""

    @property
    def ahead(self) -> list[tuple[str, str]]:
        """Each answer with the place it leads to."""
        ways = self.asked["ways"] if self.asked else []
        return [(way["label"], self._mark((*self.ways, n))) for n, way in enumerate(ways)]

    def _mark(self, ways: tuple[int, ...]) -> str:
        return _SIGNER.sign(".".join(map(str, (self.version.procedure_id, self.version.number, self.begun, *ways))))


def guides_for(request: HttpRequest, brand: Brand) -> Any:
    """The guides that are offered here."""
    rows = Procedure.objects.visible_to(principal_of(request)).for_customers()
    return rows.filter(Q(category__brand=None) | Q(category__brand=brand)).order_by("name")


def beginning(guide: Procedure) -> Place:
    """Its first step, as it is now."""
    version = guide.versions.all()[0]
    return Place(version, int(clock.now().timestamp()), (), walk(version.steps, ()))


def place_in(request: HttpRequest, brand: Brand, mark: object) -> Place | None:
    """The place of a mark that we gave out; None for any other, or where the guide is no longer offered. Raises
    TooOld."""
    if not isinstance(mark, str) or not mark or len(mark) > MOST_LETTERS:
        return None
    try:
        key, number, begun, *ways = map(int, _SIGNER.unsign(mark).split("."))
    except (BadSignature, ValueError):
        return None
    if clock.now().timestamp() - begun > SECONDS:
        raise TooOld
    rows = ProcedureVersion.objects.select_related("procedure__category").filter(number=number, procedure=key)
    version = rows.filter(procedure__in=guides_for(request, brand)).first()
    if version is None:
        return None
    try:
        return Place(version, begun, tuple(ways), walk(version.steps, ways))
    except NoSuchWay:
        return None


def category_of(place: Place, brand: Brand) -> Category | None:
    """What a request is about that is sent from there; None where that category is no longer in use."""
    return Category.objects.offered_for(brand.pk).filter(pk=place.guide.category_id).first()
