"""What is said of calling colleagues in a note: who is asked, who will see the ticket by it, who will not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.teamwork.mentions import newcomers
from tresen.core.teamwork.naming import Named
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import MOST_COLLEAGUES

MOST_NAMES = 5


def called_words(ticket: Ticket, called: Sequence[Named]) -> list[str]:
    """What follows from calling these, in sentences."""
    found = newcomers(ticket, called)
    names = [name for one in found for name in one.agents.values()]
    said = [_("Asked for their part: %(names)s.") % {"names": ", ".join(who.name for who in called)}]
    if names:
        said.append(ngettext(
            "%(names)s does not see this ticket yet and will from then on.",
            "%(names)s do not see this ticket yet and will from then on.", len(names),
        ) % {"names": _some(names)})  # fmt: skip
    return [*said, *no_room(name for one in found for name in one.left_out)]


def no_room(names: Iterable[str]) -> list[str]:
    """A sentence on those who will not see the ticket though they are called; none for nobody."""
    left_out = list(names)
    if not left_out:
        return []
    facts = {"names": _some(left_out), "most": MOST_COLLEAGUES}
    return [ngettext(
        "%(names)s will not see it: at most %(most)s colleagues take part in a ticket.",
        "%(names)s will not see it: at most %(most)s colleagues take part in a ticket.", len(left_out),
    ) % facts]  # fmt: skip


def _some(names: list[str]) -> str:
    """The first of them, and how many there are besides."""
    more = len(names) - MOST_NAMES
    if more <= 0:
        return ", ".join(names)
    return ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more) % {
        "names": ", ".join(names[:MOST_NAMES]), "n": more,
    }  # fmt: skip
