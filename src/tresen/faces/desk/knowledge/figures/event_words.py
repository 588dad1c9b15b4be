"""What the timeline says of articles."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from tresen.spine.events.models import Event


def _carried(event: Event) -> list[str]:
    return [
        _("the customer had read an article first, which did not help: %(title)s")
        % {"title": event.changes.get("title", "")}
    ]


WORDS: dict[str, Callable[[Event], list[str]]] = {"article.carried": _carried}
