"""`{% load desk_lists %}`: the rows of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from tresen.faces.desk.lists.drawing import Pen
from tresen.faces.desk.lists.reading import Row

register = template.Library()


@register.simple_tag(takes_context=True)
def list_rows(context: Context, rows: Iterable[Row], source: Any, words: tuple[str, ...] = ()) -> SafeString:
    """The rows of a list (`source` says which), with `words` marked; the ticket of `page` in the context is open."""
    page = context.get("page")
    pen = Pen(parameter=source.parameter, columns=source.columns, words=words, current=page.ticket.pk if page else None)
    return mark_safe("\n".join(pen.row(row) for row in rows))  # noqa: S308 - the pen escapes
