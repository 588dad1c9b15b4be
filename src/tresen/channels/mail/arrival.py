"""One received mail on its way through the intake."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tresen.channels.mail import authenticity
from tresen.channels.mail.limits import mail_limits
from tresen.channels.mail.matching import Evidence
from tresen.channels.mail.models import Mailbox, RawMail
from tresen.core.people.models import Agent, Brand, Contact, Team
from tresen.core.tickets.models import Attachment


@dataclass
class Arrival:
    """One received mail on its way through the steps."""

    row: RawMail
    mailbox: Mailbox
    raw: bytes
    mail: dict[str, Any] = field(default_factory=dict)
    sender: str = ""
    sender_name: str = ""
    verdict: str = authenticity.UNKNOWN
    evidence: Evidence | None = None
    contact: Contact | None = None
    agent: Agent | None = None
    # Where a new ticket begins: by the mailbox, or by the words behind a plus.
    brand: Brand | None = None
    team: Team | None = None
    files: list[Attachment] = field(default_factory=list)
    outcome: str = ""
    reason: dict[str, Any] = field(default_factory=dict)
    duplicate_key: str | None = None
    # How it will be filed (a function of filing.PLANS), and the number taken for a new ticket before the transaction.
    plan: str = ""
    standing: str = ""
    number: str = ""

    def decide(self, outcome: str, **reason: Any) -> None:
        """Ends the way of this mail."""
        self.outcome, self.reason = outcome, reason

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Decoded headers, from top to bottom."""
        return [(name, value) for name, value in self.mail["headers"]]

    @property
    def is_circling(self) -> bool:
        """It has passed more servers than the limits allow: it goes from one to the next without an end."""
        return bool(self.mail["received_hops"] > mail_limits().most_servers)

    @property
    def has_null_sender(self) -> bool:
        """The envelope had no sender: a machine, never answered automatically (RFC 5321, 4.5.5)."""
        if self.row.source in {"smtp", "lmtp"}:
            return not self.row.envelope_from
        return any(name.lower() == "return-path" and value.strip() == "<>" for name, value in self.headers)
