"""Form fields that more than one face asks with: a category out of its tree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tresen.core.tickets.categories import in_tree_order
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.querysets import CategoryQuerySet


def category_choices(offered: CategoryQuerySet) -> list[tuple[str, str]]:
    """Keys and whole names, in the order of the tree."""
    return [(str(row.category.pk), row.category.trail) for row in in_tree_order(offered)]


class CategoryField(forms.ChoiceField):
    """One of the categories that were offered, or none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Category"))
        super().__init__(required=False, **kwargs)

    def offer(self, offered: CategoryQuerySet) -> None:
        """What can be chosen."""
        self.rows = {str(row.pk): row for row in offered}
        self.choices = [("", "–"), *((str(p.category.pk), p.category.trail) for p in in_tree_order(self.rows.values()))]

    def clean(self, value: Any) -> Category | None:
        """The category."""
        return self.rows.get(str(super().clean(value)))
