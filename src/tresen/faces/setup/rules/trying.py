"""The laboratory and the gallery: a rule tried on what was, and good ones to start from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.staged import number_in
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.rules.wording import when
from tresen.kit import notices
from tresen.kit.pages import page_or_fragment
from tresen.service.rules.actions import known_actions, said
from tresen.service.rules.gallery import GALLERY, take_over
from tresen.service.rules.models import Rule, RuleTrial
from tresen.service.rules.services import WrongRule
from tresen.service.rules.trials import DAYS, start_trial


@dataclass(frozen=True)
class ExampleRow:
    """A ticket on which the rule would have matched."""

    ticket: Ticket
    at: datetime | None
    did: list[str]


@dataclass(frozen=True)
class ShownTrial:
    """What was found, in the words of the page."""

    row: RuleTrial
    did: list[tuple[Any, int]]
    examples: list[ExampleRow]

    @property
    def found(self) -> dict[str, Any]:
        """The figures, none where nothing was found."""
        return {name: self.row.found.get(name, 0) for name in ("looked", "matched", "changed", "tickets")}


def shown_trial(rule: Rule, principal: Principal) -> ShownTrial | None:
    """The last trial of a rule; None where it was never tried."""
    row = RuleTrial.objects.filter(rule=rule).first()
    if row is None:
        return None
    labels: dict[str, Any] = {kind: action.label for kind, action in known_actions().items()}
    given = row.found.get("examples", [])
    numbers = {number for number, _at, _did in given}
    tickets = {ticket.number: ticket for ticket in Ticket.objects.visible_to(principal).filter(number__in=numbers)}
    examples = [
        ExampleRow(tickets[number], parse_datetime(at), [str(labels.get(kind, kind)) for kind in did])
        for number, at, did in given
        if number in tickets
    ]
    counted = sorted(row.found.get("did", {}).items(), key=lambda pair: -pair[1])
    return ShownTrial(row, [(labels.get(kind, kind), n) for kind, n in counted], examples)


@settings_page("rule.manage")
@require_http_methods(["GET", "POST"])
def rule_laboratory(request: HttpRequest, principal: Principal, rule_id: int) -> HttpResponse:
    """Tries a rule on the last days, and says what it would have done."""
    found: Rule = found_or_404(Rule.objects.visible_to(principal), rule_id)
    if request.method == "POST":
        start_trial(found, days=number_in(request.POST.get("days", "")) or DAYS[1])
        return HttpResponseRedirect(reverse("setup:rule-laboratory", args=[found.pk]))
    context = {"rule": found, "trial": shown_trial(found, principal), "days": DAYS}
    return page_or_fragment(request, "setup/rule_laboratory.html", "setup/parts/rule_trial.html", context)


@settings_page("rule.manage")
@require_http_methods(["GET", "POST"])
def rule_gallery(request: HttpRequest, principal: Principal) -> HttpResponse:
    """Good rules; `slug` takes one over."""
    if request.method == "POST":
        try:
            made = take_over(request.POST.get("slug", ""), by=principal.actor)
        except LookupError as fault:
            raise Http404 from fault
        except WrongRule:
            notices.tell(request, _("A desk has at most two thousand rules."), tone="warn")
            return HttpResponseRedirect(reverse("setup:rules"))
        notices.tell(
            request, _("The rule %(name)s is there, switched off. Look at it and try it.") % {"name": made.name}
        )
        return HttpResponseRedirect(reverse("setup:rule", args=[made.pk]))
    rows = [(one, when(values), said(values["actions"])) for one in GALLERY for values in [one.values()]]
    return render(request, "setup/rule_gallery.html", {"examples": rows})
