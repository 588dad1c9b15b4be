"""Good rules to start from. Each is taken over switched off, to be looked at, tried and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tresen.core.people.refusals import NameTaken
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Status
from tresen.service.rules.models import Rule
from tresen.service.rules.services import create_rule
from tresen.spine.events.actors import Actor

Actions = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Example:
    """A rule to start from: its name, what it is good for, and what it says."""

    slug: str
    name: Any
    why: Any
    actions: Actions
    triggers: tuple[str, ...] = ()
    condition: str = ""
    since: str = ""
    minutes: int | None = None

    def values(self) -> dict[str, Any]:
        """As a rule keeps it; a status is the desk's own of that category."""
        return {
            "name": str(self.name), "triggers": list(self.triggers), "condition": self.condition, "since": self.since,
            "minutes": self.minutes, "actions": [_meant(action) for action in self.actions], "is_active": False,
        }  # fmt: skip


def _meant(action: dict[str, Any]) -> dict[str, Any]:
    if action["do"] == "add_tags":
        return {**action, "value": [action["value"]]}
    if action["do"] != "status":
        return dict(action)
    return {"do": "status", "value": Status.objects.default_of(StatusCategory(action["value"])).slug}


DAY = 24 * 60
GALLERY = [
    Example(
        "vip", _("VIPs first"), _("Whoever must not wait comes to the top, and wears a tag to be found by."),
        ({"do": "urgency", "value": "3"}, {"do": "add_tags", "value": "vip"}), ("created",), "is:vip",
    ),
    Example(
        "outage", _("Something is down"),
        _("Words of an outage, in three languages, make a ticket urgent and tell its team at once."),
        ({"do": "priority", "value": "4"}, {"do": "add_tags", "value": "outage"}, {"do": "notify", "whom": "team"}),
        ("created", "customer"), "outage OR down OR Ausfall OR Störung OR awaria OR przerwa",
    ),
    Example(
        "password", _("Forgotten passwords"), _("The most frequent question gets its tag, so that it can be counted."),
        ({"do": "type", "value": "service_request"}, {"do": "add_tags", "value": "password"}), ("created",),
        "password OR Passwort OR Kennwort OR hasło",
    ),
    Example(
        "invoice", _("Invoices and payments"), _("What is about money is found by its tag, whoever has it."),
        ({"do": "add_tags", "value": "billing"},), ("created",),
        "invoice OR Rechnung OR Mahnung OR faktura OR płatność",
    ),
    Example(
        "warned", _("Time runs short: tell whoever has it"),
        _("Before a promise is broken, not after it. Nobody has to watch the clocks."),
        ({"do": "notify", "whom": "assignee"},), ("warned",), "-assignee:none",
    ),
    Example(
        "breached", _("A promise was broken"), _("The team hears of it, and a tag keeps it for the review."),
        ({"do": "add_tags", "value": "overdue"}, {"do": "notify", "whom": "team"}), ("breached",),
    ),
    Example(
        "supplier", _("A supplier is late"), _("Whoever has the ticket asks him once more, or somebody else."),
        ({"do": "notify", "whom": "assignee"}, {"do": "add_tags", "value": "supplier-late"}), ("supplier_breached",),
    ),
    Example(
        "untaken", _("Nobody has taken it for an hour"), _("A new ticket that nobody takes is brought back to mind."),
        ({"do": "notify", "whom": "team"},), (), "status:new assignee:none", "created", 60,
    ),
    Example(
        "waiting", _("The customer waits for us for a day"), _("What lies with us for a day becomes more urgent."),
        ({"do": "priority", "value": "3"},), (), "status:active ball:us priority<high", "turn", DAY,
    ),
    Example(
        "silent", _("No answer for two weeks"), _("Who does not need us any more must not fill the lists for ever."),
        ({"do": "status", "value": "solved"}, {"do": "add_tags", "value": "no-answer"}), (),
        "status:waiting", "turn", 14 * DAY,
    ),
    Example(
        "close", _("Close what was solved a week ago"), _("Solved tickets rest for a week, then they are closed."),
        ({"do": "status", "value": "closed"},), (), "status:solved", "solved", 7 * DAY,
    ),
    Example(
        "undelivered", _("A reply did not arrive"), _("Whoever has the ticket hears of it, and it is our turn again."),
        ({"do": "ball", "value": "us"}, {"do": "notify", "whom": "assignee"}), ("undelivered",),
    ),
]  # fmt: skip


def take_over(slug: str, *, by: Actor) -> Rule:
    """A rule of the desk's own like that example, switched off; under another name where its own is taken. Raises
    LookupError for no such example. Event `rule.created`."""
    example = next((one for one in GALLERY if one.slug == slug), None)
    if example is None:
        raise LookupError(slug)
    values = example.values()
    for n in range(1, 100):
        name = values["name"] if n == 1 else f"{values['name']} {n}"
        try:
            return create_rule(set={**values, "name": name}, by=by)
        except NameTaken:
            continue
    raise LookupError(slug)
