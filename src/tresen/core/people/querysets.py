"""Reads of people that read aloud. Every query for a person starts at `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from tresen.core.people.role_models import Role

if TYPE_CHECKING:
    from tresen.core.people.models import Agent, Brand, Contact, Organisation, Team, User  # noqa: F401
    from tresen.core.people.principals import Principal


class UserQuerySet(models.QuerySet["User"]):
    """Accounts."""

    def get_by_natural_key(self, email: str) -> Any:
        """What Django's authentication asks for."""
        from tresen.core.people.identities import fold_mail

        return self.get(email=fold_mail(email))

    normalize_email = staticmethod(BaseUserManager.normalize_email)


class BrandQuerySet(models.QuerySet["Brand"]):
    """Brands."""

    def visible_to(self, principal: Principal) -> BrandQuerySet:
        """Staff see every brand; outsiders none."""
        return self.all() if principal.is_staff else self.none()

    def default(self) -> Any:
        """The brand for whatever names no other. Raises Brand.DoesNotExist on a desk that is not set up."""
        found = self.filter(is_active=True).order_by("-is_default", "id").first()
        if found is None:
            raise self.model.DoesNotExist("the desk has no brand yet")
        return found


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams."""

    def visible_to(self, principal: Principal) -> TeamQuerySet:
        """Staff see every team by name; outsiders none."""
        return self.all() if principal.is_staff else self.none()

    def active(self) -> TeamQuerySet:
        """Teams that can be given tickets."""
        return self.filter(is_active=True)


class AgentQuerySet(models.QuerySet["Agent"]):
    """Agents."""

    def visible_to(self, principal: Principal) -> AgentQuerySet:
        """Colleagues see each other; outsiders nobody."""
        return self.select_related("user") if principal.is_staff else self.none()

    def active(self) -> AgentQuerySet:
        """Agents that can sign in and be given tickets."""
        return self.filter(user__is_active=True)

    def administrators(self) -> AgentQuerySet:
        """Those who have every right."""
        return self.filter(role=Role.ADMIN)

    def who_may(self, right: str) -> AgentQuerySet:
        """Those whose own role gives the right."""
        return self.filter(Q(role=Role.ADMIN) | Q(role__rights__has_key=right))

    def who_may_in(self, right: str, team: int | None) -> AgentQuerySet:
        """Members of the team who have the right there; of no team nobody is."""
        if team is None:
            return self.none()
        own = Q(memberships__role=None) & (Q(role=Role.ADMIN) | Q(role__rights__has_key=right))
        there = own | Q(memberships__role__rights__has_key=right)
        return self.filter(there, memberships__team=team)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations."""

    def visible_to(self, principal: Principal) -> OrganisationQuerySet:
        """Staff see all; a contact his own."""
        if principal.is_staff:
            return self.all()
        return self.filter(contacts=principal.contact) if principal.contact else self.none()


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts."""

    def visible_to(self, principal: Principal) -> ContactQuerySet:
        """Staff see all; a contact himself."""
        if principal.is_staff:
            return self.all()
        return self.filter(pk=principal.contact.pk) if principal.contact else self.none()

    def matching(self, text: str) -> ContactQuerySet:
        """Contacts whose name, address or number contains the text; for finding one while typing."""
        from tresen.core.people.identities import fold_phone

        text = text.strip()
        found = Q(name__icontains=text) | Q(identities__folded__icontains=text.lower())
        if len(digits := fold_phone(text)) >= 4:
            found |= Q(identities__kind="phone", identities__folded__contains=digits.lstrip("+0"))
        return self.filter(found).distinct()
