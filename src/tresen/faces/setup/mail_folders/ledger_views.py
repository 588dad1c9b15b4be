"""Received mail: what came and what became of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tresen.channels.mail.models import Outcome, RawMail
from tresen.channels.mail.received import can_be_retried, counts_by_outcome, received_for
from tresen.channels.mail.services import retry
from tresen.channels.mail.spool import raw_bytes
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.mail_folders.reasons import facts_of, words_for
from tresen.kit import notices
from tresen.kit.downloads import send_bytes

ROWS = 50


@settings_page("mailbox.manage")
@require_safe
def ledger(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All received mail, by outcome, newest first."""
    chosen = request.GET.get("outcome", "")
    chosen = chosen if chosen in Outcome.values else ""
    counts = counts_by_outcome(principal)
    rows = received_for(principal)
    if chosen:
        rows = rows.filter(outcome=chosen)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: ROWS + 1])
    older = f"?outcome={chosen}&before={found[ROWS - 1].pk}" if len(found) > ROWS else ""
    newer = f"?outcome={chosen}" if before else ""
    context = {
        "mails": [{"raw": raw, "words": words_for(raw)} for raw in found[:ROWS]], "tabs": _tabs(counts, chosen),
        "total": sum(counts.values()), "older_url": older, "newer_url": newer, "chosen": chosen,
    }  # fmt: skip
    return render(request, "setup/ledger.html", context)


@settings_page("mailbox.manage")
@require_safe
def received(request: HttpRequest, principal: Principal, raw_id: int) -> HttpResponse:
    """One received mail: where it came from and why it is where it is."""
    raw: RawMail = found_or_404(received_for(principal), raw_id)
    context = {"raw": raw, "words": words_for(raw), "facts": facts_of(raw), "can_retry": can_be_retried(raw)}
    return render(request, "setup/received.html", context)


@settings_page("mailbox.manage")
@require_safe
def received_bytes(request: HttpRequest, principal: Principal, raw_id: int) -> HttpResponse:
    """The bytes as they came, to be kept, never to be shown."""
    raw: RawMail = found_or_404(received_for(principal), raw_id)
    if not raw.raw:  # only the ledger's line is kept after ninety days
        raise Http404
    return send_bytes(raw_bytes(raw), filename=f"mail-{raw.pk}.eml", content_type="application/octet-stream")


@settings_page("mailbox.manage")
@require_POST
def retry_received(request: HttpRequest, principal: Principal, raw_id: int) -> HttpResponseBase:
    """Takes a mail that could not be read, or was set aside, in once more."""
    raw: RawMail = found_or_404(received_for(principal), raw_id)
    if can_be_retried(raw):
        retry(raw, by=principal.actor)
        notices.tell(request, _("The mail is taken in once more. Look again in a moment."))
    return HttpResponseRedirect(reverse("setup:received", args=[raw.pk]))


def _tabs(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    url = reverse("setup:ledger")
    tabs = [{"label": _("All"), "url": url, "active": not chosen, "count": sum(counts.values())}]
    for outcome in Outcome:
        if counts.get(outcome) or outcome == chosen:
            own = f"{url}?outcome={outcome}"
            tabs.append(
                {"label": outcome.label, "url": own, "active": outcome == chosen, "count": counts.get(outcome, 0)}
            )
    return tabs
