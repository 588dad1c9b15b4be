"""Received mail: what came and what became of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tresen.channels.mail.ledger import read_ledger, sum_by_mailbox
from tresen.channels.mail.models import Outcome, RawMail
from tresen.channels.mail.received import DELETED, OPEN, can_be_retried, counts_by_outcome, is_waiting, received_for
from tresen.channels.mail.spool import raw_bytes
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.mail_folders.filtering import FilterForm
from tresen.faces.setup.mail_folders.reasons import REFUSALS, facts_of, words_for
from tresen.kit.downloads import send_bytes

ROWS = 50
HEADER_BYTES = 64 * 1024


@settings_page("mail.handle")
@require_safe
def ledger(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All received mail one may work with, by outcome, newest first."""
    form = FilterForm(request.GET, principal=principal)
    counts = counts_by_outcome(principal, form.wanted(any_outcome=True))
    rows = form.wanted().among(received_for(principal))
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: ROWS + 1])
    mails = [{"raw": raw, "words": words_for(raw), "waits": is_waiting(raw)} for raw in found[:ROWS]]
    context = {
        "mails": mails, "tabs": _tabs(form, counts), "total": _total(counts), "form": form, "chosen": form.outcome,
        "older_url": form.address(before=found[ROWS - 1].pk) if len(found) > ROWS else "",
        "newer_url": form.address() if before else "", "some_wait": any(mail["waits"] for mail in mails),
        "open": counts.get(OPEN, 0), "sum_url": reverse("setup:ledger-sum") + form.address(outcome="", sender=""),
        "is_narrowed": form.address(outcome="") != "?",
    }  # fmt: skip
    return render(request, "setup/ledger.html", context)


@settings_page("mail.handle")
@require_safe
def ledger_sum(request: HttpRequest, principal: Principal) -> HttpResponse:
    """The sum of a period, a line a mailbox: what was received is what became of it."""
    form = FilterForm(request.GET, principal=principal, with_sender=False)
    wanted = form.wanted(any_outcome=True)
    lines = sum_by_mailbox(wanted.among(received_for(principal)))
    outcomes = [outcome for outcome in Outcome if outcome != Outcome.RECEIVED]
    total = {outcome: sum(line.counts.get(outcome, 0) for line in lines) for outcome in Outcome}
    book = read_ledger(wanted) if can(principal, "mailbox.manage") else None
    context = {
        "form": form, "accepted": sum(total.values()), "waiting": total[Outcome.RECEIVED],
        "total": [(outcome.label, total[outcome]) for outcome in outcomes], "book": book,
        "refused": [(REFUSALS.get(name, name), n) for name, n in sorted(book.refused.items())] if book else [],
        "lines": [
            {"line": line, "parts": [(o.label, line.counts[o]) for o in Outcome if o in line.counts],
             "url": reverse("setup:ledger") + form.address(mailbox=line.mailbox_id or "")}
            for line in lines
        ],
    }  # fmt: skip
    return render(request, "setup/ledger_sum.html", context)


@settings_page("mail.handle")
@require_safe
def received(request: HttpRequest, principal: Principal, raw_id: int) -> HttpResponse:
    """One received mail: where it came from and why it is where it is."""
    raw: RawMail = found_or_404(received_for(principal), raw_id)
    head = raw_bytes(raw).replace(b"\r\n", b"\n").partition(b"\n\n")[0] if raw.raw else b""
    context = {
        "raw": raw, "words": words_for(raw), "facts": facts_of(raw), "waits": is_waiting(raw),
        "can_retry": can_be_retried(raw),
        "can_keep": can_be_retried(raw) and raw.outcome == Outcome.QUARANTINED,
        "can_restore": bool(raw.discarded_at and raw.raw),
        "headers": head[:HEADER_BYTES].decode("utf-8", "replace").replace("\0", "�"),
    }  # fmt: skip
    return render(request, "setup/received.html", context)


@settings_page("mail.handle")
@require_safe
def received_bytes(request: HttpRequest, principal: Principal, raw_id: int) -> HttpResponse:
    """The bytes as they came, to be kept, never to be shown."""
    raw: RawMail = found_or_404(received_for(principal), raw_id)
    if not raw.raw:  # only the ledger's line is kept after ninety days
        raise Http404
    return send_bytes(raw_bytes(raw), filename=f"mail-{raw.pk}.eml", content_type="application/octet-stream")


def _total(counts: dict[str, int]) -> int:
    return sum(n for name, n in counts.items() if name not in {OPEN, DELETED})


def _tabs(form: FilterForm, counts: dict[str, int]) -> list[dict[str, Any]]:
    """What waits for a person, everything, then each outcome that there is."""
    url = reverse("setup:ledger")
    named: list[tuple[str, Any, int]] = [
        ("", _("All"), _total(counts)),
        (OPEN, _("Waits for you"), counts.get(OPEN, 0)),
    ]
    named += [(outcome, outcome.label, counts.get(outcome, 0)) for outcome in Outcome]
    named.append((DELETED, _("deleted"), counts.get(DELETED, 0)))
    return [
        {"label": label, "url": url + form.address(outcome=name), "active": name == form.outcome, "count": n}
        for name, label, n in named
        if n or name in {"", OPEN, form.outcome}
    ]
