"""The outbox: what waits to leave, what could not, what has left; each with its reason and the way out."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tresen.channels.mail.mailboxes import outgoing_is_set_up
from tresen.channels.mail.models import Outbox, OutboxState
from tresen.channels.mail.outbox import WAITING, give_up, outbox_for, send_again
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.kit import notices

ROWS = 50
# The tabs: name, states, words.
TABS: tuple[tuple[str, tuple[OutboxState, ...], Any], ...] = (
    ("waiting", WAITING, gettext_lazy("Waiting")),
    ("failed", (OutboxState.FAILED,), gettext_lazy("Could not be sent")),
    ("bounced", (OutboxState.BOUNCED,), gettext_lazy("Came back")),
    ("sent", (OutboxState.SENT, OutboxState.DELIVERED), pgettext_lazy("mails", "Sent")),
)


# What is shown where no tab is asked for, or only what did not arrive: the first of these that holds anything.
FIRST = {"": ("waiting", "failed", "bounced"), "stuck": ("failed", "bounced")}


@settings_page("mailbox.manage")
@require_safe
def outbox(request: HttpRequest, principal: Principal) -> HttpResponse:
    """One tab of it, newest first."""
    counts = dict(outbox_for(principal).order_by().values_list("state").annotate(n=Count("pk")))
    held = {name: sum(counts.get(state, 0) for state in of) for name, of, _label in TABS}
    asked = request.GET.get("state", "")
    asked = next((name for name in FIRST.get(asked, ()) if held[name]), asked)
    chosen, states, _label = next((tab for tab in TABS if tab[0] == asked), TABS[0])
    rows = outbox_for(principal, states=states)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: ROWS + 1])
    url = reverse("setup:outbox")
    tabs = [
        {"label": label, "url": f"{url}?state={name}", "active": name == chosen, "count": held[name]}
        for name, _of, label in TABS
    ]  # fmt: skip
    context = {
        "mails": found[:ROWS], "tabs": tabs, "chosen": chosen, "goes_out": outgoing_is_set_up(),
        "older_url": f"?state={chosen}&before={found[ROWS - 1].pk}" if len(found) > ROWS else "",
        "newer_url": f"?state={chosen}" if before else "",
    }  # fmt: skip
    return render(request, "setup/outbox.html", context)


@settings_page("mailbox.manage")
@require_POST
def outbox_now(request: HttpRequest, principal: Principal, outbox_id: int) -> HttpResponseBase:
    """Tries it now, however long it was to wait; one that failed or came back starts anew."""
    row: Outbox = found_or_404(outbox_for(principal), outbox_id)
    send_again(row, by=principal.actor)
    notices.tell(request, _("It is tried now. Look again in a moment."))
    return HttpResponseRedirect(reverse("setup:outbox"))


@settings_page("mailbox.manage")
@require_POST
def outbox_give_up(request: HttpRequest, principal: Principal, outbox_id: int) -> HttpResponseBase:
    """Tries it no more; whoever is responsible for the ticket sees that it was not delivered."""
    row: Outbox = found_or_404(outbox_for(principal), outbox_id)
    give_up(row, by=principal.actor)
    notices.tell(request, _("It is given up. The ticket says that it was not delivered."))
    return HttpResponseRedirect(reverse("setup:outbox"))
