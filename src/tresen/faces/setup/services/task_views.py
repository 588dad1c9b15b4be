"""What is to be done when somebody asks for a service: steps, and tickets for other teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.catalog.models import Service
from tresen.core.catalog.services import change_tasks, newest_form, task_values
from tresen.core.catalog.tasks import MOST_CHILDREN, MOST_TEXT, Child, WrongTask, names_for
from tresen.core.people.models import Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.category_models import in_language
from tresen.core.tickets.form_fields import category_choices
from tresen.core.tickets.models import Category
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint


@dataclass
class ChildRow:
    """A ticket for another team as it is typed, and what is wrong with it."""

    n: int
    child: Child
    error: str = ""


@settings_page("service.manage")
@require_http_methods(["GET", "POST"])
def tasks(request: HttpRequest, principal: Principal, service_id: int) -> HttpResponseBase:
    """Writes them down; with `more` there is room for one more ticket. 409 where somebody else has saved meanwhile."""
    found: Service = found_or_404(Service.objects.visible_to(principal), service_id)
    mark = fingerprint(task_values(found))
    if request.method != "POST":
        return _page(request, principal, found, "\n".join(found.steps), found.children, mark)
    steps, children = request.POST.get("steps", ""), _typed(request.POST)
    seen = request.POST.get("mark", "")
    if "more" in request.POST:
        return _page(request, principal, found, steps, children, seen)
    kept = [child for child in children if child["subject"] or child["text"]]
    try:
        change_tasks(found, steps=steps.splitlines(), children=kept, by=principal.actor, expected=seen)
    except WrongTask as fault:
        return _page(request, principal, found, steps, kept, seen, fault=fault)
    except ChangedMeanwhile:
        return _page(request, principal, found, steps, children, mark, is_changed=True)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:service-tasks", args=[found.pk]))


def _typed(data: QueryDict) -> list[Child]:
    def key(name: str) -> int | None:
        text = data.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

    found = []
    for n in range(MOST_CHILDREN):
        if f"subject-{n}" in data:
            subject, text = data.get(f"subject-{n}", ""), data.get(f"text-{n}", "")[: MOST_TEXT + 1]
            found.append(Child(subject=subject, text=text, team=key(f"team-{n}"), category=key(f"category-{n}")))
    return found


def _page(
    request: HttpRequest, principal: Principal, found: Service, steps: str, children: list[Child], mark: str, *,
    fault: WrongTask | None = None, is_changed: bool = False,
) -> HttpResponse:  # fmt: skip
    rows = [ChildRow(n, child) for n, child in enumerate(children)]
    if len(rows) < MOST_CHILDREN and (not rows or "more" in request.POST):
        rows.append(ChildRow(len(rows), Child(subject="", text="", team=None, category=None)))
    steps_error = ""
    if fault and fault.kind == "steps":
        steps_error = _words(fault)
    elif fault:
        rows[min(fault.place, len(rows) - 1)].error = _words(fault)
    names = [
        (f"{{{{{name}}}}}", in_language(words) if isinstance(words, dict) else words)
        for name, words in names_for(newest_form(found).fields).items()
    ]
    context: dict[str, Any] = {
        "service": found, "steps": steps, "steps_error": steps_error, "rows": rows, "mark": mark, "names": names,
        "has_room": len(rows) < MOST_CHILDREN, "is_changed": is_changed,
        "teams": [(row.pk, row.name) for row in Team.objects.visible_to(principal).active().order_by("name")],
        "categories": [(int(k), name) for k, name in category_choices(Category.objects.visible_to(principal).active())],
    }  # fmt: skip
    return render(request, "setup/service_tasks.html", context, status=422 if fault else 409 if is_changed else 200)


def _words(fault: WrongTask) -> str:
    if fault.why == "names":
        return _("There is no such name: %(names)s") % {"names": ", ".join(fault.unknown)}
    return {
        "many": _("These are too many."), "subject": _("Write a subject."), "text": _("This text is too long."),
    }[fault.why]  # fmt: skip
