"""Fixtures that the safety tests share."""

from tests.safety.mail_desk import mail_desk, outside

__all__ = ["mail_desk", "outside"]
