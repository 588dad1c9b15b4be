"""Roles where one is chosen, and what is said where it is not somebody's to give."""

from __future__ import annotations

from collections.abc import Iterable

from django.forms import Form
from django.utils.translation import gettext as _

from tresen.core.people.giving import NotYours
from tresen.core.people.models import Role


def role_choices(roles: Iterable[Role]) -> list[tuple[str, str]]:
    """Each with what it is for."""
    said = {
        Role.AGENT: _("Agent: works on the tickets of their own teams"),
        Role.TEAM_LEAD: _("Team lead: like an agent, and works with the received mail of the teams’ mailboxes"),
        Role.ADMIN: _("Administrator: sees every ticket and these settings"),
    }
    return [(role.key, _described(role) if role.description else said.get(role.key, str(role))) for role in roles]


def _described(role: Role) -> str:
    return _("%(role)s: %(purpose)s") % {"role": role, "purpose": role.description}


def roles_there(roles: Iterable[Role]) -> list[tuple[str, str]]:
    """The roles that somebody can have in one team: the usual one first, no administrator."""
    others = [(role.key, str(role)) for role in roles if role.key != Role.ADMIN]
    return [("", _("as everywhere")), *others]


def explain(form: Form, fault: NotYours) -> None:
    """Why it is not saved, at the field."""
    if fault.own:
        text = _("Nobody changes their own role or teams. Ask an administrator.")
    elif fault.field == "teams":
        text = _("You can put people into teams whose tickets you see, not into others.")
    else:
        text = _("This role has a right that you do not have yourself.")
    form.add_error(fault.field if fault.field in form.fields else None, text)
