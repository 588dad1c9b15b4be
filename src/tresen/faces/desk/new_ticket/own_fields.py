"""The desk's own fields on the form for a new ticket: those for its type and team, begun with what stands in them."""

from __future__ import annotations

from typing import Any

from tresen.core.people.models import Brand
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.choices import TicketType
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.field_forms import OwnFieldsForm
from tresen.core.tickets.field_models import CustomField, FieldKind, Outline, Required
from tresen.core.tickets.first_team import team_of_new
from tresen.core.tickets.staged import number_in
from tresen.faces.desk.access import StaffRequest


class OwnFields(OwnFieldsForm):
    """Those for the chosen type, and for the chosen team or that which category and brand say. `again`: they are only
    drawn, with what was typed so far; else what was typed counts. A field that was not shown (it fits only since
    something else was chosen) begins with its default; where it is needed and has none, it is asked for now. `depends`:
    other types or teams have other fields."""

    def __init__(self, request: StaffRequest, *, again: bool) -> None:
        data, fields = request.POST, list(fields_for(request.principal).active())
        self.depends = any(field.types or field.teams for field in fields)
        # Taken down by hand it begins under the default brand.
        brand = Brand.objects.default() if any(field.brands or field.teams for field in fields) else None
        team = number_in(data.get("team", ""))
        if brand and team is None:
            found = team_of_new(brand, _category(request))
            team = found.pk if found else None
        about = Outline(data.get("type") or TicketType.INCIDENT, team, brand.pk if brand else None)
        fitting, asked = [field for field in fields if field.fits(about)], set(data.getlist("asked"))
        self.begun = {f.slug: f.default for f in fitting if f.slug not in asked and f.default is not None}
        if again:
            start = {f"f_{f.slug}": _typed(request, f) for f in fitting if f.slug in asked}
            super().__init__(fields=fitting, values=self.begun, is_new=True, initial=start)
        else:
            shown = [f for f in fitting if f.slug in asked or (_is_needed(f) and f.slug not in self.begun)]
            super().__init__(data, fields=shown, values={}, is_new=True)

    def clean(self) -> dict[str, Any]:
        """With what the others begin with."""
        cleaned = super().clean()
        self.wanted = self.begun | {slug: value for slug, value in self.wanted.items() if value is not None}
        return cleaned


def _category(request: StaffRequest) -> Category | None:
    key = number_in(request.POST.get("category", ""))
    return Category.objects.visible_to(request.principal).filter(pk=key).first() if key else None


def _typed(request: StaffRequest, field: CustomField) -> Any:
    name = f"f_{field.slug}"
    return request.POST.getlist(name) if field.kind == FieldKind.CHOICES else request.POST.get(name, "")


def _is_needed(field: CustomField) -> bool:
    return field.required == Required.ALWAYS
