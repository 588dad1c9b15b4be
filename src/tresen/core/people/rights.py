"""The one table of rights: what a role can allow, in the words of those who work with tickets.

What a person does has a name (`ticket.reply`); the PERMISSIONS tables say which right it needs, and `can()` asks. A new
right is a line here and the actions that need it; what the built-in roles have of it is the matter of a migration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Right:
    """One right. `in_team`: it can be had in one team and not in another. `scope`: what a token must be allowed."""

    name: str
    label: Any
    hint: Any = ""
    in_team: bool = False
    scope: str = "write"


@dataclass(frozen=True)
class Group:
    """Rights that are shown together."""

    label: Any
    rights: tuple[Right, ...]


GROUPS = (
    Group(_("Seeing tickets"), (
        Right("see", _("See the tickets of one’s own teams"),
              _("What is assigned to somebody, or followed, is seen in any case."), in_team=True, scope="read"),
        Right("see_loose", _("See tickets that no team has yet"), scope="read"),
        Right("see_all", _("See the tickets of all teams"), _("Also the received mail, views and texts of every team,"
              " as far as these are allowed."), scope="read"),
    )),
    Group(_("Working on tickets"), (
        Right("create", _("Take down new tickets"), _("For whoever called or came by.")),
        Right("reply", _("Answer customers and partners"), _("Also forward, plan, take back and send again."),
              in_team=True),
        Right("note", _("Write notes"), _("Also drafts for others to look at, and working time."), in_team=True),
        Right("change", _("Change tickets"), _("Status, priority, category, tags and all other fields, steps, who"
              " takes part; take a ticket oneself or let it sleep."), in_team=True),
        Right("assign", _("Assign to others"), _("To colleagues, teams and levels."), in_team=True),
        Right("merge", _("Merge, split and link tickets"), _("Also move messages from one to another."), in_team=True),
        Right("delete", _("Delete tickets"), _("And bring them back from the bin."), in_team=True),
        Right("contacts", _("Change contacts and organisations"), _("Addresses only where all their tickets are"
              " seen.")),
    )),
    Group(_("For the team"), (
        Right("views", _("Keep views of the team"), in_team=True),
        Right("texts", _("Keep saved replies and macros of the team"), in_team=True),
        Right("mail", _("Work with received mail"), _("Of the team’s mailboxes: what waits, what was set aside."),
              in_team=True),
        Right("lead", _("Lead the team"), _("Hears when somebody puts a ticket before the lead; sees who is here, and"
              " enters presence and absences."), in_team=True),
    )),
    Group(_("For everybody"), (
        Right("views_all", _("Keep views for everybody")),
        Right("texts_all", _("Keep saved replies and macros for everybody")),
        Right("articles", _("Write articles of the knowledge base"), _("Also translate them, and ask for a review.")),
        Right("publish", _("Publish articles"), _("Also review, plan and withdraw them, and keep the collections.")),
        Right("announce", _("Announce planned work, disturbances and news"), _("Customers read it on the status page,"
              " and by mail if they want to.")),
    )),
    Group(_("Settings"), (
        Right("set_people", _("Agents and teams"), _("Invite, deactivate, say who is in which team and has which role:"
              " never a right that one does not have, nor a team whose tickets one does not see."), scope="admin"),
        Right("set_mail", _("Mailboxes and sending"), _("Mailboxes, outbox, signing, providers, limits. Only"
              " administrators say by which server mail about accounts leaves."), scope="admin"),
        Right("set_brands", _("Brands, hours and mail texts"), scope="admin"),
        Right("set_tickets", _("How tickets are sorted"), _("Statuses, categories, fields, priorities, tags,"
              " checklists, procedures, recurring tickets, proposals."), scope="admin"),
        Right("set_services", _("The service catalogue"), _("Services, their forms, and what is to be done when"
              " somebody asks for one."), scope="admin"),
        Right("set_rules", _("Rules"), _("A rule works on the tickets of all teams, whoever wrote it."),
              scope="admin"),
        Right("set_levels", _("Levels and on call"), _("Whoever is on call gets tickets of all teams, and with this"
              " right one can put oneself on call."), scope="admin"),
        Right("set_targets", _("Service levels and calendars"), scope="admin"),
        Right("set_surveys", _("Surveys"), _("What is asked after a ticket was solved, and whom."), scope="admin"),
        Right("set_webhooks", _("Webhooks"), _("They tell other systems of the tickets of all teams."),
              scope="admin"),
        Right("set_tokens", _("API tokens of others"), _("Only of people who have no right that one does not have."),
              scope="admin"),
        Right("operate", _("Keep the desk running"), _("Overview and failed jobs; alarms come by mail."),
              scope="admin"),
    )),
)  # fmt: skip
RIGHTS: dict[str, Right] = {right.name: right for group in GROUPS for right in group.rights}
ALL_RIGHTS = frozenset(RIGHTS)
IN_TEAM = frozenset(right.name for right in RIGHTS.values() if right.in_team)


@lru_cache(maxsize=256)
def _known(names: tuple[str, ...]) -> frozenset[str]:
    return ALL_RIGHTS.intersection(names)


def known_rights(names: Iterable[str]) -> frozenset[str]:
    """Those of the names that are rights; the same set for the same names, so that comparing is quick."""
    return _known(tuple(names))
