"""Brands: what the outside sees."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.channels.mail.plus import addresses_with
from tresen.channels.mail.way_out import NotYourWayOut, add_brand, save_brand
from tresen.core.people.brands import (
    HostTaken,
    LettersInUse,
    LettersTaken,
    has_tickets,
    set_logo,
)
from tresen.core.people.models import Brand
from tresen.core.people.office_hours import usual_week
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import InUse
from tresen.faces.setup.brands.forms import CODES, BrandForm, BrandHoursForm, LogoForm
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.mailboxes.forms import way_out_words
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@settings_page("brand.manage")
@require_safe
def brand_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All brands."""
    brands = Brand.objects.visible_to(principal).order_by("-is_active", "-is_default", "name")
    return render(request, "setup/brands.html", {"brands": brands.prefetch_related("mailboxes")})


@settings_page("brand.manage")
@require_http_methods(["GET", "POST"])
def new_brand(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new brand."""
    if request.method == "GET":
        zone = principal.agent.user.timezone if principal.agent else "Europe/Berlin"
        language = principal.agent.user.language if principal.agent else "en"
        initial = {"timezone": zone, "language": language, "languages": CODES}
        return _page(request, BrandForm(initial=initial), BrandHoursForm.of({"weekly": usual_week()}), None, 200)
    form, hours = BrandForm(request.POST), BrandHoursForm(request.POST, prefix="hours")
    if form.is_valid() & hours.is_valid():
        try:
            brand = add_brand(set=form.brand_values(hours, {}), principal=principal)
        except LettersTaken:
            form.add_error("letters", _("Another brand has these letters."))
        except HostTaken:
            form.add_error("host", _host_taken())
        except NotYourWayOut:
            form.add_error("is_default", way_out_words())
        else:
            notices.tell(request, _("The brand %(name)s is there.") % {"name": brand.name})
            return HttpResponseRedirect(reverse("setup:brand", args=[brand.pk]))
    return _page(request, form, hours, None, 422)


@settings_page("brand.manage")
@require_http_methods(["GET", "POST"])
def brand(request: HttpRequest, principal: Principal, brand_id: int) -> HttpResponseBase:
    """One brand."""
    found: Brand = found_or_404(Brand.objects.visible_to(principal), brand_id)
    if request.method == "GET":
        form, hours = BrandForm.of(found), BrandHoursForm.of(found.office_hours)
        return _page(request, form, hours, found, 200)
    form, hours = BrandForm(request.POST), BrandHoursForm(request.POST, prefix="hours")
    if not (form.is_valid() & hours.is_valid()):
        return _page(request, form, hours, found, 422)
    values = form.brand_values(hours, found.office_hours)
    try:
        save_brand(found, set=values, principal=principal, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, form, hours, found, 409)
    except LettersTaken:
        form.add_error("letters", _("Another brand has these letters."))
    except HostTaken:
        form.add_error("host", _host_taken())
    except LettersInUse:
        form.add_error("letters", _("There are tickets with the present letters; a number never changes."))
    except InUse as fault:
        _explain_use(form, found, fault)
    except NotYourWayOut:
        form.add_error("is_default", way_out_words())
    else:
        notices.tell(request, _("Saved."))
        return HttpResponseRedirect(reverse("setup:brand", args=[found.pk]))
    return _page(request, form, hours, found, 422)


def _host_taken() -> str:
    return _("Another brand has this host name, or it is that of the desk itself.")


def _explain_use(form: BrandForm, brand: Brand, fault: InUse) -> None:
    if brand.is_default:
        field = "is_default" if not form.cleaned_data["is_default"] else "is_active"
        form.add_error(field, _("One brand must be this one. Choose it at another brand, then this one is free."))
    else:
        used = ", ".join(fault.users)
        form.add_error("is_active", _("Mailboxes still belong to this brand: %(names)s.") % {"names": used})


@settings_page("brand.manage")
@require_POST
def logo(request: HttpRequest, principal: Principal, brand_id: int) -> HttpResponseBase:
    """Sets the logo, or takes it away (`remove`)."""
    found: Brand = found_or_404(Brand.objects.visible_to(principal), brand_id)
    form = LogoForm(request.POST, request.FILES)
    removes = "remove" in request.POST
    if not removes and form.is_valid() and form.cleaned_data["logo"] is None:
        form.add_error("logo", _("Choose a file first."))
    if not removes and not form.is_valid():
        main = BrandForm.of(found)
        return _page(request, main, BrandHoursForm.of(found.office_hours), found, 422, logo_form=form)
    set_logo(found, data=None if removes else form.cleaned_data["logo"], by=principal.actor)
    notices.tell(request, _("The logo is gone.") if removes else _("The logo is set."))
    return HttpResponseRedirect(reverse("setup:brand", args=[found.pk]))


def _page(
    request: HttpRequest, form: BrandForm, hours: BrandHoursForm, found: Brand | None, status: int,
    logo_form: LogoForm | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "hours": hours, "shown": found, "logo_form": logo_form or LogoForm(),
        "is_numbered": bool(found and has_tickets(found)),
        "addresses": addresses_with(found.letters.lower()) if found else [],
    }  # fmt: skip
    return render(request, "setup/brand.html", context, status=status)
