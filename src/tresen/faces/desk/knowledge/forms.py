"""What is typed about an article and its collections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.knowledge.models import Audience, Collection, SourceFormat
from tresen.core.people.form_fields import LanguageField
from tresen.core.people.models import LANGUAGES, Agent, Brand, Organisation
from tresen.core.people.principals import Principal
from tresen.core.tickets.category_models import Category
from tresen.faces.desk.knowledge.listing import shelves
from tresen.kit import clock

# What the pictures of collections show (collections.ICONS), for who does not see them.
PICTURES = {
    "book": _("book"), "key": _("key"), "laptop": _("laptop"), "phone": _("telephone"), "mail": _("letter"),
    "print": _("printer"), "shield": _("shield"), "people": _("people"), "wrench": _("wrench"), "globe": _("globe"),
    "cap": _("square cap"), "box": _("box"), "star": _("star"),
}  # fmt: skip


def _shelf_choices(now: Collection | None = None) -> list[tuple[Any, str]]:
    rows = [(row, depth) for row, depth in shelves() if row.is_active or row == now]
    return [("", "–"), *((row.pk, f"{'– ' * depth}{row.name}") for row, depth in rows)]


class WordsForm(forms.Form):
    """What an article says in one language. `newest`: the number of the version that was open."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("In short"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences: they stand under the title, in lists and in search results."),
    )  # fmt: skip
    format = forms.ChoiceField(
        label=_("Written as"), choices=SourceFormat.choices, initial=SourceFormat.MARKDOWN, widget=forms.RadioSelect
    )
    source = forms.CharField(
        label=_("Text"), required=False, max_length=200_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
    )  # fmt: skip
    note = forms.CharField(label=_("What you changed"), max_length=200, required=False)
    newest = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class NewArticleForm(forms.Form):
    """The beginning of an article."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("As somebody would ask for it."))
    summary = forms.CharField(
        label=_("In short"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    collection = forms.ModelChoiceField(Collection.objects.none(), label=_("Collection"))
    language = LanguageField(label=_("Main language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        collection = self.fields["collection"]
        assert isinstance(collection, forms.ModelChoiceField)
        collection.queryset = Collection.objects.filter(is_active=True)
        collection.choices = _shelf_choices()


class AboutForm(forms.Form):
    """Where an article stands, who reads it, who keeps it. With `readers_stay` what is sent for the former is not
    looked at."""

    collection = forms.ModelChoiceField(Collection.objects.none(), label=_("Collection"))
    audience = forms.ChoiceField(
        label=_("Who may read it"), choices=Audience.choices, widget=forms.RadioSelect,
        help_text=_("Once it is published."),
    )  # fmt: skip
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("Organisations"), required=False,
        help_text=_("Where only people of some organisations may read it."),
    )  # fmt: skip
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(), label=_("Brands"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: it stands at every brand’s counter."),
    )  # fmt: skip
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), required=False, empty_label="–",
        help_text=_("On tickets of this category it is suggested first."),
    )  # fmt: skip
    keeper = forms.ModelChoiceField(
        Agent.objects.none(), label=_("Keeper"), required=False, empty_label=_("nobody"),
        help_text=_("Looks after it, and hears when it is to be looked at again."),
    )  # fmt: skip
    look_again_on = forms.DateField(
        label=_("Look at this again by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(
        self, *args: Any, principal: Principal, now: Collection, readers_stay: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("collection", "audience", "organisations", "brands") if readers_stay else ():
            self.fields[name].disabled = True

        def kept(name: str) -> list[int]:
            now = self.initial.get(name) or []
            return now if isinstance(now, list) else [now]

        keepers = Agent.objects.active() | Agent.objects.filter(pk__in=kept("keeper"))
        rows: dict[str, Any] = {
            "collection": Collection.objects.all(),
            "organisations": Organisation.objects.visible_to(principal).order_by("name"),
            # What is at rest and stands there already stays: an article without brands is of every one.
            "brands": Brand.objects.filter(Q(is_active=True) | Q(pk__in=kept("brands"))).order_by("name"),
            "category": Category.objects.filter(Q(is_active=True) | Q(pk__in=kept("category"))),
            "keeper": keepers.select_related("user").order_by("user__name"),
        }
        for name, queryset in rows.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
        self.fields["collection"].choices = _shelf_choices(now)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Organisations are needed where the article is for some of them."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("audience") == Audience.ORGANISATIONS and not cleaned.get("organisations"):
            self.add_error("organisations", _("Choose at least one organisation."))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """For the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PlanForm(forms.Form):
    """When it is to be published."""

    publish_at = forms.DateTimeField(
        label=_("Publish at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )  # fmt: skip

    def clean_publish_at(self) -> datetime:
        """A time that is to come. Raises ValidationError in words."""
        at: datetime = self.cleaned_data["publish_at"]
        if at <= clock.now():
            raise ValidationError(_("Choose a time that is still to come."))
        return at


class CollectionForm(forms.Form):
    """A collection: names and descriptions by language, picture, place, brands, use."""

    parent = forms.ModelChoiceField(
        Collection.objects.none(), label=_("In"), required=False, empty_label=_("at the top")
    )
    icon = forms.ChoiceField(
        label=_("Picture"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _("none")), *PICTURES.items()],
    )
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(), label=_("Brands"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: it stands at every brand’s counter."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=_("In use"), required=False, initial=True, widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=_("One that is not in use is not shown to readers, nor are its articles."),
    )  # fmt: skip
    mark = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, but: Collection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name (%(language)s)") % {"language": name}, max_length=80, required=False
            )
            self.fields[f"description_{code}"] = forms.CharField(
                label=_("What is in it (%(language)s)") % {"language": name}, max_length=300, required=False
            )
        tops = Collection.objects.filter(parent=None)
        parent, brands = self.fields["parent"], self.fields["brands"]
        assert isinstance(parent, forms.ModelChoiceField)
        assert isinstance(brands, forms.ModelMultipleChoiceField)
        parent.queryset = tops.exclude(pk=but.pk) if but else tops
        # A collection without brands is of every one: those at rest stay.
        kept = list(but.brands.values_list("pk", flat=True)) if but else []
        brands.queryset = Brand.objects.filter(Q(is_active=True) | Q(pk__in=kept)).order_by("name")

    def clean(self) -> dict[str, Any]:
        """A name in some language."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(f"name_{code}") for code, _name in LANGUAGES):
            raise ValidationError(_("Give it a name in at least one language."))
        return cleaned

    def by_language(self, what: str) -> dict[str, str]:
        """The names or the descriptions, by language."""
        return {code: self.cleaned_data[f"{what}_{code}"] for code, _name in LANGUAGES}

    def wanted(self) -> dict[str, Any]:
        """For the service."""
        plain = {name: self.cleaned_data[name] for name in ("parent", "icon", "brands", "is_active")}
        return {**plain, "names": self.by_language("name"), "descriptions": self.by_language("description")}
