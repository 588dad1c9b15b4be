"""The cast, and a service with a form."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import TEST, Cast, make_cast
from tresen.core.catalog.fields import Condition, Field, Option, new_field
from tresen.core.catalog.models import Service, ServiceCategory
from tresen.core.catalog.services import create_service


@pytest.fixture
def cast(db: None) -> Cast:
    """Two teams, two organisations, their people (tests/cast.py)."""
    return make_cast()


def options(*keys: str) -> list[Option]:
    """Things to choose, each called like its key with a capital."""
    return [Option(key=key, names={"en": key.title(), "de": f"{key.title()} (de)"}) for key in keys]


def equipment_fields() -> list[Field]:
    """A form with conditions: which device; for a notebook its size; how many, why."""
    only_notebooks = Condition(field="device", how="is", value="notebook")
    return [
        new_field("heading", {"en": "The device"}, key="about"),
        new_field(
            "choice", {"en": "Device", "de": "Gerät"}, key="device", required=True, in_subject=True,
            options=options("notebook", "phone"),
        ),
        new_field("choice", {"en": "Size"}, key="size", required=True, when=only_notebooks,
                  options=options("small", "large")),
        new_field("number", {"en": "How many?"}, key="count", least=1, most=5),
        new_field("long_text", {"en": "Why do you need it?"}, key="reason"),
        new_field("file", {"en": "Approval of the cost centre"}, key="papers", when=only_notebooks, most=2),
    ]  # fmt: skip


def equipment(**more: Any) -> Service:
    """A service that customers ask for with that form."""
    shelf = ServiceCategory.objects.get_or_create(names={"en": "Equipment", "de": "Geräte"}, icon="laptop")[0]
    set = {"names": {"en": "A new device", "de": "Ein neues Gerät"}, "category": shelf, "kind": "hardware", **more}
    return create_service(set=set, fields=equipment_fields(), by=TEST)
