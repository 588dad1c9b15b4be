"""Categories: names in every language, place in the tree, brand, use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tresen.core.people.models import LANGUAGES, Brand, Team
from tresen.core.tickets.categories import in_tree_order, with_all_below
from tresen.core.tickets.category_models import Category
from tresen.faces.setup.saving import MarkedForm


class CategoryForm(MarkedForm):
    """A category. `but`: the one that is changed, which can stand neither below itself nor below what is below it."""

    name_en = forms.CharField(max_length=60)
    name_de = forms.CharField(max_length=60, required=False)
    name_pl = forms.CharField(max_length=60, required=False)
    parent = forms.ModelChoiceField(
        Category.objects.none(), label=gettext_lazy("Below"), required=False, empty_label=gettext_lazy("at the top")
    )
    brand = forms.ModelChoiceField(
        Brand.objects.none(), label=gettext_lazy("Brand"), required=False, empty_label=gettext_lazy("all brands"),
        help_text=gettext_lazy("Set at the top of a tree, for all of it: other brands’ tickets do not get it offered."),
    )  # fmt: skip
    position = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=0, max_value=999, initial=0,
        help_text=gettext_lazy("Smaller numbers stand first."),
    )  # fmt: skip
    effort = forms.IntegerField(
        label=gettext_lazy("Effort"), min_value=1, max_value=9, initial=1, required=False,
        help_text=gettext_lazy("What one ticket weighs where tickets go to whoever has the least to do: 1 to 9."),
    )  # fmt: skip
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team"), required=False,
        empty_label=gettext_lazy("that of the category above it"),
        help_text=gettext_lazy(
            "Gets tickets of this category, and of those below it, that have no team yet. It goes before that of the"
            " brand."
        ),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy(
            "One that is not in use can no longer be chosen, nor what is below it; tickets keep it."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, but: Category | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES:
            self.fields[f"name_{code}"].label = name
        rows = list(Category.objects.all())
        gone = {row.pk for row in with_all_below(rows, but.pk)} if but else set()
        parent, brand = self.fields["parent"], self.fields["brand"]
        assert isinstance(parent, forms.ModelChoiceField)
        assert isinstance(brand, forms.ModelChoiceField)
        parent.queryset = Category.objects.exclude(pk__in=gone)
        shown = [placed.category for placed in in_tree_order(row for row in rows if row.pk not in gone)]
        parent.choices = [("", gettext_lazy("at the top")), *((row.pk, row.trail) for row in shown)]
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Team.objects.active().order_by("name")
        brand.queryset = Brand.objects.filter(is_active=True).order_by("name")

    def names(self) -> dict[str, str]:
        """All languages; those left empty are shown in English."""
        return {code: self.cleaned_data[f"name_{code}"].strip() for code, _label in LANGUAGES}


class NewCategoryForm(CategoryForm):
    """One that is in use from the start."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"]
