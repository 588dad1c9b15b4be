"""All requests of somebody who is signed in, newest first."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tresen.core.people.hosts import of_this_host
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.core.tickets.models import Ticket
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.request.stand import rows_of
from tresen.faces.portal.surroundings import portal_context

A_PAGE = 20
OTHERS = "colleagues"


@require_safe
@at_the_desk
def my_requests(request: HttpRequest, brand: Brand) -> HttpResponse:
    """The list, page by page from a number on. Colleagues are shown to the desk, visitors to the sign-in page."""
    principal = principal_of(request)
    if principal.is_staff:
        return HttpResponseRedirect("/desk/")
    if principal.kind != "contact":
        return HttpResponseRedirect(f"/sign-in/?next={quote(request.path)}")
    assert principal.contact is not None
    sees_others = principal.contact.memberships.filter(sees_tickets=True).exists()
    of_others = sees_others and request.GET.get("of") == OTHERS
    seen = Ticket.objects.visible_to(principal).filter(of_this_host(request)).order_by("-id")
    own = seen.taken_part_in_by(principal.contact)
    mine = seen.left_to_others_by(principal.contact).select_related("requester") if of_others else own
    before = request.GET.get("before", "")
    start = mine.filter(number=before[:20]).values_list("pk", flat=True).first() if before.isalnum() else None
    rows = list((mine.filter(pk__lt=start) if start else mine)[: A_PAGE + 1])
    more = len(rows) > A_PAGE
    rows = rows[:A_PAGE]
    here = reverse("portal:requests") + (f"?of={OTHERS}" if of_others else "")
    joined = "&" if of_others else "?"
    context = {
        **portal_context(request, brand, active="requests"), "rows": rows_of(rows),
        "older_url": f"{here}{joined}before={rows[-1].number}" if more else "", "newer_url": here if start else "",
        "tabs": _tabs(of_others) if sees_others else [], "of_others": of_others,
    }  # fmt: skip
    return render(request, "portal/my_requests.html", context)


def _tabs(of_others: bool) -> list[dict[str, Any]]:
    here = reverse("portal:requests")
    return [
        {"label": _("Mine"), "url": here, "active": not of_others},
        {"label": _("My colleagues’"), "url": f"{here}?of={OTHERS}", "active": of_others},
    ]
