"""A shelf and a service: words, icon, who sees it, what its tickets begin with, what it costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.catalog.models import Audience, PriceKind, Service, ServiceCategory, ServiceKind
from tresen.core.people.models import Brand, Organisation, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import Impact, TicketType, Urgency
from tresen.core.tickets.form_fields import CategoryField
from tresen.core.tickets.models import Category
from tresen.faces.setup.picture_field import PictureField
from tresen.faces.setup.saving import MarkedForm
from tresen.faces.setup.services.words import CODES, IconField, add_words, in_fields, words_in

SWITCH = {"role": "switch"}
SHELF_WORDS = ("names", "summaries")
WORDS = (*SHELF_WORDS, "descriptions", "next_steps", "price_texts")


def one_of(name: str) -> str:
    """What a row calls its texts, as the fields of a form are named."""
    return {"summaries": "summary"}.get(name, name.removesuffix("s"))


class NamedForm(MarkedForm):
    """A form whose rows have a name and a summary by language."""

    words: tuple[str, ...] = SHELF_WORDS

    def clean(self) -> dict[str, Any]:
        """At least one language has a name."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not words_in(cleaned, "name") and not any(self.has_error(f"name_{code}") for code in ("en", "de", "pl")):
            self.add_error("name_en", _("It needs a name in at least one language."))
        return cleaned

    def texts(self) -> dict[str, dict[str, str]]:
        """All texts as the row keeps them."""
        return {name: words_in(self.cleaned_data, one_of(name)) for name in self.words}


class ShelfForm(NamedForm):
    """A category of the catalogue."""

    position = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=0, max_value=999, initial=0,
        help_text=gettext_lazy("Smaller numbers stand first."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True, widget=forms.CheckboxInput(attrs=SWITCH),
        help_text=gettext_lazy("At rest it is not offered, nor anything that stands in it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_words(self, "name", _("Name"), most=60)
        add_words(self, "summary", _("In a few words"), most=120)
        self.fields["icon"] = IconField()
        self.order_fields([name for name in self.fields if name not in ("position", "is_active")])

    def wanted(self) -> dict[str, Any]:
        """As the service takes it."""
        return {**self.texts(), **{name: self.cleaned_data[name] for name in ("icon", "position", "is_active")}}


class ServiceSetupForm(NamedForm):
    """Everything of a service but its form, its tasks and its picture."""

    words = WORDS
    category = forms.ModelChoiceField(
        ServiceCategory.objects.all(), label=gettext_lazy("Category of the catalogue"), empty_label=None
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("of a service", "Kind"), choices=ServiceKind.choices, initial=ServiceKind.OTHER
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may ask for it"), choices=Audience.choices, widget=forms.RadioSelect,
        initial=Audience.EVERYBODY, help_text=gettext_lazy("Agents may in any case, for whoever calls."),
    )  # fmt: skip
    organisations = forms.CharField(
        label=gettext_lazy("Organisations"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For “some organisations”: one a line, by name."),
    )  # fmt: skip
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(), label=gettext_lazy("Brands"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None chosen: all brands."),
    )  # fmt: skip
    ticket_category = CategoryField(label=gettext_lazy("Category of its tickets"))
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=TicketType.choices, initial=TicketType.SERVICE_REQUEST)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team"), required=False,
        empty_label=gettext_lazy("that of the category or brand"),
    )  # fmt: skip
    asks_reach = forms.BooleanField(
        label=gettext_lazy("Ask who is affected"), required=False, widget=forms.CheckboxInput(attrs=SWITCH),
        help_text=gettext_lazy("One, several, or everybody: that then decides about impact and urgency."),
    )  # fmt: skip
    impact = forms.TypedChoiceField(label=gettext_lazy("Impact"), choices=Impact.choices, coerce=int)
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Urgency"), choices=Urgency.choices, coerce=int, initial=Urgency.MEDIUM
    )
    price_kind = forms.ChoiceField(
        label=gettext_lazy("Price"), choices=PriceKind.choices, widget=forms.RadioSelect, initial=PriceKind.NONE
    )
    price = forms.DecimalField(
        label=gettext_lazy("Amount"), required=False, min_value=0, max_digits=11, decimal_places=2, localize=True
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"), required=False, max_length=3, min_length=3,
        help_text=gettext_lazy("Three letters: EUR, PLN, CHF."),
    )  # fmt: skip
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"), required=False, min_value=0, max_digits=6, decimal_places=2, localize=True
    )
    position = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=0, max_value=999, initial=0,
        help_text=gettext_lazy("Smaller numbers stand first."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True, widget=forms.CheckboxInput(attrs=SWITCH),
        help_text=gettext_lazy("At rest it is not offered; requests that are there stay."),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, now: Service | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_words(self, "name", _("Name"), most=80)
        add_words(self, "summary", _("In a few words"), most=160)
        add_words(self, "description", _("Description"), most=4000, lines=4)
        add_words(
            self, "next_step", _("What happens next"), most=600, lines=2,
            hint=_("Told on the page that confirms a request."),
        )  # fmt: skip
        add_words(self, "price_text", _("About the price"), most=160)
        self.fields["icon"] = IconField(help_text=_("Without one it has that of its category."))
        team, category = self.fields["team"], self.fields["ticket_category"]
        assert isinstance(team, forms.ModelChoiceField)
        assert isinstance(category, CategoryField)
        kept_team = Team.objects.filter(pk=(now.team_id if now else None) or 0)
        team.queryset = (Team.objects.visible_to(principal).active() | kept_team).order_by("name")
        kept = Category.objects.filter(pk=(now.ticket_category_id if now else None) or 0)
        category.offer(Category.objects.visible_to(principal).active() | kept)
        brands = self.fields["brands"]
        assert isinstance(brands, forms.ModelMultipleChoiceField)
        kept_brands = now.brands.values("pk") if now else []
        brands.queryset = Brand.objects.filter(Q(is_active=True) | Q(pk__in=kept_brands)).order_by("name")
        self.organisations_kept = set(now.organisations.values_list("pk", flat=True)) if now else set[int]()
        self.organisations_there = Organisation.objects.visible_to(principal)

    def clean_organisations(self) -> list[Organisation]:
        """Those that are named; of several with one name those that it has already. Raises ValidationError with the
        names that nobody has, or several."""
        lines = [line.strip() for line in self.cleaned_data["organisations"].splitlines() if line.strip()]
        wanted, often = {line.casefold(): line for line in lines}, Counter(line.casefold() for line in lines)
        there: dict[str, list[Organisation]] = defaultdict(list)
        for row in self.organisations_there if wanted else ():
            there[row.name.casefold()].append(row)
        if unknown := [shown for folded, shown in wanted.items() if folded not in there]:
            raise ValidationError(_("There is no organisation called %(names)s.") % {"names": ", ".join(unknown)})
        chosen: list[Organisation] = []
        unclear: list[str] = []
        for folded, shown in wanted.items():
            kept = [row for row in there[folded] if row.pk in self.organisations_kept]
            if len(there[folded]) in (1, often[folded]):
                chosen += there[folded]
            elif len(kept) == often[folded]:
                chosen += kept
            else:
                unclear.append(shown)
        if unclear:
            raise ValidationError(_("More than one organisation is called %(names)s.") % {"names": ", ".join(unclear)})
        return chosen

    def clean_currency(self) -> str:
        """Three capital letters (ISO 4217)."""
        code = str(self.cleaned_data["currency"]).upper()
        if code and not (code.isascii() and code.isalpha()):
            raise ValidationError(_("Three letters: EUR, PLN, CHF."))
        return code

    def clean(self) -> dict[str, Any]:
        """What was said about the price is whole."""
        cleaned = super().clean()
        if cleaned.get("price_kind") == PriceKind.AMOUNT:
            for name in ("price", "currency"):
                if not self.has_error(name) and cleaned.get(name) in (None, ""):
                    self.add_error(name, _("Please fill this in."))
        if (
            cleaned.get("price_kind") == PriceKind.HOURS
            and cleaned.get("hours") is None
            and not self.has_error("hours")
        ):
            self.add_error("hours", _("Please fill this in."))
        if cleaned.get("audience") == Audience.ORGANISATIONS and cleaned.get("organisations") == []:
            self.add_error("organisations", _("Name at least one."))
        return cleaned

    def alone(self, *names: str) -> list[list[forms.BoundField]]:
        """Fields that stand alone."""
        return [[self[name]] for name in names]

    def by_language(self, *names: str) -> list[list[forms.BoundField]]:
        """Texts, their languages side by side."""
        return [[self[f"{name}_{code}"] for code in CODES] for name in names]

    @property
    def parts(self) -> list[tuple[Any, list[list[forms.BoundField]]]]:
        """All fields in their groups, those that stand side by side together."""
        what = [*self.by_language("name", "summary", "description"), *self.alone("category", "kind", "icon")]
        price = [*self.by_language("next_step"), *self.alone("price_kind", "price", "currency", "hours")]
        return [
            (_("What it is"), what),
            (_("Who sees it"), self.alone("audience", "organisations", "brands", "position", "is_active")),
            (_("What its tickets begin with"),
             self.alone("ticket_category", "type", "team", "asks_reach", "impact", "urgency")),
            (_("What is said about it"), [*price, *self.by_language("price_text")]),
        ]  # fmt: skip

    def wanted(self) -> dict[str, Any]:
        """As the service takes it."""
        plain = {name: self.cleaned_data[name] for name in (
            "category", "kind", "audience", "organisations", "brands", "ticket_category", "type", "team", "asks_reach",
            "impact", "urgency", "price_kind", "price", "currency", "hours", "position", "is_active", "icon",
        )}  # fmt: skip
        return {**plain, **self.texts()}


def shown(values: dict[str, Any]) -> dict[str, Any]:
    """Values of a service or shelf as the form names them."""
    texts = {name: values[name] for name in WORDS if name in values}
    found = {name: value for name, value in values.items() if name not in texts}
    for name, by in texts.items():
        found |= in_fields({one_of(name): by}, one_of(name))
    if "organisations" in found:
        names = (
            Organisation.objects.filter(pk__in=found["organisations"]).order_by("name").values_list("name", flat=True)
        )
        found["organisations"] = "\n".join(names)
    if "ticket_category" in found:
        found["ticket_category"] = str(found["ticket_category"] or "")
    return found


class PictureForm(forms.Form):
    """A PNG or JPEG."""

    picture = PictureField(
        label=gettext_lazy("Picture"), required=False,
        help_text=gettext_lazy("PNG or JPEG, at most 512 KB, square. It is shown instead of the icon."),
    )  # fmt: skip
