"""The catalogue: its shelves and services, and the page of a service."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.catalog.models import Service, ServiceCategory
from tresen.core.catalog.services import change_service, create_service, newest_form, service_values
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.saving import marked
from tresen.faces.setup.services.forms import PictureForm, ServiceSetupForm, shown
from tresen.faces.setup.services.pictures import take_picture
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint


@settings_page("service.manage")
@require_safe
def service_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All of it, by shelf, with how often each was asked for."""
    services = Service.objects.visible_to(principal).in_order().select_related("team").annotate(n=Count("requests"))
    shelves = [(shelf, [one for one in services if one.category_id == shelf.pk])
               for shelf in ServiceCategory.objects.visible_to(principal)]  # fmt: skip
    return render(request, "setup/services.html", {"shelves": shelves})


@settings_page("service.manage")
@require_http_methods(["GET", "POST"])
def new_service(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new one; its form comes next."""
    if not ServiceCategory.objects.visible_to(principal).exists():
        notices.tell(request, _("A category comes first: in it your services stand."))
        return HttpResponseRedirect(reverse("setup:service-category-new"))
    if request.method != "POST":
        return _page(request, ServiceSetupForm(principal=principal, initial=_begun(request)), None, 200)
    form = ServiceSetupForm(request.POST, principal=principal)
    if not form.is_valid():
        return _page(request, form, None, 422)
    made = create_service(set=form.wanted(), by=principal.actor)
    notices.tell(request, _("Saved. Now say what is asked of whoever wants it."))
    return HttpResponseRedirect(reverse("setup:service-form", args=[made.pk]))


def _begun(request: HttpRequest) -> dict[str, str]:
    """The shelf from which one comes."""
    return {"category": request.GET.get("in", "")}


@settings_page("service.manage")
@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, principal: Principal, service_id: int) -> HttpResponseBase:
    """One of them."""
    found: Service = found_or_404(Service.objects.visible_to(principal), service_id)
    if request.method != "POST":
        values = service_values(found)
        initial = {**marked(values), **shown(values)}
        return _page(request, ServiceSetupForm(initial=initial, principal=principal, now=found), found, 200)
    form = ServiceSetupForm(request.POST, principal=principal, now=found)
    if not form.is_valid():
        return _page(request, form, found, 422)
    try:
        change_service(found, set=form.wanted(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(shown(fault.fields))
        form.data["mark"] = fingerprint(fault.fields)  # type: ignore[index]
        return _page(request, form, found, 409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:services"))


@settings_page("service.manage")
@require_POST
def service_picture(request: HttpRequest, principal: Principal, service_id: int) -> HttpResponseBase:
    """Its picture."""
    found: Service = found_or_404(Service.objects.visible_to(principal), service_id)
    answer, picture = take_picture(request, principal, found, reverse("setup:service", args=[found.pk]))
    if answer:
        return answer
    values = service_values(found)
    form = ServiceSetupForm(initial={**marked(values), **shown(values)}, principal=principal, now=found)
    return _page(request, form, found, 422, picture)


def _page(
    request: HttpRequest, form: ServiceSetupForm, found: Service | None, status: int,
    picture: PictureForm | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "service": found, "picture": picture or PictureForm(),
        "version": newest_form(found) if found else None,
    }  # fmt: skip
    return render(request, "setup/service.html", context, status=status)
