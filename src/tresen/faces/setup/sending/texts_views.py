"""The words around our mail, written and looked at before anybody gets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.channels.mail.models import TextKind
from tresen.channels.mail.previews import preview
from tresen.channels.mail.wording import (
    NAMES,
    OWN_NAMES,
    back_to_default,
    change_wording,
    is_own_text,
    kinds_for,
    wording_values,
)
from tresen.core.people.models import LANGUAGES, Brand, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_number
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.saving import marked
from tresen.faces.setup.sending.texts_forms import TextsForm
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@dataclass(frozen=True)
class Where:
    """Whose texts, and in which language."""

    brand: Brand
    team: Team | None
    language: str

    @property
    def query(self) -> str:
        """As it stands in the address."""
        return urlencode({"team": self.team.pk if self.team else "", "texts": self.language})

    def address(self, name: str = "setup:mail-texts-of") -> str:
        """Of the page, or of one of its acts."""
        return f"{reverse(name, args=[self.brand.pk])}?{self.query}"


@settings_page("brand.manage")
@require_safe
def mail_texts(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Leads to the texts of the first brand."""
    first = Brand.objects.visible_to(principal).filter(is_active=True).order_by("-is_default", "name").first()
    return HttpResponseRedirect(reverse("setup:mail-texts-of", args=[first.pk]) if first else reverse("setup:brands"))


@settings_page("brand.manage")
@require_http_methods(["GET", "POST"])
def mail_texts_of(request: HttpRequest, principal: Principal, brand_id: int) -> HttpResponseBase:
    """The texts of one place. `show` draws the preview anew and saves nothing."""
    where = _where(request, principal, brand_id)
    values = wording_values(where.brand, where.team, where.language)
    if request.method == "GET":
        return _page(request, principal, where, TextsForm(initial=marked(values), team=where.team), 200)
    form = TextsForm(request.POST, team=where.team)
    if not form.is_valid() or "show" in request.POST:
        return _page(request, principal, where, form, 200 if form.is_valid() else 422)
    try:
        change_wording(
            where.brand, where.team, where.language, set=form.values(), by=principal.actor, expected=form.expected
        )
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, principal, where, form, 409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(where.address())


@settings_page("brand.manage")
@require_POST
def mail_texts_preview(request: HttpRequest, principal: Principal, brand_id: int) -> HttpResponseBase:
    """The preview of what is typed, as a part of the page."""
    where = _where(request, principal, brand_id)
    form = TextsForm(request.POST, team=where.team)
    form.is_valid()
    context = {"preview": _preview(request, principal, where, form)}
    return render(request, "setup/parts/mail_preview.html", context)


@settings_page("brand.manage")
@require_POST
def mail_texts_reset(request: HttpRequest, principal: Principal, brand_id: int) -> HttpResponseBase:
    """Takes one text of this place away, so that the default (or the brand's) counts again."""
    where = _where(request, principal, brand_id)
    kind = request.POST.get("kind", "")
    if kind not in TextKind.values:
        raise Http404
    back_to_default(kind, where.brand, where.team, where.language, by=principal.actor)
    notices.tell(request, _("The default counts again."))
    return HttpResponseRedirect(where.address())


def _where(request: HttpRequest, principal: Principal, brand_id: int) -> Where:
    brand: Brand = found_or_404(Brand.objects.visible_to(principal), brand_id)
    language, team = request.GET.get("texts", ""), request.GET.get("team", "")
    found = None
    if team:
        found = found_or_404(
            Team.objects.visible_to(principal), int(team) if team.isdecimal() and len(team) < 18 else 0
        )
    return Where(brand, found, language if language in dict(LANGUAGES) else brand.language)


def _page(request: HttpRequest, principal: Principal, where: Where, form: TextsForm, status: int) -> HttpResponse:
    own = [kind for kind in kinds_for(where.team) if is_own_text(kind, where.brand, where.team, where.language)]
    context = {
        "form": form, "where": where, "own": own, "preview": _preview(request, principal, where, form),
        "names": [(f"{{{{{name}}}}}", words, name in OWN_NAMES) for name, words in NAMES.items()],
        "languages": [_tab(label, Where(where.brand, where.team, code), where) for code, label in LANGUAGES],
        "places": _places(principal, where), "brands": _brands(principal, where),
    }  # fmt: skip
    return render(request, "setup/mail_texts.html", context, status=status)


def _tab(label: str, there: Where, here: Where) -> dict[str, Any]:
    return {"label": label, "url": there.address(), "active": there == here}


def _places(principal: Principal, where: Where) -> list[dict[str, Any]]:
    teams = Team.objects.visible_to(principal).active().order_by("name")
    of_brand = _tab(_("The brand itself"), Where(where.brand, None, where.language), where)
    return [of_brand, *(_tab(team.name, Where(where.brand, team, where.language), where) for team in teams)]


def _brands(principal: Principal, where: Where) -> list[dict[str, Any]]:
    brands = list(Brand.objects.visible_to(principal).filter(is_active=True).order_by("-is_default", "name"))
    if len(brands) < 2:
        return []
    return [_tab(brand.name, Where(brand, None, where.language), Where(where.brand, None, where.language))
            for brand in brands]  # fmt: skip


def _preview(request: HttpRequest, principal: Principal, where: Where, form: TextsForm) -> dict[str, Any]:
    """What the mails would be, with a ticket that was chosen, the newest of the brand, or one that is made up."""
    typed = request.POST.get("ticket", "")[:40]
    tickets = Ticket.objects.visible_to(principal).filter(brand=where.brand).select_related(
        "requester", "organisation", "team", "brand"
    )  # fmt: skip
    plain = read_number(typed) if typed.strip() else None
    ticket = tickets.filter(number=plain).first() if plain else None
    ticket = ticket or tickets.order_by("-pk").first()
    now = {name: str(form[name].value() or "") for name in form.fields if name in TextKind.values}
    mails = preview(where.brand, where.team, where.language, typed=now, ticket=ticket, agent=principal.agent)
    return {"mails": mails, "ticket": ticket, "typed": typed, "not_found": bool(typed.strip()) and (
        ticket is None or ticket.number != plain)}  # fmt: skip
