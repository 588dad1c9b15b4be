"""The limits of the mail channel: what is too much, seen and set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tresen.channels.mail.limits import FIELDS, change_limits, limit_values
from tresen.channels.mail.models import MailLimits, Outcome
from tresen.channels.mail.received import Wanted, received_for
from tresen.channels.mail.spool import MAX_MAIL_BYTES
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import settings_page
from tresen.faces.setup.saving import MarkedForm, marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile

MOST = 1_000_000
LEAST = {"new_tickets_per_sender": 1, "sender_pause_minutes": 1, "new_senders_per_mailbox": 1, "most_servers": 10}
HINTS = {
    "new_tickets_per_sender": gettext_lazy("What is more waits among the received mail. Answers are never held up."),
    "sender_pause_minutes": gettext_lazy("Until then everything new from that sender waits, too."),
    "new_senders_per_mailbox": gettext_lazy("Stops a flood from many made-up senders. Known contacts get through."),
    "auto_unverified_per_hour": gettext_lazy("0: only who has confirmed his address gets any."),
    "most_servers": gettext_lazy("What has passed more goes round in a circle; it waits among the received mail."),
}


class LimitsForm(MarkedForm):
    """One number a limit; what was never set shows the default."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        for name in FIELDS:
            column = MailLimits._meta.get_field(name)
            standard = _("usually %(n)s") % {"n": column.default}  # type: ignore[union-attr]
            hint = HINTS.get(name)
            self.fields[name] = forms.IntegerField(
                label=_sentence(str(column.verbose_name)),  # type: ignore[union-attr]
                min_value=LEAST.get(name, 0), max_value=MOST, help_text=f"{hint} ({standard})" if hint else standard,
            )  # fmt: skip


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


@settings_page("mailbox.manage")
@require_http_methods(["GET", "POST"])
def limits(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Shows and sets them."""
    if request.method == "GET":
        return _page(request, principal, LimitsForm(initial=marked(limit_values())), 200)
    form = LimitsForm(request.POST, initial=marked(limit_values()))
    if not form.is_valid():
        return _page(request, principal, form, 422)
    try:
        change_limits(set=form.values(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as conflict:
        form.show_conflict(conflict.fields)
        return _page(request, principal, form, 409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:limits"))


def _page(request: HttpRequest, principal: Principal, form: LimitsForm, status: int) -> HttpResponse:
    waiting = Wanted(Outcome.SUSPENDED).among(received_for(principal)).filter(discarded_at=None).count()
    context = {"form": form, "suspended": waiting, "most_bytes": MAX_MAIL_BYTES}
    return render(request, "setup/limits.html", context, status=status)
