"""Who may work with received mail. Seeing is `received.received_for`; these are the acts."""

from __future__ import annotations

from tresen.core.people.permissions import Check, Needs

MAIL_PERMISSIONS: dict[str, Check] = {"mail.handle": Needs(("mail",))}
