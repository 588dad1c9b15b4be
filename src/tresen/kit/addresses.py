"""Addresses of views, worked out once: a page names a hundred of them, most of them on every page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template import Context
from django.template.defaulttags import URLNode
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape


def address(name: str, *args: str | int, current_app: str | None = None) -> str:
    """What Django's `reverse` gives. Raises NoReverseMatch."""
    return _address(name, args, current_app, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=8192)
def _address(name: str, args: tuple[Any, ...], current_app: str | None, _prefix: str, urlconf: str | None) -> str:
    """The same name under the same prefix, the same address."""
    return reverse(name, urlconf, args=args, current_app=current_app)


class AddressNode(URLNode):
    """`{% url %}` by way of `address`; whatever is not plainly a name with texts and numbers is left to Django."""

    def render(self, context: Context) -> str:
        name, args = self.view_name.resolve(context), tuple(arg.resolve(context) for arg in self.args)
        if self.kwargs or not all(type(arg) is int or isinstance(arg, str) for arg in args):
            return str(super().render(context))
        request = getattr(context, "request", None)
        match = getattr(request, "resolver_match", None)
        try:
            url = address(name, *args, current_app=getattr(request, "current_app", getattr(match, "namespace", None)))
        except NoReverseMatch:
            return str(super().render(context))
        if self.asvar:
            context[self.asvar] = url
            return ""
        return conditional_escape(url) if context.autoescape else url
