"""‘Me too’: it affects somebody, who need not write one more ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.announcements.affected import is_affected, say_me_too
from tresen.core.announcements.models import Announcement
from tresen.core.announcements.services import NotPossible
from tresen.core.people.models import Brand, Contact
from tresen.core.people.principals import principal_of
from tresen.core.people.services import main_identity
from tresen.core.tickets.models import Ticket
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.limits import HOUR, count_me_too, count_subscription
from tresen.faces.portal.request.doors import Door, open_door
from tresen.faces.portal.status.forms import AddressForm
from tresen.faces.portal.status.pages import around
from tresen.faces.portal.status.reading import readable
from tresen.faces.portal.status.subscribing import ask_for_news
from tresen.kit import notices
from tresen.kit.crypto import new_token, token_hash
from tresen.kit.requests import place_of
from tresen.spine.events.actors import Actor

BROWSER = "me-too"


@dataclass(frozen=True)
class Who:
    """Who says it: a contact who is proven to be it, else this browser; and the request he came from, if any."""

    contact: Contact | None
    browser: str
    door: Door | None = None

    @property
    def ticket(self) -> Ticket | None:
        """That request."""
        return self.door.ticket if self.door else None

    @property
    def actor(self) -> Actor:
        """As whom it is noted."""
        return Actor.contact(self.contact) if self.contact else Actor.system("portal")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def me_too(request: HttpRequest, brand: Brand, announcement_id: int) -> HttpResponse:
    """`/status/<id>/me-too/`: GET asks, POST counts him once; where he gives an address, he hears how it goes on.
    `door` is the path of the request's page from which it comes: that request is tied to it."""
    row = readable(request, brand).filter(pk=announcement_id).first()
    if row is None:
        raise Http404
    if request.method != "POST":
        return _page(request, brand, row, AddressForm(required=False))
    form = AddressForm(request.POST, required=False)
    if not form.is_valid():
        return _page(request, brand, row, form, status=422)
    who = who_asks(request)
    knows = is_affected(row, contact=who.contact, browser=who.browser)
    if not knows and who.contact is None and not count_me_too(row.pk, place_of(request)):
        return _page(request, brand, row, form, status=429)
    if form.cleaned_data["email"] and not count_subscription(place_of(request)):
        return _page(request, brand, row, form, status=429)
    if not principal_of(request).is_staff:  # the desk's own people try it out
        try:
            say_me_too(row, contact=who.contact, browser=who.browser, brand=brand, ticket=who.ticket, by=who.actor)
        except NotPossible:
            notices.tell(request, _("It is over already."), "info")
            return HttpResponseRedirect(reverse("portal:status-one", args=[row.pk]))
    return _done(request, brand, row, form.cleaned_data["email"], who)


def _done(request: HttpRequest, brand: Brand, row: Announcement, address: str, who: Who) -> HttpResponse:
    told = _("Thank you, we know that it affects you. You need not write to us.")
    if address:
        told = f"{told} {ask_for_news(request, brand, row, address)}"
    elif who.contact and (own := main_identity(who.contact)) and own.verified_at:
        told = f"{told} {_('You hear by mail when there is news and when it is over.')}"
    notices.tell(request, told)
    return HttpResponseRedirect(who.door.base if who.door else reverse("portal:status-one", args=[row.pk]))


def who_asks(request: HttpRequest) -> Who:
    """A customer who is signed in, or came by the link in his mail; else the browser, which is remembered for its
    session. Who merely says who he is counts as a browser."""
    door, principal = door_of(request), principal_of(request)
    if principal.kind == "contact":
        return Who(principal.contact, "", door)
    if door and door.is_proven:
        return Who(door.contact, "", door)
    return Who(None, browser_of(request), door)


def door_of(request: HttpRequest) -> Door | None:
    """The door to the request from whose page he comes, where it opens to him."""
    kind, _slash, rest = request.POST.get("door", "")[:200].strip("/").partition("/")
    if kind == "t" and rest:
        return open_door(request, token=rest)
    return open_door(request, number=rest) if kind == "requests" and rest else None


def browser_of(request: HttpRequest) -> str:
    """A hash by which this browser is known again as long as its session lasts."""
    if BROWSER not in request.session:
        request.session[BROWSER] = new_token(128)
    return token_hash(str(request.session[BROWSER]))


def _page(
    request: HttpRequest, brand: Brand, row: Announcement, form: AddressForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        **around(request, brand), "row": row, "form": form, "is_contact": principal_of(request).kind == "contact",
        "too_many": status == 429,
    }  # fmt: skip
    response = render(request, "portal/status/me_too.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    return response
