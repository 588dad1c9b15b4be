"""Through which door does somebody come to a request: a personal link, the browser that sent it, or an account?

Behind every door lies the same page; a door says who is there, what is believed of him and under which address he is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tresen.core.people.hosts import base_of, brand_of_host, of_this_host
from tresen.core.people.models import Contact
from tresen.core.people.principals import Principal, principal_of
from tresen.core.tickets.choices import Trust
from tresen.core.tickets.links import open_link
from tresen.core.tickets.merging import number_after_merges
from tresen.core.tickets.models import Ticket, TicketLink
from tresen.core.tickets.nudging import is_our_turn
from tresen.faces.portal.entrance import FIRST_RUN, View, front_brand
from tresen.faces.portal.find_link.forms import LinkForm
from tresen.faces.portal.followed import followed_link
from tresen.faces.portal.speaking import speaking
from tresen.faces.portal.surroundings import portal_context
from tresen.faces.portal.uploads import GUEST, KNOWN, Allowance

# Nothing of a page behind a link is told to others, kept or found (safety test S20).
LINK_HEADERS = {
    "Referrer-Policy": "no-referrer", "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """An opened way to one ticket. `base` is the path of its page, with a slash at its end."""

    principal: Principal
    contact: Contact
    ticket: Ticket
    link: TicketLink | None
    base: str

    @property
    def is_proven(self) -> bool:
        """He has an account, or reads the mailbox that the link was sent to; else only this browser sent it."""
        return self.link is None or self.link.by_mail

    @property
    def may_nudge(self) -> bool:
        """It is our turn, and he has shown who he is."""
        return self.is_proven and self.takes_part and is_our_turn(self.ticket)

    @property
    def takes_part(self) -> bool:
        """He is on the ticket; who merely sees it by his organisation may read and write, not close or hurry it."""
        return bool(getattr(self.ticket, "takes_part", True))

    @property
    def is_requester(self) -> bool:
        """He is the one who asks, not somebody in copy."""
        return self.ticket.requester_id == self.contact.pk

    @property
    def may_confirm(self) -> bool:
        """The link he came by shows that the address is his, and nobody has noted that yet."""
        return self.ticket.is_unconfirmed and self.is_requester and self.link is not None and self.link.by_mail

    @property
    def trust(self) -> Trust:
        """What is believed of a message that he writes here."""
        if self.link is None:
            return Trust.SIGNED_IN
        return Trust.CLAIMED if self.link.by_mail else Trust.ANONYMOUS

    @property
    def allowance(self) -> Allowance:
        """How much he may attach."""
        return KNOWN if self.is_proven else GUEST


def open_door(request: HttpRequest, *, token: str = "", number: str = "") -> Door | None:
    """The door of a personal link (`token`), or of an account or this browser's session (`number`); None: closed."""
    link = open_link(token) if token else None
    base = reverse("portal:link", args=[token]) if token else ""
    if not token:
        plain = number_after_merges(number)
        if plain is None:
            return None
        base = reverse("portal:request", args=[plain])
        if door := _door_of_account(request, plain, base):
            return door
        link = followed_link(request, plain)
    if link is None:
        return None
    principal = Principal.of_link(link.contact, link.ticket_id, link.pk)
    ticket = _tickets(request, principal).filter(pk=link.ticket_id).first()
    return Door(principal, link.contact, ticket, link, base) if ticket else None


def _door_of_account(request: HttpRequest, number: str, base: str) -> Door | None:
    principal = principal_of(request)
    if principal.kind != "contact" or principal.contact is None:
        return None
    ticket = _tickets(request, principal).filter(number=number).first()
    return Door(principal, principal.contact, ticket, None, base) if ticket else None


def _tickets(request: HttpRequest, principal: Principal) -> Any:
    """What may be opened at this host; a door of another brand's host is none here."""
    rows = Ticket.objects.visible_to(principal).filter(of_this_host(request))
    if principal.contact:
        rows = rows.told_whether_on(principal.contact)
    asked = ("service_request__service", "service_request__form")
    return rows.select_related("brand", "status", "requester", "assignee__user", "clock_strip", *asked)


def through_a_door(view: Callable[..., HttpResponse]) -> View:
    """Gives the view its Door; where there is none, the way to one."""

    @wraps(view)
    def enter(request: HttpRequest, token: str = "", number: str = "", **named: Any) -> HttpResponse:
        door = open_door(request, token=token, number=number)
        if door is None:
            return _link_is_dead(request, token) if token else _no_such_request(request)
        brand, contact = door.ticket.brand, door.contact
        # Who has proven nothing learns nothing of the contact, not even its language.
        language = (contact.language or door.ticket.language) if door.is_proven else ""
        zone = (contact.timezone if door.is_proven else "") or brand.timezone
        with speaking(request, brand, language=language, zone=zone) as spoken:
            response = view(request, door, **named)
        response.headers["Content-Language"] = spoken
        return with_headers(response) if token else response

    return enter


def with_headers(response: HttpResponse) -> HttpResponse:
    """The answer with the headers that every page behind a link has."""
    for name, value in LINK_HEADERS.items():
        response.headers[name] = value
    return response


def _link_is_dead(request: HttpRequest, token: str) -> HttpResponse:
    brand = front_brand(request)
    if brand is None:
        return HttpResponseRedirect(FIRST_RUN)
    if elsewhere := _at_its_own_host(request, token):
        return with_headers(HttpResponseRedirect(elsewhere))
    with speaking(request, brand, zone=brand.timezone):
        # Who was writing while the link ended gets his words back, to send them by the new one.
        typed = request.POST.get("text", "")
        context = {**portal_context(request, brand), "form": LinkForm(), "typed": typed}
        return with_headers(render(request, "portal/link_gone.html", context, status=404))


def _at_its_own_host(request: HttpRequest, token: str) -> str:
    """Where a living link of a brand leads that had no host of its own when it was sent. Only from the host of the
    desk: on one brand's host there is nothing of another."""
    if request.method != "GET" or brand_of_host(request):
        return ""
    link = open_link(token)
    host = link.ticket.brand.own_host if link else ""
    return base_of(host) + request.get_full_path() if host else ""


def _no_such_request(request: HttpRequest) -> HttpResponse:
    """A visitor without an account is asked to sign in, whether there is such a request or not."""
    if request.user.is_authenticated:
        raise Http404
    return HttpResponseRedirect(f"/sign-in/?next={quote(request.path)}")
