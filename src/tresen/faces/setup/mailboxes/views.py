"""Mailboxes: where mail comes in and leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tresen.channels.mail.mailboxes import (
    PasswordNeeded,
    Unencrypted,
    mailbox_values,
    mailboxes_for,
    outgoing_is_set_up,
)
from tresen.channels.mail.models import Mailbox, MailboxTest
from tresen.channels.mail.oauth.signing_in import needs_sign_in
from tresen.channels.mail.probe import start_test
from tresen.channels.mail.probe_faults import step_name, words_for
from tresen.channels.mail.way_out import NotYourWayOut, add_mailbox, save_mailbox
from tresen.core.people.models import Brand
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import NameTaken
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.mailboxes.forms import SECRETS, MailboxForm
from tresen.faces.setup.saving import marked
from tresen.kit import clock, notices
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.kit.pages import wants_fragment

# How long the last test is shown, and when it should long have begun.
SHOWN, LATE = timedelta(hours=1), timedelta(seconds=30)
REFUSALS = (PasswordNeeded, Unencrypted, NameTaken, NotYourWayOut)


@settings_page("mailbox.manage")
@require_safe
def mailbox_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All mailboxes and how they are."""
    context = {"mailboxes": mailboxes_for(principal), "goes_out": outgoing_is_set_up()}
    return render(request, "setup/mailboxes.html", context)


@sensitive_post_parameters(*SECRETS)
@settings_page("mailbox.manage")
@require_http_methods(["GET", "POST"])
def new_mailbox(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new mailbox."""
    if request.method == "GET":
        first = Brand.objects.visible_to(principal).filter(is_active=True).order_by("-is_default", "pk").first()
        initial = {"brand": first, "language": first.language if first else "en"}
        return _page(request, MailboxForm(initial=initial), None, 200)
    form = MailboxForm(request.POST)
    if form.is_valid():
        try:
            wanted, secrets = form.values(*SECRETS), form.passwords()
            created = add_mailbox(set=wanted, passwords=secrets, principal=principal)
        except REFUSALS as fault:
            form.explain(fault)
        else:
            notices.tell(request, _("The mailbox is there. Test it now."))
            return HttpResponseRedirect(reverse("setup:mailbox", args=[created.pk]))
    return _page(request, form, None, 422)


@sensitive_post_parameters(*SECRETS)
@settings_page("mailbox.manage")
@require_http_methods(["GET", "POST"])
def mailbox(request: HttpRequest, principal: Principal, mailbox_id: int) -> HttpResponseBase:
    """One mailbox."""
    found: Mailbox = found_or_404(mailboxes_for(principal), mailbox_id)
    if request.method == "GET":
        return _page(request, _filled(found), found, 200)
    form = MailboxForm(request.POST, mailbox=found)
    if not form.is_valid():
        return _page(request, form, found, 422)
    try:
        wanted, secrets = form.values(*SECRETS), form.passwords()
        save_mailbox(found, set=wanted, passwords=secrets, principal=principal, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, form, found, 409)
    except REFUSALS as fault:
        form.explain(fault)
        return _page(request, form, found, 422)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:mailbox", args=[found.pk]))


@settings_page("mailbox.manage")
@require_http_methods(["GET", "POST"])
def test_mailbox(request: HttpRequest, principal: Principal, mailbox_id: int) -> HttpResponseBase:
    """Starts a walk through the saved settings, or shows how far it is. It reads and sends nothing."""
    found: Mailbox = found_or_404(mailboxes_for(principal), mailbox_id)
    if request.method == "POST":
        start_test(found)
    elif wants_fragment(request):
        return render(request, "setup/parts/mailbox_test.html", {"mailbox": found, "test": _test(found)})
    return HttpResponseRedirect(reverse("setup:mailbox", args=[found.pk]) + "#test")


def _test(found: Mailbox) -> dict[str, Any] | None:
    """The last test of the last hour, in words."""
    row = MailboxTest.objects.filter(mailbox=found, asked_at__gt=clock.now() - SHOWN).first()
    if row is None:
        return None
    steps = [
        {**step, "name": step_name(step["key"]), "words": words_for(step["code"], step["values"])} for step in row.steps
    ]
    is_late = row.ended_at is None and row.asked_at < clock.now() - LATE
    return {"steps": steps, "is_running": row.ended_at is None, "is_late": is_late, "asked_at": row.asked_at}


def _filled(found: Mailbox) -> MailboxForm:
    return MailboxForm(initial=marked(mailbox_values(found)), mailbox=found)


def _page(request: HttpRequest, form: MailboxForm, found: Mailbox | None, status: int) -> HttpResponse:
    key = found.hook_key if found else None
    hook_url = f"{settings.BASE_URL}{reverse('hooks:mail', args=[key])}" if key else ""
    context = {
        "form": form, "mailbox": found, "test": _test(found) if found else None,
        "goes_out": outgoing_is_set_up(), "hook_url": hook_url,
        "needs_sign_in": bool(found and needs_sign_in(found)),
    }  # fmt: skip
    return render(request, "setup/mailbox.html", context, status=status)
