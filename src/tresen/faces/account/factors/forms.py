"""What is typed to set up, renew or remove a second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.people.accounts import actor_of
from tresen.core.people.factors import has_factor, looks_like_code, use_code
from tresen.core.people.models import User
from tresen.faces.account.attempts import SECOND_STEP, Attempt
from tresen.faces.account.mails import desk_name
from tresen.kit import clock
from tresen.kit.crypto import SealBroken, open_seal, seal
from tresen.kit.qr import qr_svg
from tresen.kit.totp import app_uri, new_secret, step_of

CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class ProofForm(forms.Form):
    """The password or a code, asked for once more before something about signing in changes.

    It is looked at when everything else is in order, since a code works once. `asks=False`: the password was given
    this very moment. `status` is the status of the answer to a form that is not valid.
    """

    proof = forms.CharField(
        label=gettext_lazy("Your password, or a code"), max_length=1000, strip=False,
        help_text=gettext_lazy("A code of your authenticator app or a recovery code does as well."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    status = 422

    def __init__(self, *args: Any, request: HttpRequest, user: User, asks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user
        if not asks:
            del self.fields["proof"]
        elif not has_factor(user):
            self.fields["proof"].label, self.fields["proof"].help_text = _("Present password"), ""

    def clean(self) -> dict[str, Any]:
        """Compares the proof, last."""
        cleaned = super().clean() or {}
        if "proof" in self.fields and not self.errors:
            self._prove(cleaned["proof"])
        return cleaned

    def _prove(self, typed: str) -> None:
        address, is_code = self.user.email, looks_like_code(self.user, typed)
        password = Attempt.of(self.request, address)
        code = Attempt.of(self.request, address, SECOND_STEP) if is_code else None
        if password.begin() or (code and code.begin()):
            self.status = 429
            self.add_error("proof", _("Too many failed attempts. Please wait 15 minutes."))
        elif code and use_code(self.user, typed, by=actor_of(self.user)):
            password.succeeded()
            code.succeeded()
        elif check_password(typed, self.user.password):
            password.succeeded()
        else:
            self.add_error("proof", _("That is neither your password nor a code that works. A code works once."))


class AppForm(ProofForm):
    """A first code of the app. Until then its secret travels with the page, sealed for this account."""

    sealed = forms.CharField(max_length=300, widget=forms.HiddenInput)
    code = forms.CharField(
        label=gettext_lazy("Code that the app shows"), max_length=12, widget=forms.TextInput(attrs=CODE_ATTRS),
        help_text=gettext_lazy("Six digits. A new one comes every half minute."),
    )  # fmt: skip
    field_order = ("sealed", "code", "proof")
    step = 0

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.place = f"new app {user.pk}"
        if not self.is_bound:
            self.initial["sealed"] = seal(new_secret(), place=self.place)

    @cached_property
    def secret(self) -> str:
        """The secret that the page shows; empty when what came back was not ours."""
        try:
            return open_seal(self["sealed"].value() or "", place=self.place)
        except SealBroken:
            return ""

    @property
    def shown_secret(self) -> str:
        """The secret in groups of four, for typing it."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))

    @property
    def qr(self) -> SafeString:
        """The secret as apps read it with a camera."""
        uri = app_uri(self.secret, account=self.user.email, issuer=desk_name())
        return qr_svg(uri, label=_("QR code for your authenticator app"))

    def clean_code(self) -> str:
        """A code of this secret, good now."""
        typed = "".join(self.cleaned_data["code"].split())
        step = step_of(self.secret, typed, at=clock.now()) if self.secret else None
        if step is None:
            words = _(
                "That is not the code the app shows now. Please look again. The clock of the device must be right."
            )
            raise forms.ValidationError(words)
        self.step = step
        return typed


class PasskeyForm(ProofForm):
    """What a new passkey is called."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"), max_length=60,
        help_text=gettext_lazy("So that you know it again: the device or the password manager that keeps it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("name", "proof")


class SecondStepForm(forms.Form):
    """A code, of the app or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=40, widget=forms.TextInput(attrs={**CODE_ATTRS, "autofocus": True})
    )
