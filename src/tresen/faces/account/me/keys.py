"""One's own keys: each action's key changed or switched off; letters off as a whole; all as they were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tresen.core.people.accounts import actor_of, change_profile
from tresen.core.people.models import User
from tresen.faces.account.me.views import own_page
from tresen.kit import notices
from tresen.kit.actions import Action, actions_for
from tresen.kit.keys import clashes, keys_of, read_key


class Row(NamedTuple):
    """One action with its field; `usual` is the key it comes with."""

    action: Action
    field: BoundField
    usual: str


class Group(NamedTuple):
    """The actions of one screen."""

    label: str
    rows: list[Row]


class OwnKeysForm(forms.Form):
    """A field for each action, named like it, and the switch for keys of one letter."""

    single_keys = forms.BooleanField(
        label=gettext_lazy("Keys of one letter (j, k, r …)"), required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("Switch them off if you dictate, or if keys get in the way."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, actions: list[Action], **kwargs: Any) -> None:
        self.actions = actions
        keys = keys_of(actions, user.keys)
        initial: dict[str, Any] = {_field(a): keys.get(a.name, "").replace("Mod", _("Ctrl")) for a in actions}
        super().__init__(*args, **{**kwargs, "initial": {"single_keys": user.single_keys, **initial}})
        for action in actions:
            self.fields[_field(action)] = forms.CharField(
                label=action.label, required=False, max_length=20, strip=True,
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
            )  # fmt: skip

    def groups(self) -> Iterator[Group]:
        """The rows under the headings of their screens."""
        for label in dict.fromkeys(str(action.where.label) for action in self.actions):
            here = [action for action in self.actions if str(action.where.label) == label]
            yield Group(label, [Row(a, self[_field(a)], a.key.replace("Mod", _("Ctrl"))) for a in here])

    def clean(self) -> dict[str, Any]:
        """Every field is a key or empty, and no two actions share one."""
        cleaned = super().clean() or {}
        keys: dict[str, str] = {}
        for action in self.actions:
            try:
                keys[action.name] = read_key(cleaned.get(_field(action), ""))
            except ValueError:
                self.add_error(_field(action), _("This key cannot be used. Try another letter, or Ctrl with one."))
        labels = {action.name: action.label for action in self.actions}
        for name, other in clashes({name: key for name, key in keys.items() if key}).items():
            self.add_error(f"key-{name}", _("Also the key of “%(action)s”.") % {"action": labels[other]})
        self.own = {action.name: keys[action.name] for action in self.actions
                    if action.name in keys and keys[action.name] != action.key}  # fmt: skip
        return cleaned


def _field(action: Action) -> str:
    return f"key-{action.name}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def own_keys(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/keys/`: the page; POST saves, with `reset` it takes every own key back."""
    if user.agent_or_none is None:
        raise Http404
    if "reset" in request.POST:
        return _saved(request, user, {"keys": {}, "single_keys": True}, _("Your keys are as they came."))
    actions = actions_for(request)
    form = OwnKeysForm(request.POST if request.method == "POST" else None, user=user, actions=actions)
    if request.method == "POST" and form.is_valid():
        kept = {name: key for name, key in user.keys.items() if name not in {action.name for action in actions}}
        wanted = {"keys": {**kept, **form.own}, "single_keys": form.cleaned_data["single_keys"]}
        return _saved(request, user, wanted, _("Saved."))
    status = 422 if request.method == "POST" else 200
    return render(request, "account/me_keys.html", {"form": form, "has_own": bool(user.keys)}, status=status)


def _saved(request: HttpRequest, user: User, wanted: dict[str, Any], told: str) -> HttpResponse:
    change_profile(user, set=wanted, by=actor_of(user))
    notices.tell(request, told)
    return HttpResponseRedirect(reverse("account:own-keys"))
