"""What I did, and its undo."""

from __future__ import annotations

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tresen.core.people.permissions import can, require
from tresen.core.tickets import undoing
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.undoing import CannotUndo
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.operations.reading import undone_words, what_i_did
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.kit import notices
from tresen.kit.pages import wants_fragment

WHY_NOT = {
    "over": gettext_lazy("That can no longer be taken back."),
    "merged": gettext_lazy("The ticket it went into was merged, split or deleted since. Take that back first."),
    "readers": gettext_lazy(
        "Somebody who has joined since would read more. Merge the two: there you are asked about it."
    ),
    "rights": gettext_lazy("You may not change all of the tickets it was about."),
}
CHANGED = (answers.HEAD, answers.TIMELINE, answers.CONTEXT, answers.RECIPIENTS)


@staff_page
@require_safe
def operations(request: StaffRequest) -> HttpResponseBase:
    """`/desk/operations/`: what I did of late, each with its undo as long as there is one."""
    context = {"did": what_i_did(request.principal), "may_open_bin": can(request.principal, "bin.open")}
    return render(request, "desk/operations/page.html", context)


@staff_page
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Takes it back as far as it goes. `ticket`: the number of the page one is on, which is shown anew."""
    found = Operation.objects.visible_to(request.principal).filter(pk=pk).first()
    if found is None:
        raise Http404
    require(request.principal, "operation.undo", found)
    number = _page_of(request)
    try:
        undone = undoing.undo(found, by=request.principal.actor, principal=request.principal)
    except CannotUndo as fault:
        return _told(request, number, str(WHY_NOT[fault.why]), "warn")
    said = undone_words(undone)
    # Texts that came back stand in the composer.
    parts = (*CHANGED, answers.COMPOSER) if undone.taken else CHANGED
    return _told(request, number, said, "warn" if undone.left else "ok", parts)


def _told(
    request: StaffRequest, number: str, said: str, tone: str, parts: tuple[str, ...] = CHANGED
) -> HttpResponseBase:
    if number and wants_fragment(request):
        # Somebody may have gone on to another ticket meanwhile; its page is not to be drawn over.
        here = request.htmx.current_url
        is_here = not here or reverse("desk:ticket", args=[number]) in here
        return answer(request, number, *(parts if is_here else ()), said=said, is_shown=True)
    notices.tell(request, said, tone)
    return HttpResponseRedirect(reverse("desk:ticket", args=[number]) if number else reverse("desk:operations"))


def _page_of(request: StaffRequest) -> str:
    number = request.POST.get("ticket", "")[:16]
    return number if Ticket.objects.visible_to(request.principal).filter(number=number).exists() else ""
