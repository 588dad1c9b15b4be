"""What the timeline says of tickets that were merged, split, linked, deleted; `WORDS` maps a kind of event to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.tickets.numbers import show_number
from tresen.spine.events.models import Event


def link_words(kind: str, *, is_source: bool) -> str:
    """How the other ticket of a link is called, seen from this one."""
    words: Mapping[tuple[str, bool], str] = {
        ("related", True): _("related"),
        ("related", False): _("related"),
        ("duplicate", True): _("this is a duplicate of it"),
        ("duplicate", False): _("a duplicate of this one"),
        ("caused", True): _("caused this one"),
        ("caused", False): _("caused by this one"),
        ("child", True): _("the parent of this one"),
        ("child", False): _("a child of this one"),
    }
    return words.get((kind, is_source), kind)


def _facts(event: Event) -> dict[str, Any]:
    changes = event.changes
    other = changes.get("to") or changes.get("into") or changes.get("from") or ""
    return {"number": show_number(str(other)), "n": len(changes.get("messages") or [])}


def _merged(event: Event) -> list[str]:
    return [_("merged into %(number)s") % _facts(event)]


def _arrived(event: Event) -> list[str]:
    facts = _facts(event)
    text = ngettext(
        "%(number)s merged into this one with %(n)s message",
        "%(number)s merged into this one with %(n)s messages",
        facts["n"],
    )
    return [text % facts]


def _merge_undone(event: Event) -> list[str]:
    facts = _facts(event)
    if "to" in event.changes:
        text = ngettext(
            "merge taken back, %(n)s message went home to %(number)s",
            "merge taken back, %(n)s messages went home to %(number)s", facts["n"],
        )  # fmt: skip
    else:
        text = ngettext(
            "merge taken back, %(n)s message came home from %(number)s",
            "merge taken back, %(n)s messages came home from %(number)s", facts["n"],
        )  # fmt: skip
    return [text % facts]


def _split(event: Event) -> list[str]:
    facts = _facts(event)
    return [
        ngettext("%(n)s message split off as %(number)s", "%(n)s messages split off as %(number)s", facts["n"]) % facts
    ]


def _split_undone(event: Event) -> list[str]:
    if "to" in event.changes:
        return [_("split taken back, all of it is on %(number)s again") % _facts(event)]
    return [_("split taken back, all of %(number)s is here again") % _facts(event)]


def _linked(event: Event) -> list[str]:
    words = link_words(str(event.changes.get("kind", "")), is_source="to" in event.changes)
    return [_("linked with %(number)s: %(how)s") % {**_facts(event), "how": words}]


def _unlinked(event: Event) -> list[str]:
    return [_("no longer linked with %(number)s") % _facts(event)]


def _deleted(event: Event) -> list[str]:
    return [_("deleted")]


def _restored(event: Event) -> list[str]:
    return [_("restored from the bin")]


WORDS: dict[str, Callable[[Event], list[str]]] = {
    "ticket.merged": _merged, "merge.arrived": _arrived, "merge.undone": _merge_undone, "ticket.split": _split,
    "split.undone": _split_undone, "ticket.linked": _linked, "ticket.unlinked": _unlinked, "ticket.deleted": _deleted,
    "ticket.restored": _restored,
}  # fmt: skip
