"""`{% load desk_lists %}`: the rows of a list."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from tresen.faces.desk.lists.drawing import Pen
from tresen.faces.desk.lists.pane import ViewLink
from tresen.faces.desk.lists.reading import Row
from tresen.kit.templatetags.kit import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def list_rows(context: Context, rows: Iterable[Row], source: Any, words: tuple[str, ...] = ()) -> SafeString:
    """The rows of a list (`source` says which), with `words` marked; the ticket of `page` in the context is open."""
    page = context.get("page")
    pen = Pen(
        parameter=source.parameter, columns=source.columns, words=words, current=page.ticket.pk if page else None,
        own=source.own_columns,
    )  # fmt: skip
    return mark_safe("\n".join(pen.row(row) for row in rows))  # noqa: S308 - the pen escapes


@register.simple_tag
def view_links(views: Iterable[ViewLink]) -> SafeString:
    """The entries of the views' column: twenty and more on every page, so they are put together here."""
    return mark_safe("".join(_view_link(view) for view in views))  # noqa: S308 - every piece is escaped


def _view_link(view: ViewLink) -> str:
    here = ' aria-current="page"' if view.current else ""
    slug = escape(view.slug)
    return (
        f'<li><a href="{escape(view.url)}" data-action="go-{slug}"{here}>{icon(view.icon, cls=view.hue)}'
        f'<span>{escape(view.label)}</span><span class="n num" data-count="{slug}">{escape(view.count)}</span></a></li>'
    )
