"""A desk with its people, and rules made in a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import TEST, Cast, make_cast
from tresen.service.rules.models import Rule
from tresen.service.rules.services import create_rule

NewRule = Callable[..., Rule]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def rule(cast: Cast) -> NewRule:
    """`rule("VIP first", "created", "is:vip", priority=4)`: a rule that is on; actions as keywords."""

    def make(name: str, on: str, condition: str = "", *, actions: Any = None, **fields: Any) -> Rule:
        given = actions or [{"do": kind, "value": str(value)} for kind, value in fields.items()]
        wanted = {"name": name, "triggers": on.split(","), "condition": condition, "actions": given, "is_active": True}
        return create_rule(set=wanted, by=TEST)

    return make
