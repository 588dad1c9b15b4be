"""Accepting an invitation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from tresen.core.people.accounts import LinkDead, accept_invitation, open_invitation
from tresen.faces.account.entering import enter
from tresen.faces.account.passwords import NewPasswordForm
from tresen.kit import notices


@sensitive_post_parameters("password", "again")
@sensitive_variables("token")
@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing (mail scanners look, too); setting the password uses the link up and signs in."""
    link = open_invitation(token)
    if link is None:
        return render(request, "account/link_dead.html", {"what": "invite"}, status=404)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=link.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_invitation(token, password=form.cleaned_data["password"])
        except LinkDead:
            return render(request, "account/link_dead.html", {"what": "invite"}, status=404)
        notices.tell(request, _("Welcome. Your account is ready."))
        return enter(request, user)
    context = {"form": form, "account": link.user}
    response = render(request, "account/invite.html", context, status=422 if request.method == "POST" else 200)
    # The address of this page is the key: other pages, our own too, get to know the origin at most. (`no-referrer`
    # would make browsers send `Origin: null` with the form, which the protection against foreign forms refuses.)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
