"""Roles: what somebody may do at the desk, and in one team of it. Imported by models.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tresen.core.people.rights import ALL_RIGHTS, known_rights

if TYPE_CHECKING:
    from tresen.core.people.principals import Principal


class RoleQuerySet(models.QuerySet["Role"]):
    """Roles."""

    def visible_to(self, principal: Principal) -> RoleQuerySet:
        """Staff see what roles there are; outsiders none."""
        return self.all() if principal.is_staff else self.none()


class Role(models.Model):
    """A set of rights with a name. Three are built in and keep their names; an administrator always has every right."""

    AGENT, TEAM_LEAD, ADMIN = "agent", "team_lead", "admin"
    BUILT_IN: ClassVar[dict[str, Any]] = {
        AGENT: _("Agent"), TEAM_LEAD: _("Team lead"), ADMIN: _("Administrator")
    }  # fmt: skip

    key = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=60, blank=True, default="")
    description = models.CharField(_("what it is for"), max_length=200, blank=True, default="")
    # {"reply": true, …}, names of rights.py: so that both databases can be asked who has one.
    rights = models.JSONField(default=dict, blank=True)
    objects = RoleQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.BUILT_IN.get(self.key, self.name))

    @property
    def is_built_in(self) -> bool:
        """Whether it came with the desk."""
        return self.key in self.BUILT_IN

    @property
    def held(self) -> frozenset[str]:
        """The rights that it gives."""
        return ALL_RIGHTS if self.key == self.ADMIN else known_rights(self.rights)
