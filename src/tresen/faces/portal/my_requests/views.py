"""All requests of somebody who is signed in, newest first."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tresen.core.people.hosts import of_this_host
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.core.tickets.models import Ticket
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.request.stand import rows_of
from tresen.faces.portal.surroundings import portal_context

A_PAGE = 20


@require_safe
@at_the_desk
def my_requests(request: HttpRequest, brand: Brand) -> HttpResponse:
    """The list, page by page from a number on. Colleagues are shown to the desk, visitors to the sign-in page."""
    principal = principal_of(request)
    if principal.is_staff:
        return HttpResponseRedirect("/desk/")
    if principal.kind != "contact":
        return HttpResponseRedirect(f"/sign-in/?next={quote(request.path)}")
    mine = Ticket.objects.visible_to(principal).filter(of_this_host(request)).order_by("-id")
    before = request.GET.get("before", "")
    start = mine.filter(number=before[:20]).values_list("pk", flat=True).first() if before.isalnum() else None
    rows = list((mine.filter(pk__lt=start) if start else mine)[: A_PAGE + 1])
    more = len(rows) > A_PAGE
    rows = rows[:A_PAGE]
    here = reverse("portal:requests")
    context = {
        **portal_context(request, brand, active="requests"), "rows": rows_of(rows),
        "older_url": f"{here}?before={rows[-1].number}" if more else "", "newer_url": here if start else "",
    }  # fmt: skip
    return render(request, "portal/my_requests.html", context)
