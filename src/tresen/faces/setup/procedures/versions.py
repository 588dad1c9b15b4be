"""The versions of a procedure: what came of each, what it says, what differs from another, and the way back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.principals import Principal
from tresen.core.tickets.staged import number_in
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.procedures.wording import place_of, shown_changes
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.service.procedures.comparing import said
from tresen.service.procedures.figures import OfVersion, figures_of
from tresen.service.procedures.models import Procedure, ProcedureVersion
from tresen.service.procedures.services import return_to


@settings_page("sorting.manage")
@require_safe
def versions(request: HttpRequest, principal: Principal, procedure_id: int) -> HttpResponse:
    """All of them, with what came of each."""
    found: Procedure = found_or_404(Procedure.objects.visible_to(principal), procedure_id)
    context = {"procedure": found, "figures": figures_of(found)}
    return render(request, "setup/procedure_versions.html", context)


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, principal: Principal, procedure_id: int, number: int) -> HttpResponse:
    """One of them, compared with the one before it or `with` another; sent, it is returned to: 409 where
    another than `newest` counts by now."""
    found: Procedure = found_or_404(Procedure.objects.visible_to(principal), procedure_id)
    is_changed = False
    if request.method == "POST":
        try:
            return_to(found, number, by=principal.actor, newest=number_in(request.POST.get("newest", "")))
        except ProcedureVersion.DoesNotExist:
            raise Http404 from None
        except ChangedMeanwhile:
            is_changed = True
        else:
            told = _("The procedure asks again what version %(n)s asked.") % {"n": number}
            notices.tell(request, told, tone="ok")
            return HttpResponseRedirect(reverse("setup:procedure-versions", args=[found.pk]))
    figures = figures_of(found)
    shown = next((one for one in figures if one.version.number == number), None)
    if shown is None:
        raise Http404
    others = [one.version for one in figures if one is not shown]
    wanted = number_in(request.GET.get("with", "")) or number - 1
    other = next((one for one in others if one.number == wanted), others[0] if others else None)
    context = {"procedure": found, "shown": shown, "steps": _steps(shown), "newest": figures[0].version.number,
               "others": others, "other": other, "is_changed": is_changed}  # fmt: skip
    if other is not None:
        old, new = sorted((other, shown.version), key=lambda one: one.number)
        context |= {"old": old.number, "new": new.number, "changes": shown_changes(old.steps, new.steps)}
    return render(request, "setup/procedure_version.html", context, status=409 if is_changed else 200)


def _steps(shown: OfVersion) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Each step with its answers and where they lead, in words."""
    steps = shown.version.steps
    return [
        (one, [(label, place_of(to)) for label, to in said(steps, place).ways]) for place, one in enumerate(shown.steps)
    ]
