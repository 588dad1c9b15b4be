"""How replies leave: the seconds in which they can be undone."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tresen.core.people.principals import Principal
from tresen.core.tickets.planning import change_undo_seconds, undo_seconds
from tresen.faces.setup.gate import settings_page
from tresen.kit import notices


class RepliesForm(forms.Form):
    """The seconds."""

    undo_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds to undo"), min_value=0, max_value=120,
        help_text=gettext_lazy("So long a reply written in the desk waits before it leaves. 0: it leaves at once."),
    )  # fmt: skip


@settings_page("mailbox.manage")
@require_http_methods(["GET", "POST"])
def replies(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Shows and sets them."""
    if request.method == "GET":
        return _page(request, RepliesForm(initial={"undo_seconds": undo_seconds()}), 200)
    form = RepliesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    change_undo_seconds(form.cleaned_data["undo_seconds"], by=principal.actor)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:replies"))


def _page(request: HttpRequest, form: RepliesForm, status: int) -> HttpResponse:
    return render(request, "setup/replies.html", {"form": form}, status=status)
