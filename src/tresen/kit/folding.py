"""Templates whose constant parts are worked out when they are read, once for each language.

A page of the desk draws hundreds of translated words and icons that are the same on every answer. The loader puts them
in as text and joins what then stands side by side; addresses are worked out once. What is given out stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import RLock
from typing import Any

from django.template import Context, NodeList
from django.template.base import FilterExpression, Node, Template, TextNode, Variable
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.utils.translation import get_language

from tresen.kit.addresses import AddressNode
from tresen.kit.templatetags import kit

FOLDING = RLock()


class Loader(cached.Loader):
    """The cached loader of Django, with a template for each language."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        found: Any = super().get_template(template_name, skip)
        if not hasattr(found, "is_folded"):
            with FOLDING:  # two threads may have asked for the same one at the same moment
                if not hasattr(found, "is_folded"):
                    fold(found.nodelist)
                    found.is_folded = True
        return found


def fold(nodes: NodeList) -> None:
    """Puts text in the place of what is constant, here and below."""
    kept: list[Node] = []
    for node in nodes:
        if (text := _text_of(node)) is None:
            for below in _lists_of(node):
                fold(below)
            kept.append(_written_as(AddressNode(*_url_of(node)), node) if type(node) is URLNode else node)
        elif kept and isinstance(kept[-1], TextNode):
            kept[-1] = _written_as(TextNode(kept[-1].s + text), kept[-1])
        elif text:
            kept.append(_written_as(TextNode(text), node))
    nodes[:] = kept


def _written_as(node: Any, place: Any) -> Any:
    """The node as one that stands at this place of its file."""
    node.token, node.origin = place.token, place.origin
    return node


def _url_of(node: Any) -> tuple[Any, ...]:
    return node.view_name, node.args, node.kwargs, node.asvar


def _lists_of(node: Any) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        if isinstance(nodes := getattr(node, name, None), NodeList):
            yield nodes


def _text_of(node: Any) -> str | None:
    """What a node always gives out in this language; None where that depends on anything else."""
    match node:
        case TextNode():
            return str(node.s)
        case CommentNode() | LoadNode():
            return ""
        case TranslateNode() if node.asvar is None and _is_constant(node.filter_expression):
            if node.message_context is None or _is_constant(node.message_context):
                return str(node.render(Context()))
        case SimpleNode() if node.func is kit.icon and node.target_var is None:
            if all(map(_is_constant, [*node.args, *node.kwargs.values()])):
                return str(node.render(Context()))
    return None


def _is_constant(expression: FilterExpression) -> bool:
    word = expression.var
    return not expression.filters and (not isinstance(word, Variable) or word.literal is not None)
