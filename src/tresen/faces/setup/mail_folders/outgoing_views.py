"""The outgoing folder: mail that has no server to leave by."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from tresen.channels.mail.mailboxes import outgoing_is_set_up
from tresen.channels.mail.outgoing import list_outgoing, read_outgoing
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import settings_page


@settings_page("mailbox.manage")
@require_safe
def outgoing(request: HttpRequest, principal: Principal) -> HttpResponse:
    """What lies there, newest first."""
    before = request.GET.get("before", "")
    mails, go_on = list_outgoing(before=before)
    context = {
        "mails": mails, "goes_out": outgoing_is_set_up(),
        "older_url": f"?{urlencode({'before': go_on})}" if go_on else "",
        "newer_url": reverse("setup:outgoing") if before else "",
    }  # fmt: skip
    return render(request, "setup/outgoing.html", context)


@settings_page("mailbox.manage")
@require_safe
def outgoing_mail(request: HttpRequest, principal: Principal, name: str) -> HttpResponse:
    """One mail as its reader would see the text of it."""
    mail = read_outgoing(name)
    if mail is None:
        raise Http404
    return render(request, "setup/outgoing_mail.html", {"mail": mail})
