"""What the composer shows beside its text: changes that go along, what comes after sending, the list behind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tresen.core.people.principals import principal_of
from tresen.faces.desk.after.going_on import list_behind, wanted_after
from tresen.faces.desk.texts.staging import staged_changes
from tresen.service.preferences.models import Afterwards

register = template.Library()


@register.inclusion_tag("desk/texts/chips.html", takes_context=True)
def staged_chips(context: Context, lines: Iterable[str]) -> dict[str, Any]:
    """The lines that are staged, in words, each with its way out."""
    return {"staged": staged_changes(lines, principal_of(context["request"]))}


@register.inclusion_tag("desk/after/switch.html", takes_context=True)
def after_switch(context: Context) -> dict[str, Any]:
    """What comes after sending; nothing for a ticket that was opened from no list."""
    request = context["request"]
    source = list_behind(request)
    return {"source": source, "then": wanted_after(request, source) if source else "", "choices": Afterwards.choices}


@register.simple_tag(takes_context=True)
def list_field(context: Context) -> SafeString:
    """The field by which a form says from which list its ticket was opened."""
    source = list_behind(context["request"])
    return format_html('<input type="hidden" name="list" value="{}">', source.parameter) if source else SafeString("")
