"""DKIM: signing the mail of a domain, step by step."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tresen.channels.mail.dkim_keys import (
    Published,
    check_record,
    domains_for,
    make_key,
    remove_key,
    switch_key,
)
from tresen.channels.mail.models import DkimKey
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import settings_page
from tresen.kit import notices


@settings_page("mailbox.manage")
@require_safe
def dkim_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """Every domain one sends from, with its key."""
    return _page(request, principal)


@settings_page("mailbox.manage")
@require_POST
def dkim_act(request: HttpRequest, principal: Principal, domain: str) -> HttpResponseBase:
    """`act` at a domain: make a key, check its record in DNS, switch it on or off, remove it."""
    keys = dict(domains_for(principal))
    if domain not in keys:
        raise Http404
    key, act = keys[domain], request.POST.get("act", "")
    if act == "make":
        make_key(domain, by=principal.actor)
        notices.tell(request, _("The key is made. Put its record into DNS, then check it."))
    elif key is None:
        raise Http404
    elif act == "check":
        return _page(request, principal, checked=domain, published=check_record(key))
    elif act in {"on", "off"}:
        switch_key(key, on=act == "on", by=principal.actor)
        on = _("Mail of %(domain)s is signed from now on.") % {"domain": domain}
        notices.tell(request, on if act == "on" else _("Mail of %(domain)s is no longer signed.") % {"domain": domain})
    elif act == "remove":
        remove_key(key, by=principal.actor)
        notices.tell(request, _("The key is gone. You can take its record out of DNS."))
    return HttpResponseRedirect(reverse("setup:dkim"))


def _page(
    request: HttpRequest, principal: Principal, *, checked: str = "", published: Published | None = None
) -> HttpResponse:
    rows: list[dict[str, DkimKey | str | Published | None]] = [
        {"domain": domain, "key": key, "published": published if domain == checked else None}
        for domain, key in domains_for(principal)
    ]
    return render(request, "setup/dkim.html", {"rows": rows})
