"""What the pages of levels need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def entry(values: Mapping[str, Any], name: str) -> Any:
    """The value under a name that is only known there."""
    return values.get(name, "")
