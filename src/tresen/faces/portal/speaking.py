"""In which language and time zone does a page speak to somebody without an account?"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from tresen.core.people.models import Brand, User

CODES = frozenset(code for code, _name in settings.LANGUAGES)
# The cookie of the language links at the foot of every page.
COOKIE = "tresen-language"


def has_chosen_language(request: HttpRequest) -> bool:
    """Whether the person behind the request has said which language he wants: by account, link or cookie."""
    asked = {request.GET.get("lang"), request.GET.get("language"), request.COOKIES.get(COOKIE)}
    return isinstance(request.user, User) or bool(CODES & asked)


@contextmanager
def speaking(request: HttpRequest, brand: Brand, *, language: str = "", zone: str = "") -> Iterator[str]:
    """Language and zone of the page: what the person chose, else what is known of him; the brand's own where it does
    not offer that. Gives the language."""
    known = language if language in CODES else ""
    spoken = translation.get_language() or "en"
    if known and not has_chosen_language(request):
        spoken = known
    request.languages = brand.spoken  # type: ignore[attr-defined]  # for the links at the foot (kit/context.py)
    if spoken not in brand.spoken:
        spoken = brand.language
    here = timezone.get_current_timezone() if isinstance(request.user, User) else zone_of(zone)
    with translation.override(spoken), timezone.override(here):
        yield spoken


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name; UTC for one that does not exist."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
