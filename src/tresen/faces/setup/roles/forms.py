"""A role: what it is called, what it is for, and what it lets people do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Role
from tresen.core.people.rights import GROUPS, RIGHTS, Right
from tresen.core.people.roles import LONGEST
from tresen.faces.setup.saving import MarkedForm


@dataclass(frozen=True)
class Line:
    """A right with its box."""

    right: Right
    is_on: bool


class RoleForm(MarkedForm):
    """Name, purpose, rights. One that is built in keeps its name."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST)
    description = forms.CharField(
        label=gettext_lazy("Purpose"), max_length=200, required=False,
        help_text=gettext_lazy("One line for those who give it to people."),
    )  # fmt: skip
    rights = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(right.name, right.label) for right in RIGHTS.values()],
    )  # fmt: skip

    def __init__(self, *args: Any, role: Role | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if role and role.is_built_in:
            del self.fields["name"]

    def groups(self) -> list[tuple[Any, list[Line]]]:
        """The table of rights as it is shown, with what is chosen."""
        chosen = set(self["rights"].value() or ())
        return [(group.label, [Line(right, right.name in chosen) for right in group.rights]) for group in GROUPS]
