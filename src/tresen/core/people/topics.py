"""What a person can get that is no answer, and can do without: the shape of the table TOPICS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tresen.core.people.models import Contact
from tresen.spine.events.actors import Actor


@dataclass(frozen=True)
class Topic:
    """One of them. `wants`: whether he gets it now; `choose`: he does from now on, or not. `is_offered`: he is asked
    about it at all."""

    name: str
    label: Any
    hint: Any
    wants: Callable[[Contact], bool]
    choose: Callable[[Contact, bool, Actor], None]
    is_offered: Callable[[Contact], bool] = lambda contact: True
