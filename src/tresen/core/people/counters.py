"""At which brand's counter a thing stands that can be of some brands: the one place that says so."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from tresen.core.people.models import Brand


def of_brand(model: type[Model], brand: Brand | int) -> Q:
    """Of that brand (or its key), or of all: a row that names no brand in `brands` is of every one."""
    field: Any = model._meta.get_field("brands")
    rows = field.remote_field.through._default_manager.filter(**{field.m2m_field_name(): OuterRef("pk")})
    return Q(Exists(rows.filter(brand=brand))) | ~Q(Exists(rows))
