"""Tags: a name, or another tag to go into."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tresen.core.tickets.models import Tag


class TagForm(forms.Form):
    """A tag's name."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)


class MergeForm(forms.Form):
    """The tag that stays."""

    into = forms.ModelChoiceField(
        Tag.objects.none(), label=gettext_lazy("Tag that stays"), empty_label=gettext_lazy("choose one")
    )

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Tag.objects.exclude(pk=tag.pk).order_by("name")
