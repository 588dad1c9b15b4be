"""A rule in words: when, if, then; and what differs between two versions of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.core.people.models import Brand, Team
from tresen.kit.differences import Piece, differences
from tresen.service.rules.actions import said
from tresen.service.rules.models import Rule, RuleVersion
from tresen.service.rules.services import KEPT, fault_of
from tresen.service.rules.triggers import MOMENTS, TRIGGERS


def span(minutes: int) -> str:
    """`3 days`, `2 hours`, `45 minutes`."""
    if minutes % 1440 == 0:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def when(values: Mapping[str, Any]) -> str:
    """When a rule looks."""
    if values["since"]:
        return f"{span(values['minutes'] or 0)} {MOMENTS[values['since']].label}"
    return ", ".join(str(TRIGGERS[slug].label) for slug in values["triggers"] if slug in TRIGGERS)


@dataclass(frozen=True)
class Shown:
    """A rule as the list shows it."""

    rule: Rule
    when: str
    then: list[str]
    fault: str


def shown(rule: Rule) -> Shown:
    """Its words, and why it cannot be asked, if so."""
    values = {"since": rule.since, "minutes": rule.minutes, "triggers": rule.triggers}
    return Shown(rule, when(values), said(rule.actions), fault_of(rule))


@dataclass(frozen=True)
class Difference:
    """One thing that a version says otherwise than the one before."""

    label: Any
    pieces: list[Piece]


def between(old: RuleVersion | None, new: RuleVersion) -> list[Difference]:
    """What differs, thing by thing; for the first version all it says."""
    before, after = (_words(old.values) if old else {}), _words(new.values)
    return [
        Difference(label, differences(before.get(label, ""), text))
        for label, text in after.items()
        if before.get(label, "") != text
    ]


def _words(values: Mapping[str, Any]) -> dict[str, str]:
    given = {name: values.get(name) for name in KEPT}
    brand = Brand.objects.filter(pk=given["brand"]).first() if given["brand"] else None
    team = Team.objects.filter(pk=given["team"]).first() if given["team"] else None
    return {
        _("Name"): str(given["name"]), _("When"): when(values), _("Condition"): str(given["condition"] or ""),
        _("Brand"): str(brand or ""), _("Team"): str(team or ""), _("Then"): "\n".join(said(given["actions"] or [])),
    }  # fmt: skip


def why_not(why: str) -> str:
    """Why an action of a run was left out, or the rule stopped, in words; a fault as it is."""
    known = {
        "caps": _("the limits for automatic mail are reached"), "machine": _("a machine wrote"),
        "mails": _("the limit of people written to in one go is reached"),
        "unconfirmed": _("the address is not confirmed"), "address": _("there is no address to write to"),
        "language": _("there is no text in this language"), "nobody": _("nobody is there for it"),
        "gone": _("something it names is gone"), "full": _("the checklist is full"),
        "finished": _("the ticket is finished"), "team": _("the ticket has no team"),
        "depth": _("more rules in a row than the limit allows"), "own_mail": _("it would have written to ourselves"),
        "parent": _("it has a parent already"), "level": _("there is no such level above it"),
    }  # fmt: skip
    return ", ".join(known.get(part, part) for part in why.split(", ")) if why else ""
