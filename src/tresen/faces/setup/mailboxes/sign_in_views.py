"""Signing a mailbox in at Microsoft or Google, and the desk's registration with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tresen.channels.mail.mailboxes import mailboxes_for
from tresen.channels.mail.models import Mailbox, SignIn
from tresen.channels.mail.oauth.models import OAuthApp, OAuthGrant, OAuthRequest
from tresen.channels.mail.oauth.providers import PROVIDERS
from tresen.channels.mail.oauth.registrations import TENANT, SecretNeeded, register
from tresen.channels.mail.oauth.signing_in import (
    NOT_YOURS,
    NotAskedFor,
    NotYourAccount,
    finish_in_browser,
    redirect_uri,
)
from tresen.channels.mail.oauth.tokens import ProviderAway, ProviderSaysNo, SignInNeeded
from tresen.channels.mail.way_out import NotYourWayOut, ask_to_sign_in
from tresen.core.people.principals import Principal
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.mailboxes.forms import way_out_words
from tresen.kit import clock, notices

OFF = {"autocomplete": "off", "spellcheck": "false"}


class AppForm(forms.Form):
    """The desk as one provider knows it."""

    client_id = forms.CharField(
        label=gettext_lazy("Client ID"), max_length=200, widget=forms.TextInput(attrs=OFF), strip=True
    )
    tenant = forms.RegexField(
        TENANT, label=gettext_lazy("Directory (tenant)"), max_length=100, required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text=gettext_lazy("Its ID or name. Empty: any directory of a company or school."),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("Client secret"), max_length=500, required=False, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, provider: str, has_secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if provider != SignIn.MICROSOFT:
            del self.fields["tenant"]
        if has_secret:
            self.fields["secret"].help_text = gettext_lazy("One is stored. Type only to replace it.")
        elif provider == SignIn.MICROSOFT:
            self.fields["secret"].help_text = gettext_lazy("Only where your registration asks for one.")


@sensitive_post_parameters("microsoft-secret", "google-secret")
@settings_page("mailbox.manage")
@require_http_methods(["GET", "POST"])
def providers(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Registration with each provider: one form each, saved one at a time."""
    apps = {app.provider: app for app in OAuthApp.objects.all()}
    chosen = request.POST.get("provider", "")
    if request.method == "POST" and chosen not in PROVIDERS:
        raise Http404
    shown, status = [], 200
    for key, known in PROVIDERS.items():
        app = apps.get(key)
        data = request.POST if key == chosen else None
        initial = {"client_id": app.client_id, "tenant": app.tenant} if app else {}
        form = AppForm(
            data, prefix=key, initial=initial, provider=key, has_secret=bool(app and app.secret_sealed)
        )  # fmt: skip
        if data is not None:
            if form.is_valid() and _saved(form, key, principal):
                notices.tell(request, _("Saved."))
                return HttpResponseRedirect(reverse("setup:mail-providers"))
            status = 422
        shown.append({"key": key, "name": known.name, "form": form, "is_registered": app is not None,
                      "by_browser": bool(known.browser)})  # fmt: skip
    context = {"providers": shown, "redirect_uri": redirect_uri()}
    return render(request, "setup/mail_providers.html", context, status=status)


def _saved(form: AppForm, key: str, principal: Principal) -> bool:
    try:
        register(key, by=principal.actor, **form.cleaned_data)
    except SecretNeeded:
        form.add_error("secret", _("Enter the secret again: the stored one belongs to another client."))
        return False
    return True


@settings_page("mailbox.manage")
@require_http_methods(["GET", "POST"])
def mailbox_sign_in(request: HttpRequest, principal: Principal, mailbox_id: int) -> HttpResponseBase:
    """Asks the provider to let us in, and shows where the owner of the account goes and how far it is."""
    found: Mailbox = found_or_404(mailboxes_for(principal), mailbox_id)
    fault = ""
    if request.method == "POST":
        if found.sign_in == SignIn.PASSWORD or principal.agent is None:
            raise Http404
        try:
            ask_to_sign_in(found, agent=principal.agent, principal=principal)
        except NotYourWayOut:
            notices.tell(request, way_out_words(), "bad")
            return HttpResponseRedirect(reverse("setup:mailbox-sign-in", args=[found.pk]))
        except (SignInNeeded, ProviderAway, ProviderSaysNo) as reason:
            fault = str(reason)
        else:
            return HttpResponseRedirect(reverse("setup:mailbox-sign-in", args=[found.pk]))
    asked = OAuthRequest.objects.filter(mailbox=found, provider=found.sign_in).first()
    if asked and asked.expires_at < clock.now():
        asked = None
    by_provider = found.sign_in != SignIn.PASSWORD
    not_yours = not fault and asked is not None and asked.fault == NOT_YOURS
    context = {
        "mailbox": found,
        "asked": asked,
        "grant": OAuthGrant.objects.filter(mailbox=found, provider=found.sign_in).first(),
        "is_registered": OAuthApp.objects.filter(provider=found.sign_in).exists(),
        "provider": PROVIDERS[found.sign_in].name if by_provider else "",
        "refused": way_out_words() if not_yours else "",
        "fault": fault or (asked.fault if asked else ""),
    }
    parts = request.headers.get("HX-Request") == "true" and request.method == "GET"
    template = "setup/parts/sign_in_state.html" if parts else "setup/mailbox_sign_in.html"
    return render(request, template, context, status=502 if fault else 200)


@settings_page("mailbox.manage")
@require_safe
def sign_in_back(request: HttpRequest, principal: Principal) -> HttpResponse:
    """The browser comes back from the provider, with a code or a no."""
    if principal.agent is None:
        raise Http404
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    try:
        if not code:
            raise ProviderSaysNo(request.GET.get("error", "no code")[:60], "")
        mailbox = finish_in_browser(state=state, code=code, agent=principal.agent, by=principal.actor)
    except NotAskedFor:
        notices.tell(request, _("This answer of the provider is too old or was not asked for. Start anew."), "bad")
    except NotYourAccount:
        notices.tell(request, way_out_words(), "bad")
    except (ProviderSaysNo, ProviderAway, SignInNeeded) as fault:
        notices.tell(request, _("The provider did not let us in: %(fault)s") % {"fault": fault}, "bad")
    else:
        notices.tell(request, _("Signed in. Test the mailbox now."))
        return HttpResponseRedirect(reverse("setup:mailbox", args=[mailbox.pk]))
    return HttpResponseRedirect(reverse("setup:mailboxes"))
