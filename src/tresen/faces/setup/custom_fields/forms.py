"""Custom fields: names and help in every language, choices, for which tickets, when needed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.people.models import LANGUAGES, Brand, Language, Team
from tresen.core.tickets.choices import TicketType
from tresen.core.tickets.custom_fields import MOST_CHOICES
from tresen.core.tickets.field_forms import control_of, meant, typed
from tresen.core.tickets.field_models import CustomField, FieldKind, Required
from tresen.faces.setup.saving import MarkedForm

CODES = Language.values
EMPTY_ROWS = 3


class FieldForm(MarkedForm):
    """A field whose kind is settled."""

    name_en = forms.CharField(max_length=60)
    name_de = forms.CharField(max_length=60, required=False)
    name_pl = forms.CharField(max_length=60, required=False)
    help_en = forms.CharField(max_length=200, required=False)
    help_de = forms.CharField(max_length=200, required=False)
    help_pl = forms.CharField(max_length=200, required=False)
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Types"), choices=TicketType.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For tickets of these types; none chosen: of all."),
    )  # fmt: skip
    teams = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Teams"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For tickets of these teams; none chosen: of all."),
    )  # fmt: skip
    brands = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Brands"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For tickets of these brands; none chosen: of all."),
    )  # fmt: skip
    required = forms.ChoiceField(
        label=gettext_lazy("Must be filled in"), choices=Required.choices, widget=forms.RadioSelect,
        initial=Required.NEVER,
        help_text=gettext_lazy("Asked of agents. Rules and mail are never held up by it: a ticket by mail needs it"
                               " before it is solved."),
    )  # fmt: skip
    is_searched = forms.BooleanField(
        label=gettext_lazy("Found by its words"), required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy(
            "Your people find tickets by what stands in it as by the words of messages: texts, numbers, addresses,"
            " choices."
        ),
    )  # fmt: skip
    for_customers = forms.BooleanField(
        label=gettext_lazy("Customers see it"), required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy(
            "Asked on the form for a request in the portal, and shown beside the request once it is certain that the"
            " customer looks at it. All others are for your people alone."
        ),
    )  # fmt: skip
    position = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=0, max_value=999, initial=0,
        help_text=gettext_lazy("Smaller numbers stand first."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy(
            "One that is not in use is no longer asked for; tickets keep what they have, and it can still be searched."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, field: CustomField | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field = field
        if field is not None:
            names = list(self.fields)
            names.insert(names.index("required") + 1, "default")
            self.fields["default"] = self._begun_with(field)
            self.order_fields(names)
        for code, name in LANGUAGES:
            self.fields[f"name_{code}"].label = _("Name (%(language)s)") % {"language": name}
            self.fields[f"help_{code}"].label = _("Help (%(language)s)") % {"language": name}
        for name, rows in (("teams", Team.objects), ("brands", Brand.objects)):
            listed = self.fields[name]
            assert isinstance(listed, forms.MultipleChoiceField)
            kept = getattr(field, name, [])
            listed.choices = [(r.pk, r.name) for r in rows.order_by("name") if r.is_active or r.pk in kept]

    def _begun_with(self, field: CustomField) -> forms.Field:
        control = control_of(field, field.default)
        control.label = _("Begins with")
        control.help_text = _("Stands in the field on the form for a new ticket. Mail begins with nothing.")
        return control

    def clean(self) -> dict[str, Any]:
        """What it begins with, as a ticket keeps it."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.field is not None and "default" in cleaned:
            try:
                cleaned["default"] = meant(self.field, cleaned["default"], self.field.default)
            except ValueError:
                self.add_error("default", _("That value is not possible."))
        return cleaned

    @property
    def has_choices(self) -> bool:
        """Whether its kind has choices to name; a new one could."""
        return self.field is None or self.field.kind in (FieldKind.CHOICE, FieldKind.CHOICES)

    def choices(self) -> list[dict[str, Any]]:
        """The rows of choices that were typed, without empty ones."""
        if not self.is_bound:
            return [c for c in (self.field.choices if self.field else []) if c["is_active"]]
        data: Any = self.data
        columns = {code: data.getlist(f"choice_{code}")[:MOST_CHOICES] for code in CODES}
        known = {choice["slug"] for choice in (self.field.choices if self.field else [])}
        found = []
        for place, slug in enumerate(data.getlist("choice")[:MOST_CHOICES]):
            names = {c: " ".join(v[place].replace("\0", "").split())[:60] for c, v in columns.items() if place < len(v)}
            if any(names.values()):
                found.append({"slug": slug if slug in known else "", "names": names})
        return found

    def choice_rows(self) -> list[dict[str, Any]]:
        """What the table of choices shows: those there are and some empty ones."""
        rows = [{"slug": c["slug"], "names": [(k, c["names"].get(k, "")) for k in CODES]} for c in self.choices()]
        return [*rows, *({"slug": "", "names": [(code, "") for code in CODES]} for _n in range(EMPTY_ROWS))]

    def wanted(self) -> dict[str, Any]:
        """As the service takes it."""
        data = self.cleaned_data
        found = {
            name: data[name]
            for name in ("types", "teams", "brands", "required", "is_searched", "for_customers", "position")
        }
        for part in ("name", "help"):
            found[f"{part}s"] = {code: data[f"{part}_{code}"].strip() for code in CODES}
        if self.has_choices:
            found["choices"] = self.choices()
        return found | {name: data[name] for name in ("is_active", "default") if name in data}


class NewFieldForm(FieldForm):
    """A field with its kind, which it keeps for good."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("of a field", "Kind"), choices=FieldKind.choices, initial=FieldKind.TEXT,
        help_text=gettext_lazy("It is fixed for good."),
    )  # fmt: skip
    field_order = ("name_en", "name_de", "name_pl", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"]


def shown(values: dict[str, Any], field: CustomField) -> dict[str, Any]:
    """Values of a field as the form names them."""
    apart = {k: v for k, v in values.items() if k not in ("names", "helps", "choices")}
    apart["default"] = typed(field, values["default"])
    texts = {f"{part}_{code}": values[f"{part}s"].get(code, "") for part in ("name", "help") for code in CODES}
    return {**apart, **texts}
