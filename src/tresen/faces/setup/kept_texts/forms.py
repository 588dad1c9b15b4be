"""Saved replies and macros: what may be typed, for whom, in which languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.people.models import LANGUAGES, Agent, Brand, Team
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import ChecklistTemplate
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.choices import Ball, Priority, TicketType
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.field_forms import WantedFields, in_wanted_form
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.field_values import KEY, keys_in
from tresen.core.tickets.form_fields import category_choices
from tresen.core.tickets.models import Status, Tag
from tresen.core.tickets.staged import ME
from tresen.faces.setup.saving import MarkedForm
from tresen.kit.fingerprint import fingerprint
from tresen.service.texts.filling import MAX_TEXT, NAMES, WrongText, clean_texts
from tresen.service.texts.models import KeptText, MacroKind

MINE, EVERYBODY = "me", "all"
NOBODY = "nobody"


class KeptTextForm(MarkedForm):
    """What saved replies and macros share."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    folder = forms.CharField(
        label=gettext_lazy("Folder"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"list": "folders", "autocomplete": "off"}),
        help_text=gettext_lazy("A word that keeps what belongs together side by side."),
    )  # fmt: skip
    whose = forms.ChoiceField(label=gettext_lazy("For whom"), initial=MINE)

    def __init__(self, *args: Any, principal: Principal, kept: KeptText | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.principal = principal
        choices = [(MINE, _("only for me"))]
        teams = Team.objects.visible_to(principal).active().order_by("name")
        choices += [(str(team.pk), team.name) for team in teams if can(principal, "text.share", team)]
        if can(principal, "text.share", None):
            choices.append((EVERYBODY, _("for everybody")))
        if kept is not None and kept.team and not kept.team.is_active:
            choices.append((str(kept.team_id), kept.team.name))
        cast(forms.ChoiceField, self.fields["whose"]).choices = choices
        for code, label in languages_in_order():
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text in %(language)s") % {"language": label}, max_length=MAX_TEXT, required=False,
                widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true", "lang": code}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Names in braces must be ones we know."""
        cleaned: dict[str, Any] = super().clean() or {}
        for code, _label in LANGUAGES:
            try:
                clean_texts({code: cleaned.get(f"text_{code}", "")})
            except WrongText as wrong:
                for text in wrong.unknown or [str(MAX_TEXT)]:
                    told = _("There is no %(name)s. The names stand beside this form.") % {"name": text}
                    self.add_error(f"text_{code}", told)
        return cleaned

    def typed_texts(self) -> dict[str, str]:
        """The texts as they stand in the form, whether it is right or not."""
        return {code: str(self[f"text_{code}"].value() or "") for code, _label in LANGUAGES}

    def wanted(self) -> dict[str, Any]:
        """What was typed, as the services take it."""
        data = self.cleaned_data
        team = data["whose"] if data["whose"] not in (MINE, EVERYBODY) else None
        return {
            "name": data["name"], "folder": data["folder"], "texts": self.typed_texts(),
            "owner": self.principal.agent if data["whose"] == MINE else None,
            "team": Team.objects.get(pk=team) if team else None,
        }  # fmt: skip

    def show_conflict(self, now: Mapping[str, Any]) -> None:
        """As any marked form; the row is compared in the words of this one."""
        super().show_conflict(in_form(now))
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("mark")] = fingerprint(now)
        self.data = data


class SavedReplyForm(KeptTextForm):
    """A saved reply."""

    shortcut = forms.CharField(
        label=gettext_lazy("Short word"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Typed behind the stroke it finds this reply at once: /reset"),
    )  # fmt: skip
    field_order = ("mark", "name", "shortcut", "folder", "whose")

    def clean(self) -> dict[str, Any]:
        """A saved reply has a text."""
        cleaned = super().clean()
        if not self.errors and not any(text.strip() for text in self.typed_texts().values()):
            self.add_error(None, _("Write the text in one language at least."))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """With the short word."""
        return {**super().wanted(), "shortcut": self.cleaned_data["shortcut"]}


class MacroForm(KeptTextForm):
    """A macro: a text, changes, or both."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Its text is"), choices=MacroKind.choices, initial=MacroKind.REPLY,
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), required=False)
    type = forms.ChoiceField(label=pgettext_lazy("kind of ticket", "Type"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Assignee"), required=False)
    ball = forms.ChoiceField(label=gettext_lazy("Whose turn"), required=False)
    checklist = forms.ChoiceField(label=gettext_lazy("Add a checklist"), required=False)
    add_tags = forms.CharField(
        label=gettext_lazy("Add tags"), max_length=400, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "tags"}),
        help_text=gettext_lazy("Several with commas between them."),
    )  # fmt: skip
    remove_tags = forms.CharField(
        label=gettext_lazy("Take tags away"), max_length=400, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "tags"}),
    )  # fmt: skip
    field_order = ("mark", "name", "folder", "whose")
    # As they stand beside each other.
    CHANGES = (
        ("status", "ball"), ("priority", "type"), ("category",), ("team", "assignee"), ("add_tags", "remove_tags"),
        ("checklist",),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_is = [("", _("stays as it is"))]
        teams = Team.objects.visible_to(self.principal).active().order_by("name")
        agents = Agent.objects.visible_to(self.principal).active().select_related("user").order_by("user__name")
        people = [(ME, _("who uses the macro")), (NOBODY, _("nobody")), *((str(a.pk), a.user.name) for a in agents)]
        choices: dict[str, list[tuple[Any, Any]]] = {
            "status": [(s.slug, s.name) for s in Status.objects.visible_to(self.principal).active()],
            "priority": [(str(value), label) for value, label in Priority.choices][::-1],
            "type": list(TicketType.choices), "ball": list(Ball.choices), "assignee": people,
            "category": [(NOBODY, _("no category")), *category_choices(Category.objects.active())],
            "team": [(NOBODY, _("no team")), *((str(team.pk), team.name) for team in teams)],
        }  # fmt: skip
        for name, listed in choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = as_is + listed
        self.own = WantedFields(self, fields_for(self.principal).active(), leave=_("stays as it is"))
        lists = ChecklistTemplate.objects.visible_to(self.principal).active()
        kept = [(str(one.pk), one.name) for one in lists]
        cast(forms.ChoiceField, self.fields["checklist"]).choices = [("", _("none")), *kept]

    @property
    def for_text(self) -> list[Any]:
        """The fields of the text."""
        return [self["kind"], *(self[f"text_{code}"] for code, _label in languages_in_order())]

    @property
    def for_changes(self) -> list[Any]:
        """The fields of the changes, those together that stand beside each other."""
        return [[self[name] for name in names] for names in self.CHANGES]

    @property
    def tag_names(self) -> list[str]:
        """To choose from."""
        return [tag.name for tag in Tag.objects.visible_to(self.principal)]

    def clean(self) -> dict[str, Any]:
        """A macro does something."""
        cleaned = super().clean()
        self.own.clean()
        if not self.errors and not any(self.typed_texts().values()) and not self.changes():
            self.add_error(None, _("Write a text, or choose what is to be changed."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """What was chosen, as a macro keeps it."""
        data = self.cleaned_data
        found: dict[str, Any] = {name: data[name] for name in ("status", "type", "ball") if data.get(name)}
        if data.get("priority"):
            found["priority"] = int(data["priority"])
        for name in ("category", "team", "assignee", "checklist"):
            if value := data.get(name):
                found[name] = None if value == NOBODY else value if value == ME else int(value)
        for name in ("add_tags", "remove_tags"):
            if tags := [tag.strip() for tag in data.get(name, "").split(",") if tag.strip()]:
                found[name] = tags
        return found | {KEY + slug: value for slug, value in self.own.wanted.items()}

    def wanted(self) -> dict[str, Any]:
        """With its kind and its changes."""
        kind = self.cleaned_data["kind"] or MacroKind.REPLY
        return {**super().wanted(), "kind": kind, "changes": self.changes()}


def languages_in_order() -> list[tuple[str, str]]:
    """The language of the default brand first."""
    first = Brand.objects.filter(is_default=True).values_list("language", flat=True).first()
    return sorted(LANGUAGES, key=lambda pair: pair[0] != first)


def in_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row's present values as this form's fields say them."""
    found: dict[str, Any] = {name: values[name] for name in ("name", "folder", "shortcut", "kind") if name in values}
    found["whose"] = MINE if values["owner"] else str(values["team"]) if values["team"] else EVERYBODY
    found |= {f"text_{code}": values["texts"].get(code, "") for code, _label in LANGUAGES}
    if "changes" in values:
        found |= _changes_in_form(values["changes"])
    return found


def _changes_in_form(changes: Mapping[str, Any]) -> dict[str, Any]:
    own = {name.removeprefix(KEY): changes[name] for name in keys_in(changes)}
    fields = {field.slug: field for field in CustomField.objects.filter(slug__in=own)} if own else {}
    found: dict[str, Any] = {
        name: str(changes.get(name, "")) for name in ("status", "priority", "type", "ball", "checklist")
    }
    for name in ("category", "team", "assignee"):
        found[name] = (NOBODY if changes[name] is None else str(changes[name])) if name in changes else ""
    found |= {name: ", ".join(changes.get(name, [])) for name in ("add_tags", "remove_tags")}
    return found | in_wanted_form(fields, own)


def known_names() -> list[tuple[str, Any]]:
    """The names a text may use, as they are written, with what they mean."""
    return [(f"{{{{{name}}}}}", words) for name, words in NAMES.items()]
