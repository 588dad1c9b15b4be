"""Reads of tickets that read aloud. Every query for a person starts at `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tresen.core.people.models import Contact, OrganisationMembership
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import ACTIVE, FINISHED, UNSENT, MessageKind
from tresen.kit.prepared import prepared

if TYPE_CHECKING:
    from tresen.core.tickets.category_models import Category  # noqa: F401
    from tresen.core.tickets.field_models import CustomField  # noqa: F401
    from tresen.core.tickets.models import Attachment, Message, Status, Tag, Ticket  # noqa: F401
    from tresen.core.tickets.side_models import SideThread  # noqa: F401

# Messages that are not for eyes outside the desk, as `Message.is_internal`.
INTERNAL = Q(kind=MessageKind.NOTE) | Q(is_held=True) | Q(is_automatic=True) | Q(is_side=True) | Q(delivery__in=UNSENT)


class StatusQuerySet(models.QuerySet["Status"]):
    """Statuses."""

    def visible_to(self, principal: Principal) -> StatusQuerySet:
        """Staff see every status; outsiders none."""
        return self.all() if principal.is_staff else self.none()

    def active(self) -> StatusQuerySet:
        """Those that can be chosen."""
        return self.filter(is_active=True)

    def default_of(self, category: str) -> Any:
        """The status of the desk that stands for its category when a machine sets it, whatever these are narrowed to.
        Raises Status.DoesNotExist."""
        found = next(iter(_of_category.rows(self.model, category)), None)
        if found is None:
            raise self.model.DoesNotExist(f"no status of category {category}")
        return found


@prepared
def _of_category(model: type[Status], category: str) -> models.QuerySet[Status]:
    rows = model.objects.filter(category=category)
    return rows.order_by("-is_default", "-is_active", "position", "id")[:1]


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories."""

    def visible_to(self, principal: Principal) -> CategoryQuerySet:
        """Staff see the whole tree; outsiders nothing of it."""
        return self.all() if principal.is_staff or principal.kind == "system" else self.none()

    def active(self) -> CategoryQuerySet:
        """Those in use."""
        return self.filter(is_active=True)

    def offered_for(self, brand: int | None) -> CategoryQuerySet:
        """Those that a ticket of that brand may be given."""
        return self.active().filter(Q(brand=None) | Q(brand=brand))

    def offered_at_once(self) -> CategoryQuerySet:
        """Those of a ticket that is taken down by hand: it begins under the default brand."""
        return self.active().filter(Q(brand=None) | Q(brand__is_default=True))


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    """Custom fields."""

    def visible_to(self, principal: Principal) -> CustomFieldQuerySet:
        """Staff see every field; outsiders those that are for customers."""
        return self.all() if principal.is_staff or principal.kind == "system" else self.filter(for_customers=True)

    def active(self) -> CustomFieldQuerySet:
        """Those in use."""
        return self.filter(is_active=True)

    def for_customers(self) -> CustomFieldQuerySet:
        """Those that customers are asked for and see, whoever looks."""
        return self.filter(for_customers=True)


class TagQuerySet(models.QuerySet["Tag"]):
    """Tags."""

    def visible_to(self, principal: Principal) -> TagQuerySet:
        """Staff see every tag; outsiders none."""
        return self.all() if principal.is_staff else self.none()


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets."""

    def visible_to(self, principal: Principal) -> TicketQuerySet:
        """Agents: all, or those of their teams and of no team, as their rights say; their own; where they take part.
        Contacts: where they are the requester or take part, and all of an organisation that has given them that right.
        A link: its one ticket. Nobody sees what is in the bin (`in_bin`); people from outside see no signpost of a
        merge."""
        if principal.kind == "system":
            return self.all()
        there = self.filter(deleted_at=None)
        if principal.sees_all_tickets:
            return there
        if principal.agent:
            from tresen.core.tickets.models import Participant

            follows = Participant.objects.filter(ticket=OuterRef("pk"), agent=principal.agent)
            return there.filter(_of_teams(principal) | Q(assignee=principal.agent) | Exists(follows))
        if principal.contact:
            takes_part = _parts(principal.contact)
            there = there.filter(merged_into=None)
            if principal.kind == "link":
                return there.filter(Exists(takes_part), pk=principal.ticket_id)
            of_organisation = Exists(_sights(principal.contact))
            return there.filter(Exists(takes_part) | of_organisation, is_unconfirmed=False)
        return self.none()

    def taken_part_in_by(self, contact: Contact) -> TicketQuerySet:
        """Those on which the contact is, as the requester or in copy."""
        return self.filter(Exists(_parts(contact)))

    def left_to_others_by(self, contact: Contact) -> TicketQuerySet:
        """Those on which the contact is not."""
        return self.filter(~Exists(_parts(contact)))

    def told_whether_on(self, contact: Contact) -> TicketQuerySet:
        """With `takes_part`: whether the contact is on the ticket, or merely sees it by his organisation."""
        return self.annotate(takes_part=Exists(_parts(contact)))

    def in_bin(self, principal: Principal) -> TicketQuerySet:
        """Deleted ones that the principal would see if they were not: whoever may restore them."""
        if not principal.is_staff or not principal.agent:
            return self.none()
        seen = Q() if principal.sees_all_tickets else _of_teams(principal)
        return self.filter(seen, deleted_at__isnull=False)

    def active(self) -> TicketQuerySet:
        """Neither solved nor closed."""
        return self.filter(status_category__in=ACTIVE)

    def finished(self) -> TicketQuerySet:
        """Solved or closed."""
        return self.filter(status_category__in=FINISHED)

    def with_row(self) -> TicketQuerySet:
        """With everything that a list row shows."""
        return self.select_related(
            "status", "category", "team", "assignee__user", "requester", "organisation", "brand"
        )  # fmt: skip


def _parts(contact: Contact) -> models.QuerySet[Any]:
    from tresen.core.tickets.models import Participant

    return Participant.objects.filter(ticket=OuterRef("pk"), contact=contact)


def _sights(contact: Contact) -> models.QuerySet[Any]:
    rows = OrganisationMembership.objects.filter(contact=contact, sees_tickets=True)
    return rows.filter(organisation=OuterRef("organisation"))


def _of_teams(principal: Principal) -> Q:
    """Those of his teams, where he may see them, and those that no team has, if he may."""
    of_teams = Q(team_id__in=principal.teams_with("see"))
    return of_teams | Q(team=None) if principal.may("see_loose") else of_teams


class SideThreadQuerySet(models.QuerySet["SideThread"]):
    """Side threads."""

    def visible_to(self, principal: Principal) -> SideThreadQuerySet:
        """Those of visible tickets, for staff; outsiders none, whoever they are."""
        from tresen.core.tickets.models import Ticket

        if not principal.is_staff:
            return self.none()
        tickets = Ticket.objects.visible_to(principal).filter(pk=OuterRef("thread__ticket"))
        return self.filter(Exists(tickets)).select_related("thread__ticket")


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages."""

    def visible_to(self, principal: Principal) -> MessageQuerySet:
        """Those of visible tickets; people from outside see no notes, no held mail and, by a mere link, nothing older
        than their joining the ticket (safety decision 12)."""
        from tresen.core.tickets.models import Ticket

        mine = self.filter(Exists(Ticket.objects.visible_to(principal).filter(pk=OuterRef("ticket"))))
        if principal.is_staff or principal.kind == "system":
            return mine
        shown = mine.exclude(INTERNAL)
        if principal.kind != "link":
            return shown
        from tresen.core.tickets.models import Participant

        here = Participant.objects.filter(
            ticket=OuterRef("ticket"), contact=principal.contact, joined_at__lte=OuterRef("created_at")
        )
        return shown.filter(Exists(here))


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files."""

    def visible_to(self, principal: Principal) -> AttachmentQuerySet:
        """Those on visible messages, an agent's own uploads that are not sent yet, and those in drafts he sees."""
        from tresen.core.tickets.models import Draft, Message

        on_messages = Q(message__in=Message.objects.visible_to(principal))
        if principal.agent:
            loose = Q(message=None, draft=None, uploaded_by=principal.agent)
            return self.filter(on_messages | loose | Q(message=None, draft__in=Draft.objects.visible_to(principal)))
        return self.filter(on_messages)
