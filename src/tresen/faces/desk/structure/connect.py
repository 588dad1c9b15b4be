"""Another ticket that has to do with this one: merged with it either way, or linked."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal
from tresen.core.tickets import merging, relating
from tresen.core.tickets.merging import CannotMerge, NotAsked
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.relating import CannotLink
from tresen.core.tickets.staged import numbers_in
from tresen.core.tickets.structure_models import Relation, RelationKind
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.structure.telling import tell_done
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit import notices

SUGGESTED = 8
# What each button does: the kind of link, and whether this ticket is its source.
LINKS = {
    "related": (RelationKind.RELATED, True),
    "duplicate": (RelationKind.DUPLICATE, True),
    "caused": (RelationKind.CAUSED, True),
    "child": (RelationKind.CHILD, True),
    "parent": (RelationKind.CHILD, False),
}
WHY_NOT = {
    "same": gettext_lazy("It is the same ticket, or leads here already."),
    "merged": gettext_lazy("One of them was merged meanwhile. Load the page again."),
    "brand": gettext_lazy("They stand under different brands. Change the brand of one of them first."),
    "people": gettext_lazy("Together they would have more than 48 people."),
    "side": gettext_lazy("Somebody in a side thread of the one takes part in the other."),
    "gone": gettext_lazy("One of them was merged or deleted meanwhile."),
    "there": gettext_lazy("They are linked like this already."),
    "parent": gettext_lazy("A ticket has one parent, and this one has another already."),
    "depth": gettext_lazy("A parent cannot be a child as well."),
}


@staff_page
@require_http_methods(["GET", "POST"])
def connect(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/connect/`: asks with which other (`with`), shows what a merge would do, and links. POST
    with `act`; a merge by which people read more needs their keys in `sure`."""
    here = find_ticket(request.principal, number)
    require(request.principal, "ticket.merge", here)
    wanted = (request.POST if request.method == "POST" else request.GET).get("with", "")[:40]
    other = _other(request.principal, wanted, here) if wanted else None
    if wanted and other is None:
        return _page(request, here, problem=_("There is no other ticket with this number."), status=422)
    if request.method == "GET" or other is None:
        return _page(request, here, other=other)
    require(request.principal, "ticket.merge", other)
    act = request.POST.get("act", "")
    if act in LINKS:
        return _link(request, here, other, act)
    if act in ("merge_into", "merge_here"):
        source, target = (here, other) if act == "merge_into" else (other, here)
        return _merge(request, here, other, source, target)
    return _page(request, here, other=other, status=422)


@staff_page
@require_POST
def apart(request: StaffRequest, number: str, relation: int) -> HttpResponseBase:
    """Takes a link away, for whoever may write on both."""
    here = find_ticket(request.principal, number)
    rows = Relation.objects.select_related("source", "target").filter(Q(source=here) | Q(target=here))
    found = rows.filter(pk=relation).first()
    if found is None:
        raise Http404
    for ticket in (found.source, found.target):
        if not Ticket.objects.visible_to(request.principal).filter(pk=ticket.pk).exists():
            raise Http404
        require(request.principal, "ticket.merge", ticket)
    relating.unlink(found, by=request.principal.actor)
    notices.tell(request, _("They are no longer linked."))
    return HttpResponseRedirect(reverse("desk:ticket", args=[here.number]))


def _merge(request: StaffRequest, here: Ticket, other: Ticket, source: Ticket, target: Ticket) -> HttpResponseBase:
    agent = request.principal.agent
    if agent is None:
        raise Http404
    sure = numbers_in(request.POST.get("sure", ""))
    try:
        done = merging.merge(source, into=target, by=request.principal.actor, agent=agent, confirmed=sure)
    except NotAsked:
        return _page(request, here, other=other, asks_for=source.number, status=409)
    except CannotMerge as fault:
        return _page(request, here, other=other, problem=str(WHY_NOT[fault.why]), status=409)
    text = _("%(number)s was merged into this ticket.") % {"number": source.shown_number}
    tell_done(request, text, done, number=target.number)
    return HttpResponseRedirect(reverse("desk:ticket", args=[target.number]))


def _link(request: StaffRequest, here: Ticket, other: Ticket, act: str) -> HttpResponseBase:
    agent, (kind, is_source) = request.principal.agent, LINKS[act]
    if agent is None:
        raise Http404
    source, target = (here, other) if is_source else (other, here)
    try:
        done = relating.link(source, to=target, kind=kind, by=request.principal.actor, agent=agent)
    except CannotLink as fault:
        return _page(request, here, other=other, problem=str(WHY_NOT[fault.why]), status=409)
    tell_done(request, _("Linked with %(number)s.") % {"number": other.shown_number}, done, number=here.number)
    return HttpResponseRedirect(reverse("desk:ticket", args=[here.number]))


def _other(principal: Principal, typed: str, here: Ticket) -> Ticket | None:
    """The ticket of a typed number, merges followed, if it is another one that the principal may see."""
    plain = merging.number_after_merges(typed) if read_number(typed) else None
    rows = Ticket.objects.visible_to(principal).select_related("status", "requester", "brand")
    found = rows.filter(number=plain).first() if plain else None
    return found if found and found.pk != here.pk else None


def _suggested(principal: Principal, here: Ticket) -> list[Ticket]:
    """The requester's other tickets and his organisation's, newest first."""
    theirs = Q(requester=here.requester_id)
    if here.organisation_id:
        theirs |= Q(organisation=here.organisation_id)
    rows = Ticket.objects.visible_to(principal).filter(theirs, merged_into=None).exclude(pk=here.pk)
    return list(rows.select_related("status", "requester").order_by("-pk")[:SUGGESTED])


def _page(request: StaffRequest, here: Ticket, *, status: int = 200, **more: Any) -> HttpResponse:
    other = more.get("other")
    context: dict[str, Any] = {"ticket": here, "typed": request.GET.get("with", "")[:40], **more}
    if other:
        context["ways"] = [
            {"act": "merge_into", "source": here, "target": other, "preview": merging.preview(here, other)},
            {"act": "merge_here", "source": other, "target": here, "preview": merging.preview(other, here)},
        ]
    else:
        context["suggested"] = _suggested(request.principal, here)
    return render(request, "desk/structure/connect.html", context, status=status)
