"""From what a caller names to the rows it means. What the caller may not see does not exist here either."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext as _

from tresen.core.people.identities import fold_mail, is_phone
from tresen.core.people.models import Agent, Brand, Contact, Organisation, Team
from tresen.core.people.principals import Principal
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.changes import Needed, WrongValue
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Attachment, Status
from tresen.core.tickets.tagging import tags_named
from tresen.faces.api.inputs import ById
from tresen.faces.api.problems import WrongField
from tresen.faces.api.tickets import schemas


def team_named(principal: Principal, named: Any, path: str) -> Team | None:
    """The team of an id or short name; null is none. Raises WrongField."""
    if named is None:
        return None
    teams = Team.objects.visible_to(principal)
    if isinstance(named, schemas.BySlug):
        named = named.slug
    found = teams.filter(pk=_id(named)) if isinstance(named, int | ById) else teams.filter(slug=named)
    return _first(found.first(), path, _("There is no such team."))


def agent_named(principal: Principal, named: Any, path: str) -> Agent | None:
    """The agent of an id, an address or `me`; null is nobody. Raises WrongField."""
    if named is None:
        return None
    if named == "me":
        return principal.agent
    agents = Agent.objects.visible_to(principal)
    if isinstance(named, schemas.ByAddress):
        named = named.email
    is_id = isinstance(named, int | ById)
    found = agents.filter(pk=_id(named)) if is_id else agents.filter(user__email=fold_mail(named))
    return _first(found.first(), path, _("There is no such agent."))


def status_named(principal: Principal, named: str, path: str) -> Status:
    """The status of that short name, else the default one of that category. Raises WrongField."""
    statuses = Status.objects.visible_to(principal)
    if found := statuses.filter(slug=named).first():
        return found
    if named in StatusCategory.values:
        default: Status = statuses.default_of(named)
        return default
    raise WrongField(path, _("There is no such status; see /api/v1/statuses."))


def category_named(principal: Principal, named: str | None, path: str) -> Category | None:
    """The category of that short name; null is none. Raises WrongField."""
    if named is None:
        return None
    found = Category.objects.visible_to(principal).filter(slug=named).first()
    return _first(found, path, _("There is no such category; see /api/v1/categories."))


def brand_named(principal: Principal, named: Any, path: str) -> Brand:
    """The brand in use with that id. Raises WrongField."""
    found = Brand.objects.visible_to(principal).filter(pk=_id(named), is_active=True).first()
    return _first(found, path, _("There is no such brand."))


def organisation_named(principal: Principal, named: Any, path: str) -> Organisation | None:
    """The organisation with that id; null is none. Raises WrongField."""
    if named is None:
        return None
    found = Organisation.objects.visible_to(principal).filter(pk=_id(named)).first()
    return _first(found, path, _("There is no such organisation."))


def contact_with_id(principal: Principal, key: int, path: str) -> Contact:
    """The contact with that id. Raises WrongField."""
    found = Contact.objects.visible_to(principal).filter(pk=key).first()
    return _first(found, path, _("There is no such contact."))


def uploads(principal: Principal, ids: Any, path: str = "attachments") -> list[Attachment]:
    """The caller's own uploads that are on no message yet, locked until the transaction ends. Raises WrongField."""
    wanted = list(dict.fromkeys(ids or ()))
    free = Attachment.objects.visible_to(principal).filter(message=None, uploaded_by=principal.agent)
    locked = {row.pk: row for row in free.filter(pk__in=wanted).select_for_update(of=("self",))} if wanted else {}
    for position, key in enumerate(wanted):
        if key not in locked:
            raise WrongField(f"{path}.{position}", _("There is no such upload, or it is on a message already."))
    return [locked[key] for key in wanted]


def check_requester(principal: Principal, named: schemas.Requester) -> None:
    """Says what is wrong before anything is written. Raises WrongField."""
    given = named.given()
    if "id" in given:
        if given.keys() != {"id"}:
            raise WrongField("requester", _("With an id, leave out the rest."))
        contact_with_id(principal, named.id, "requester.id")
    elif not (named.email or named.phone):
        raise WrongField("requester", _("Give an id, an email or a phone."))
    elif named.phone and not is_phone(named.phone):
        raise WrongField("requester.phone", _("This is not a phone number."))


def requester_named(principal: Principal, named: schemas.Requester) -> Contact:
    """The contact who asks, found or made. Raises WrongField."""
    check_requester(principal, named)
    if "id" in named.given():
        return contact_with_id(principal, named.id, "requester.id")
    try:
        return find_or_create_contact(
            mail=named.email or "", phone=named.phone or "", name=named.name or "", language=named.language or "",
            by=principal.actor,
        )  # fmt: skip
    except ValueError as fault:
        raise WrongField("requester.email", _("This is not a mail address.")) from fault


def changes_of(
    principal: Principal, change: schemas.TicketChange, prefix: str = "", but: Collection[str] = ()
) -> dict[str, Any]:
    """The fields of a ticket that are to change, with the rows and numbers they mean, without those of `but`.

    Raises WrongField.
    """
    readers: dict[str, Callable[[Any, str], Any]] = {
        "status": lambda value, path: status_named(principal, value, path),
        "team": lambda value, path: team_named(principal, value, path),
        "assignee": lambda value, path: agent_named(principal, value, path),
        "category": lambda value, path: category_named(principal, value, path),
        "impact": lambda value, path: schemas.IMPACTS.index(value) + 1,
        "urgency": lambda value, path: schemas.URGENCIES.index(value) + 1,
        "priority": lambda value, path: schemas.PRIORITIES.index(value) + 1,
        "tags": lambda value, path: tags_named(value, by=principal.actor),
        "requester": lambda value, path: requester_named(principal, value),
        "organisation": lambda value, path: organisation_named(principal, value, path),
        "brand": lambda value, path: brand_named(principal, value, path),
    }
    given = change.given()
    wanted = {}
    for field in schemas.TicketChange.model_fields:
        if field in given and field not in but:
            read = readers.get(field)
            wanted[field] = read(given[field], prefix + field) if read else given[field]
    return wanted


def wrong_field(fault: WrongValue, prefix: str = "") -> WrongField:
    """The same refusal as the caller reads it."""
    needed = _("This field must be filled in.")
    return WrongField(
        prefix + fault.field, needed if isinstance(fault, Needed) else _("This value is not possible here.")
    )


def _id(named: ById | int) -> int:
    return named.id if isinstance(named, ById) else named


def _first(found: Any, path: str, words: str) -> Any:
    if found is None:
        raise WrongField(path, words)
    return found
