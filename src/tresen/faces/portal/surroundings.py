"""What stands around every page of the portal: the brand, its navigation, the ways to reach it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tresen.channels.mail.models import Mailbox
from tresen.core.announcements.models import AnnouncedTicket, Announcement
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.core.tickets.models import Ticket

MOST_TROUBLES = 3


class Place(NamedTuple):
    """An entry of the navigation."""

    label: str
    url: str
    active: bool


def portal_context(
    request: HttpRequest, brand: Brand, *, active: str = "", ticket: Ticket | None = None
) -> dict[str, Any]:
    """What `kit/portal_base.html` reads. `active` is `home`, `help` or `requests`."""
    return {
        "brand": brand,
        "brand_css_url": f"/brand/{brand.pk}.css",
        "brand_logo_url": f"/brand/{brand.pk}/logo" if brand.logo_key else "",
        "portal_navigation": navigation(request, active),
        "can_sign_out": request.user.is_authenticated,
        "announced": lasting_troubles(request, brand, ticket),
    }


def navigation(request: HttpRequest, active: str) -> list[Place]:
    """Where one can go: guests are few places, customers see their requests, colleagues the way back to the desk."""
    principal = principal_of(request)
    help_label = pgettext("the knowledge base", "Help")
    places = [
        Place(_("Home"), reverse("portal:home"), active == "home"),
        Place(help_label, reverse("portal:help"), active == "help"),
    ]
    if principal.is_staff:
        places.append(Place(_("To the desk"), "/desk/", False))
    elif principal.kind == "contact":
        places.append(Place(_("My requests"), reverse("portal:requests"), active == "requests"))
    else:
        places.append(Place(_("Sign in"), "/sign-in/", False))
    return places


def lasting_troubles(request: HttpRequest, brand: Brand, ticket: Ticket | None = None) -> list[Announcement]:
    """What may be why somebody comes: disturbances and work that last, as far as they are for him. On the page of a
    ticket each says whether that `is_tied` to it."""
    rows = Announcement.objects.readable_by(principal_of(request), brand).known_troubles()
    if ticket:
        rows = rows.annotate(is_tied=Exists(AnnouncedTicket.objects.filter(announcement=OuterRef("pk"), ticket=ticket)))
    return list(rows.worst_first()[:MOST_TROUBLES])


def mail_address(brand: Brand) -> str:
    """The address at which the brand is reached by mail; empty when it has no mailbox."""
    rows = Mailbox.objects.filter(is_active=True, brand=brand).order_by("id")
    return rows.values_list("address", flat=True).first() or ""


def is_own_address(address: str) -> bool:
    """Whether that is one of our own mailboxes, also with a mark behind a plus sign (RFC 5233): nobody asks as we."""
    local, _at, domain = fold_mail(address).rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    return Mailbox.objects.filter(address__iexact=plain).exists()
