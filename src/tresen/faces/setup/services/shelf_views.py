"""A category of the catalogue."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.catalog.models import ServiceCategory
from tresen.core.catalog.shelves import change_shelf, create_shelf, delete_shelf, shelf_values
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import InUse
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.saving import marked
from tresen.faces.setup.services.forms import PictureForm, ShelfForm, shown
from tresen.faces.setup.services.pictures import take_picture
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint


@settings_page("service.manage")
@require_http_methods(["GET", "POST"])
def new_shelf(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new one."""
    place = ServiceCategory.objects.visible_to(principal).count()
    form = ShelfForm(request.POST if request.method == "POST" else None, initial={"position": min(place, 999)})
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, None, 422 if form.errors else 200)
    create_shelf(set=form.wanted(), by=principal.actor)
    return _back(request)


@settings_page("service.manage")
@require_http_methods(["GET", "POST"])
def shelf(request: HttpRequest, principal: Principal, shelf_id: int) -> HttpResponseBase:
    """One of them."""
    found: ServiceCategory = found_or_404(ServiceCategory.objects.visible_to(principal), shelf_id)
    if request.method != "POST":
        return _page(request, _form_of(found), found, 200)
    form = ShelfForm(request.POST)
    if not form.is_valid():
        return _page(request, form, found, 422)
    try:
        change_shelf(found, set=form.wanted(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(shown(fault.fields))
        form.data["mark"] = fingerprint(fault.fields)  # type: ignore[index]
        return _page(request, form, found, 409)
    return _back(request)


@settings_page("service.manage")
@require_POST
def shelf_picture(request: HttpRequest, principal: Principal, shelf_id: int) -> HttpResponseBase:
    """Its picture."""
    found: ServiceCategory = found_or_404(ServiceCategory.objects.visible_to(principal), shelf_id)
    answer, picture = take_picture(request, principal, found, reverse("setup:service-category", args=[found.pk]))
    return answer or _page(request, _form_of(found), found, 422, picture)


@settings_page("service.manage")
@require_POST
def shelf_delete(request: HttpRequest, principal: Principal, shelf_id: int) -> HttpResponseBase:
    """Takes an empty one away."""
    found: ServiceCategory = found_or_404(ServiceCategory.objects.visible_to(principal), shelf_id)
    try:
        delete_shelf(found, by=principal.actor)
    except InUse as fault:
        told = _("In it stand: %(names)s. Move them first, or put the category to rest.")
        notices.tell(request, told % {"names": ", ".join(fault.users)}, tone="warn")
        return HttpResponseRedirect(reverse("setup:service-category", args=[found.pk]))
    notices.tell(request, _("The category is gone."))
    return HttpResponseRedirect(reverse("setup:services"))


def _form_of(found: ServiceCategory) -> ShelfForm:
    values = shelf_values(found)
    return ShelfForm(initial={**marked(values), **shown(values)})


def _back(request: HttpRequest) -> HttpResponse:
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:services"))


def _page(
    request: HttpRequest, form: ShelfForm, found: ServiceCategory | None, status: int,
    picture: PictureForm | None = None,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "shelf": found, "picture": picture or PictureForm()}
    return render(request, "setup/service_category.html", context, status=status)
