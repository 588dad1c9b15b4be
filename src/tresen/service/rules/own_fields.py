"""A rule fills in a field of the desk's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.principals import Principal
from tresen.core.tickets.automation import Doing, Input, WrongAction
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.field_values import KEY, checked, read_written, shown_value, written
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.service.search.memory import read_once


def _choices(principal: Principal) -> list[tuple[str, Any]]:
    return [(field.slug, field.name) for field in fields_for(principal).active()]


@read_once
def _field(slug: str) -> CustomField | None:
    return CustomField.objects.active().filter(slug=slug).first()


class SetOwnField:
    """A field of the desk's own gets a value, or none. The value is kept as a line in which one writes it."""

    kind, label, icon = "own_field", gettext_lazy("Field of your own"), "pen"
    inputs = (
        Input("field", gettext_lazy("Field"), choices=_choices),
        Input("value", gettext_lazy("Value"), "text", most=1000, required=False, hint=gettext_lazy(
            "As in a search line: a number, yes or no, 2026-11-28, the name of a choice, several with commas. Empty:"
            " the field is emptied.")),
    )  # fmt: skip
    repeats: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A field in use, and a value that it can have."""
        field = _field(str(values.get("field", "")))
        if field is None:
            raise WrongAction("field")
        try:
            value = read_written(field, str(values.get("value", "")).replace("\0", "")[:1000])
        except (ValueError, OverflowError) as fault:
            raise WrongAction("value") from fault
        return {"field": field.slug, "value": written(field, value)}

    def wanted(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The field with its value. Raises WrongValue where it has none such any more."""
        slug = str(kept["field"])
        field = _field(slug)
        try:
            return {slug: checked(field, read_written(field, str(kept["value"])))} if field else self._gone(slug)
        except (ValueError, OverflowError) as fault:
            raise WrongValue(KEY + slug) from fault

    def _gone(self, slug: str) -> dict[str, Any]:
        raise WrongValue(KEY + slug)

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """It has another value now."""
        try:
            return any(ticket.fields.get(slug) != value for slug, value in self.wanted(kept).items())
        except WrongValue:
            return False

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `ticket.changed`."""
        before = doing.ticket.version
        doing.ticket = update_ticket(doing.ticket, by=doing.by, set={"fields": self.wanted(kept)})
        return doing.ticket.version != before

    def say(self, kept: Mapping[str, Any]) -> str:
        """`Rack: 12`."""
        field = _field(str(kept.get("field", "")))
        if field is None:
            return f"{kept.get('field', '')}: {_('gone')}"
        try:
            shown = shown_value(field, read_written(field, str(kept.get("value", ""))))
        except (ValueError, OverflowError):
            shown = _("gone")
        return f"{field.name}: {shown or '–'}"


OWN_FIELD = SetOwnField()
