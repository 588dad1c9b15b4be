"""The form of a service: its designer with a preview, and its versions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.catalog.answer_forms import only_if
from tresen.core.catalog.fields import Field, Kind, WrongForm
from tresen.core.catalog.models import Service, ServiceForm
from tresen.core.catalog.services import change_form, newest_form, return_to
from tresen.core.people.models import LANGUAGES
from tresen.core.people.principals import Principal
from tresen.core.tickets.category_models import in_language
from tresen.core.tickets.staged import number_in
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.services.designer import FieldRows
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile

ACTS = ("add", "up", "down", "drop", "look")


@settings_page("service.manage")
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, principal: Principal, service_id: int) -> HttpResponseBase:
    """Puts it together; `add`, `up`, `down`, `drop` and `look` show the page anew with what was typed. 409 where
    another version than `newest` is the newest by now."""
    found: Service = found_or_404(Service.objects.visible_to(principal), service_id)
    newest = newest_form(found)
    if request.method != "POST":
        return _page(request, found, FieldRows(newest.fields), newest.number)
    rows, seen = FieldRows.typed(request.POST), number_in(request.POST.get("newest", "")) or newest.number
    if any(act in request.POST for act in ACTS) or request.headers.get("HX-Request"):
        return _page(request, found, rows, seen)
    try:
        change_form(found, fields=rows.fields, by=principal.actor, newest=seen)
    except WrongForm as fault:
        rows.show(fault)
        return _page(request, found, rows, seen, status=422)
    except ChangedMeanwhile:
        return _page(request, found, rows, newest.number, status=409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:service-form", args=[found.pk]))


def _page(request: HttpRequest, found: Service, rows: FieldRows, newest: int, *, status: int = 200) -> HttpResponse:
    spoken = translation.get_language()
    seen_in = request.POST.get("seen_in", "")
    seen_in = seen_in if seen_in in dict(LANGUAGES) else spoken[:2]
    context: dict[str, Any] = {
        "service": found, "rows": rows, "newest": newest, "is_changed": status == 409, "languages": LANGUAGES,
        "seen_in": seen_in,
    }  # fmt: skip
    with translation.override(seen_in):
        seen = rows.preview()
        context |= {"seen": list(seen.asked.rows), "seen_name": found.name}
    part = request.headers.get("HX-Target") == "form-preview"
    name = "setup/parts/form_preview.html" if part else "setup/service_form.html"
    return render(request, name, context, status=status)


@settings_page("service.manage")
@require_safe
def versions(request: HttpRequest, principal: Principal, service_id: int) -> HttpResponse:
    """All of them."""
    found: Service = found_or_404(Service.objects.visible_to(principal), service_id)
    return render(request, "setup/service_versions.html", {"service": found, "forms": _with_counts(found)})


def _with_counts(found: Service) -> list[tuple[ServiceForm, int]]:
    return [(one, one.requests.count()) for one in found.forms.all()[:100]]


@settings_page("service.manage")
@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, principal: Principal, service_id: int, number: int) -> HttpResponseBase:
    """One of them; sent, it is returned to: 409 where another than `newest` is the newest by now."""
    found: Service = found_or_404(Service.objects.visible_to(principal), service_id)
    newest, is_changed = newest_form(found), False
    if request.method == "POST":
        try:
            return_to(found, number, by=principal.actor, newest=number_in(request.POST.get("newest", "")))
        except ServiceForm.DoesNotExist:
            raise Http404 from None
        except ChangedMeanwhile:
            is_changed = True
        else:
            notices.tell(request, _("The form asks again what version %(n)s asked.") % {"n": number}, tone="ok")
            return HttpResponseRedirect(reverse("setup:service-versions", args=[found.pk]))
    shown = found.forms.filter(number=number).first()
    if shown is None:
        raise Http404
    context = {
        "service": found, "shown": shown, "newest": newest.number, "is_changed": is_changed,
        "fields": [_told(field, shown.fields) for field in shown.fields],
        "changes": _changes(shown.fields, newest.fields) if shown.number != newest.number else None,
    }  # fmt: skip
    return render(request, "setup/service_version.html", context, status=409 if is_changed else 200)


def _told(field: Field, fields: list[Field]) -> dict[str, Any]:
    """A field of a version in words."""
    return {
        "label": in_language(field["labels"]) or in_language(field["helps"]), "kind": Kind(field["kind"]).label,
        "required": field["required"], "options": [in_language(one["names"]) for one in field["options"]],
        "only_if": only_if(field, fields).rstrip(":"),
    }  # fmt: skip


def _changes(old: list[Field], new: list[Field]) -> list[tuple[str, str]]:
    """What the newest has otherwise: each field with whether it is new, gone or changed."""
    before, after = ({one["key"]: one for one in fields} for fields in (old, new))
    found = [(in_language(one["labels"]), _("gone")) for key, one in before.items() if key not in after]
    found += [(in_language(one["labels"]), _("new")) for key, one in after.items() if key not in before]
    return found + [
        (in_language(one["labels"]), _("changed")) for key, one in after.items() if key in before and before[key] != one
    ]
