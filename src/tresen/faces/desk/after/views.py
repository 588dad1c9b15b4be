"""Choosing what happens after an action, beside the button that sends."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.after.going_on import list_behind, remember
from tresen.kit.pages import wants_fragment


@staff_page
@require_POST
def choose(request: StaffRequest) -> HttpResponseBase:
    """`/desk/after/`: `after` counts from now on for the list that the form names."""
    source = list_behind(request)
    if source is None:
        raise Http404
    remember(request, source)
    return HttpResponse(status=204) if wants_fragment(request) else HttpResponseRedirect(source.url)
