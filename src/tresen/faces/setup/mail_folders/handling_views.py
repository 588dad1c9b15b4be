"""What one does with received mail that waits: take it in, make a ticket of it, delete it; one or many."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tresen.channels.mail.handling import ACTS, discard, keep_as_ticket, open_to, restore, start_in_bulk
from tresen.channels.mail.models import RawMail
from tresen.channels.mail.received import OPEN, can_be_retried, is_waiting, received_for, teams_of
from tresen.channels.mail.services import retry
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.mail_folders.filtering import FilterForm
from tresen.faces.setup.mail_folders.reasons import words_for
from tresen.kit import notices


@settings_page("mail.handle")
@require_POST
def take_in(request: HttpRequest, principal: Principal, raw_id: int) -> HttpResponseBase:
    """Takes a mail that could not be read, or was set aside, in once more."""
    raw: RawMail = found_or_404(received_for(principal), raw_id)
    if can_be_retried(raw):
        retry(raw, by=principal.actor)
        notices.tell(request, _("The mail is taken in once more. Look again in a moment."))
    return HttpResponseRedirect(reverse("setup:received", args=[raw.pk]))


@settings_page("mail.handle")
@require_POST
def keep(request: HttpRequest, principal: Principal, raw_id: int) -> HttpResponseBase:
    """Makes a ticket of a mail that cannot be read, with the mail as its file."""
    raw: RawMail = found_or_404(received_for(principal), raw_id)
    ticket = keep_as_ticket(raw, by=principal.actor) if can_be_retried(raw) else None
    if ticket and Ticket.objects.visible_to(principal).filter(pk=ticket.pk).exists():
        notices.tell(request, _("The ticket is made. The mail lies there as a file."))
        return HttpResponseRedirect(f"/desk/tickets/{ticket.number}/")
    return HttpResponseRedirect(reverse("setup:received", args=[raw.pk]))


@settings_page("mail.handle")
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, principal: Principal, raw_id: int) -> HttpResponseBase:
    """Asks, then deletes a mail that waits."""
    raw: RawMail = found_or_404(received_for(principal), raw_id)
    if not is_waiting(raw):
        return HttpResponseRedirect(reverse("setup:received", args=[raw.pk]))
    if request.method == "POST":
        discard(raw, by=principal.actor)
        notices.tell(request, _("The mail is deleted. Its line stays in the ledger."))
        return HttpResponseRedirect(f"{reverse('setup:ledger')}?outcome={OPEN}")
    return render(request, "setup/received_delete.html", {"raw": raw, "words": words_for(raw)})


@settings_page("mail.handle")
@require_POST
def take_back(request: HttpRequest, principal: Principal, raw_id: int) -> HttpResponseBase:
    """Takes a deletion back."""
    raw: RawMail = found_or_404(received_for(principal), raw_id)
    if restore(raw, by=principal.actor):
        notices.tell(request, _("The mail waits again."))
    return HttpResponseRedirect(reverse("setup:received", args=[raw.pk]))


@settings_page("mail.handle")
@require_POST
def many(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Takes in or deletes the chosen mails, or all that wait and match the filter. Asks before it deletes, and before
    it does anything to all of them."""
    act, everything = request.POST.get("act", ""), request.POST.get("all") == "1"
    if act not in ACTS:
        raise Http404
    form = FilterForm(request.POST, principal=principal)
    waiting = open_to(act, received_for(principal))
    chosen = form.wanted().among(waiting)
    if not everything:
        keys = [int(key) for key in request.POST.getlist("mail")[:500] if key.isdecimal() and len(key) < 19]
        chosen = waiting.filter(pk__in=keys)
    count, back = chosen.count(), reverse("setup:ledger") + form.address()
    if not count:
        notices.tell(request, _("Nothing is chosen that waits."), tone="info")
        return HttpResponseRedirect(back)
    if (everything or act == "discard") and request.POST.get("sure") != "1":
        context: dict[str, Any] = {
            "act": act, "everything": everything, "count": count, "back": back,
            "form": form, "first": list(chosen[:10]), "keys": [] if everything else [raw.pk for raw in chosen],
        }  # fmt: skip
        return render(request, "setup/received_many.html", context)
    if everything:
        teams, but = teams_of(principal)
        start_in_bulk(act, form.wanted(), teams=teams, but=but, by=principal.actor)
    else:
        for raw in chosen:
            ACTS[act](raw, by=principal.actor)
    notices.tell(request, _said(act, count))
    return HttpResponseRedirect(back)


def _said(act: str, count: int) -> str:
    if act == "discard":
        text = ngettext("%(n)d mail is deleted. Its line stays in the ledger.",
                        "%(n)d mails are deleted. Their lines stay in the ledger.", count)  # fmt: skip
    else:
        text = ngettext("%(n)d mail is taken in. Look again in a moment.",
                        "%(n)d mails are taken in. Look again in a moment.", count)  # fmt: skip
    return text % {"n": count}
