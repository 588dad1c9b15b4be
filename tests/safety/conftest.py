"""Fixtures that the safety tests share."""

import logging
from collections.abc import Iterator

import pytest

from tests.flows.conftest import mail_desk, outside
from tresen.kit.logs import LineFormatter, RedactingFilter

__all__ = ["mail_desk", "outside"]


@pytest.fixture
def log_lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Every line of the log from here on, of the finest level too, as it would be written."""
    handler, lines = logging.Handler(logging.DEBUG), list[str]()
    handler.addFilter(RedactingFilter())
    handler.setFormatter(LineFormatter())
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    caplog.set_level(logging.DEBUG)
    yield lines
    logging.getLogger().removeHandler(handler)
