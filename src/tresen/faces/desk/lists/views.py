"""The lists of the desk: views, teams, search, and what keeps them fresh."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tresen.core.people.models import Brand
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_digits, read_number
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.lists.banners import banners_for
from tresen.faces.desk.lists.column import column_of
from tresen.faces.desk.lists.pane import (
    MAX_QUERY,
    Pane,
    Source,
    bare_number,
    list_context,
    read_pane,
    read_row,
    source_of,
    views_context,
    wants_best,
)
from tresen.faces.desk.lists.reading import Page, count_news
from tresen.faces.desk.lists.table import FIRST
from tresen.kit.context import Face
from tresen.kit.pages import wants_fragment


@staff_page
@require_safe
def start(request: StaffRequest) -> HttpResponseBase:
    """`/desk/`: the first view."""
    return HttpResponseRedirect(Source(FIRST).url)


@staff_page
@require_safe
def view(request: StaffRequest, slug: str) -> HttpResponseBase:
    """`/desk/views/<slug>/`: one view; `after=` goes on from a row."""
    if slug.startswith("team-") or (found := column_of(request).find(slug)) is None:
        raise Http404
    return _list(request, Source(found).sorted_by(request.GET.get("sort", "")))


@staff_page
@require_safe
def team(request: StaffRequest, slug: str) -> HttpResponseBase:
    """`/desk/teams/<slug>/`: the open tickets of a team."""
    found = column_of(request).find(f"team-{slug}")
    if found is None:
        raise Http404
    return _list(request, Source(found).sorted_by(request.GET.get("sort", "")))


@staff_page
@require_safe
def search(request: StaffRequest) -> HttpResponseBase:
    """`/desk/search/?q=`: found tickets as a list; without a line the way to write one. A ticket number alone leads
    straight to its ticket, without its letters too where it is the only one of these digits."""
    query = request.GET.get("q", "").replace("\0", "").strip()
    if numbers := _numbers_in(bare_number(query), request.principal):
        found = Ticket.objects.visible_to(request.principal).filter(number__in=numbers).values_list("number", flat=True)
        if len(only := found[:2]) == 1:
            return HttpResponseRedirect(reverse("desk:ticket", args=[only[0]]))
    return _list(request, Source(query=query[: MAX_QUERY + 1], best=wants_best(request)))


def _numbers_in(line: str, principal: Principal) -> list[str]:
    if number := read_number(line):
        return [number]
    digits = read_digits(line)
    letters = Brand.objects.visible_to(principal).values_list("letters", flat=True) if digits else []
    return [f"{one}{digits}" for one in letters]


def _list(request: StaffRequest, source: Source) -> HttpResponseBase:
    cursor = request.GET.get("after", "")
    if wants_fragment(request) and cursor:
        pane = read_pane(request, source, cursor=cursor, counted=False)
        return render(request, "desk/lists/rows.html", {"pane": pane})
    context = list_context(request, source, cursor=cursor)
    context["later"] = bool(cursor)
    status = 400 if context["pane"].fault else 200
    if wants_fragment(request):
        response = render(request, "desk/lists/pane.html", context, status=200)
        return _placed(request, response, context["pane"].source) if "sort" in request.GET else response
    context["banners"] = banners_for(request)
    return render(request, "desk/lists/page.html", context, status=status)


def _placed(request: StaffRequest, response: HttpResponse, source: Source) -> HttpResponse:
    """The order stands in the address. Beside an open ticket the whole page comes anew, so that what is next on the
    ticket is next in the list."""
    here = urlsplit(request.htmx.current_url or "").path
    if here.startswith(reverse("desk:ticket", args=["-"]).partition("-")[0]):
        response["HX-Redirect"] = f"{here}?{source.parameter}"
    else:
        response["HX-Push-Url"] = source.url
    return response


@staff_page
@require_safe
def row(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/rows/<number>/?view=`: one row as it is now, for a list that shows it already."""
    plain, source = read_number(number), source_of(request)
    found = read_row(request, source, plain) if plain and source else None
    if found is None or source is None:
        raise Http404
    pane = Pane(source, Page([found]), "")
    return render(request, "desk/lists/rows.html", {"pane": pane})


@staff_page
@require_safe
def news(request: StaffRequest) -> HttpResponse:
    """`/desk/news/?view=&since=`: the counts of all views, what the pill says (empty when nothing is new), and the area
    of tickets in the rail."""
    source = source_of(request)
    links = views_context(request, source)
    counts = {link.slug: link.count for link in [*links["views"], *links["teams"], *links["saved_views"]]}
    since, pill = _moment(request.GET.get("since", "")), ""
    if source and source.view and since:
        new = count_news(source.view, request.principal, since=since)
        pill = ngettext("%(n)s new", "%(n)s new", new) % {"n": new} if new else ""
    area = next(place for place in Face(request).navigation if place.url == reverse("desk:start"))
    drawn = render_to_string("kit/parts/place.html", {"place": area}, request)
    return JsonResponse({"counts": counts, "pill": pill, "area": drawn})


def _moment(typed: str) -> datetime | None:
    """The moment of a whole time with its zone; None for anything else, also where no calendar reaches."""
    try:
        read = parse_datetime(typed)
        return read.astimezone(UTC) if read and read.tzinfo else None
    except (ValueError, OverflowError):
        return None
