"""Who may get a reply, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tresen.channels.mail.models import Mailbox
from tresen.core.people.services import main_mail
from tresen.core.tickets.choices import ParticipantRole
from tresen.core.tickets.models import Participant


def house_domains(participants: Sequence[Participant]) -> frozenset[str]:
    """The mail domains of the house, where the matter is an internal one: a colleague asks the desk, and somebody else
    is on the ticket. Empty for every other ticket."""
    people = [row for row in participants if row.contact]
    asks = next((main_mail(row.contact) for row in people if row.contact and row.role == ParticipantRole.REQUESTER), "")
    if not asks or len(people) < 2:
        return frozenset()
    ours = frozenset(address.rpartition("@")[2] for address in Mailbox.objects.values_list("address", flat=True))
    return ours if asks.rpartition("@")[2].lower() in ours else frozenset()


def recipients_of(participants: Sequence[Participant], inside: frozenset[str]) -> list[dict[str, Any]]:
    """Them with the reason, as in `default_recipients`; `outside`: he stands out in an internal matter."""
    listed = []
    for row in participants:
        if row.contact and (address := main_mail(row.contact)):
            role = "to" if row.role == ParticipantRole.REQUESTER else "cc"
            dead = next((i for i in row.contact.identities.all() if i.value == address), None)
            listed.append({
                "role": role, "name": row.contact.name, "address": address, "why": row.get_role_display(),
                "trust": row.trust, "undeliverable": bool(dead and dead.undeliverable_at),
                "outside": bool(inside) and address.rpartition("@")[2].lower() not in inside,
            })  # fmt: skip
    return sorted(listed, key=lambda r: r["role"] != "to")
