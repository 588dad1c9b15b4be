"""One's own profile and password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.people.form_fields import LanguageField, ZoneField
from tresen.core.people.models import Theme, User
from tresen.faces.account.passwords import NewPasswordForm
from tresen.service.preferences.after_action import after_action
from tresen.service.preferences.models import Afterwards


class ProfileForm(forms.Form):
    """Name, language, zone and theme; agents also have a signature."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=gettext_lazy("Others see it beside what you write."),
    )  # fmt: skip
    language = LanguageField()
    timezone = ZoneField(help_text=gettext_lazy("All times on your screens are shown in it."))
    theme = forms.ChoiceField(label=gettext_lazy("Light or dark"), choices=Theme.choices, widget=forms.RadioSelect)
    signature = forms.CharField(
        label=gettext_lazy("Signature"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stands below your replies to customers."),
    )  # fmt: skip

    keeps_offline = forms.BooleanField(
        label=gettext_lazy("Readable without a connection"), required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("Your browsers keep the last 20 tickets for a day, sealed. Gone when you sign out."),
    )  # fmt: skip
    after_action = forms.ChoiceField(
        label=gettext_lazy("After sending or closing"), choices=Afterwards.choices, required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Each list can have a choice of its own, beside the button that sends."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        agent = user.agent_or_none
        initial = {name: getattr(user, name) for name in ("name", "language", "timezone", "theme", "keeps_offline")}
        initial["signature"] = agent.signature if agent else ""
        initial["after_action"] = after_action(agent) if agent else ""
        super().__init__(*args, **{**kwargs, "initial": initial})
        if agent is None:
            del self.fields["signature"], self.fields["after_action"], self.fields["keeps_offline"]

    @property
    def profile(self) -> dict[str, Any]:
        """What belongs to the account itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "after_action"}


class OwnPasswordForm(NewPasswordForm):
    """A new password, for which one needs the present one."""

    present = forms.CharField(
        label=gettext_lazy("Present password"), max_length=1000, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    revoke = forms.BooleanField(
        label=gettext_lazy("Also revoke my API tokens"), required=False, initial=True,
        help_text=gettext_lazy("Leave this on if somebody else may know your password."),
    )  # fmt: skip
    field_order = ("present", "password", "again", "revoke")

    def __init__(self, *args: Any, has_tokens: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_tokens:
            del self.fields["revoke"]

    @property
    def revokes(self) -> bool:
        """Whether tokens are to be revoked; without tokens there is nothing to ask."""
        return bool(self.cleaned_data.get("revoke", True))

    def clean_present(self) -> str:
        """The account's own password. No upgrade of the hash here: it changes anyway."""
        typed: str = self.cleaned_data["present"]
        if self.user is None or not check_password(typed, self.user.password):
            raise forms.ValidationError(_("That is not your present password."))
        return typed
