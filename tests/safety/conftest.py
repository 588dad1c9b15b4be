"""Fixtures that the safety tests share."""

from tests.flows.conftest import mail_desk, outside

__all__ = ["mail_desk", "outside"]
