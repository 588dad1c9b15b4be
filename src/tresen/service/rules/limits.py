"""What is too much for all rules together: read with what is compiled, changed in the settings."""

from __future__ import annotations

from typing import Any

from tresen.kit.fingerprint import values_of
from tresen.service.rules.models import RuleSet

LIMITS = ("most_deep", "most_mails")


def rule_limits() -> RuleSet:
    """The limits in force."""
    return RuleSet.objects.first() or RuleSet()


def limit_values() -> dict[str, Any]:
    """What a form shows, for its mark."""
    return values_of(rule_limits(), LIMITS)
