"""What Django's test tools do around every test and every page, done for less."""

from __future__ import annotations

from typing import Any

import django.test.utils
from django.template.base import Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered

from tests.first_rows import leave_first_rows
from tresen.kit.memory import keep_freed_memory


def lighten() -> None:
    """Called once, before the first test."""
    keep_freed_memory()
    TransactionTestCase._fixture_teardown = leave_first_rows  # type: ignore[method-assign, assignment]
    django.test.utils.instrumented_test_render = _render  # type: ignore[assignment]


def _render(self: Template, context: Any) -> Any:
    """The page itself is told to the client (`answer.context`); Django tells each part in it, with a copy of all its
    values."""
    if context.template is self:
        template_rendered.send(sender=self, template=self, context=context)
    return self.nodelist.render(context)
