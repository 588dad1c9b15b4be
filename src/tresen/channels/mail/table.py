"""The table of mail.md: who sent a mail × how strong the evidence is → the name of a plan (filing.py), and why."""

from __future__ import annotations

import re
from typing import Any

from tresen.channels.mail import authenticity
from tresen.channels.mail.arrival import Arrival
from tresen.channels.mail.forwarding import is_customers
from tresen.channels.mail.matching import STRONG, Evidence, is_closed_too_long
from tresen.core.people.identities import fold_mail
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.side_models import SideThread

# Kinds that answer by themselves: kept on the ticket without a sound, never answered.
MACHINES = frozenset({"auto_reply", "challenge"})
# Addresses from which services send codes and links meant for one person: never shown to others by itself, since
# whoever opened the ticket may have put such an address on it (the “ticket trick”).
NO_REPLY = re.compile(
    r"(?:no[-_.]?repl(?:y|ies)|do[-_.]?not[-_.]?reply|dont[-_.]?reply|noreply|nicht[-_.]?antworten|nie[-_.]?odpowiadaj"
    r"|no[-_.]?responder|ne[-_.]?pas[-_.]?repondre)(?:[-_.+][^@]{0,60})?@",
    re.IGNORECASE,
)


def choose_plan(arrival: Arrival) -> str:
    """The name of the plan; says in `arrival.reason` why. Changes nothing."""
    evidence = arrival.evidence
    arrival.reason = {"kind": arrival.mail["kind"], "verdict": arrival.verdict, "mailbox": arrival.mailbox.pk}
    arrival.reason |= _other_address(arrival) | ({"encrypted": True} if arrival.mail["is_encrypted"] else {})
    if evidence is None and _is_passed_on(arrival):
        return "forwarded"
    if evidence is None:
        return "quietly" if arrival.mail["kind"] in MACHINES and not _is_wanted(arrival) else "new"
    arrival.standing = side_standing(arrival, evidence.side) if evidence.side else standing(arrival, evidence.ticket)
    arrival.reason |= {
        **evidence.facts,
        "rule": evidence.rule,
        "strength": evidence.strength,
        "sender": arrival.standing,
        **_role(arrival, evidence.ticket),
    }
    if arrival.mail["kind"] in MACHINES:
        kept = evidence.strength == STRONG or arrival.standing == "participant"
        return "append_automatic" if kept else "quietly"
    if not evidence.side and is_closed_too_long(evidence.ticket):
        arrival.reason["old"] = evidence.ticket.number
        return "follow_late"
    plan = _by_table(arrival, evidence)
    if plan == "follow_possible":
        arrival.reason["old"] = evidence.ticket.number
    return plan


def _by_table(arrival: Arrival, evidence: Evidence) -> str:
    """Sender × strength, row by row."""
    strong = evidence.strength == STRONG
    if arrival.standing == "no_reply":
        return "hold"
    if arrival.standing == "participant":
        unproven = not strong and arrival.verdict != authenticity.PASS
        return "hold" if unproven and arrival.mailbox.is_strict else "append"
    if arrival.standing == "agent":
        return "append_agent"
    if arrival.standing == "agent_unproven":
        return "hold"
    if arrival.standing == "organisation":
        return "append" if strong and arrival.mailbox.colleagues_join else "hold"
    return "hold" if strong else "follow_possible"


def standing(arrival: Arrival, ticket: Ticket) -> str:
    """What the sender is to this ticket. A From line that its own domain calls forged makes him a stranger, and so
    does a mail without one usable From line: what stands for it is a makeshift, not an identity."""
    if arrival.verdict == authenticity.FAIL:
        return "forged"
    if arrival.mail["sender"].get("source") != "from":
        return "no_from"
    if arrival.contact and ticket.participants.filter(contact=arrival.contact).exists():
        return "no_reply" if NO_REPLY.match(arrival.sender) else "participant"
    if arrival.agent:
        may = can(Principal.of_agent(arrival.agent), "ticket.note", ticket)
        return "agent" if may and arrival.verdict == authenticity.PASS else "agent_unproven"
    known = arrival.contact if ticket.organisation_id else None
    if known and known.memberships.filter(organisation=ticket.organisation_id).exists():
        return "organisation"
    return "stranger"


def side_standing(arrival: Arrival, side: SideThread) -> str:
    """What the sender is to a side thread: of its circle, or a stranger, whatever he is to the ticket itself."""
    if arrival.verdict == authenticity.FAIL:
        return "forged"
    if arrival.mail["sender"].get("source") != "from":
        return "no_from"
    if arrival.contact and side.people.filter(pk=arrival.contact.pk).exists():
        return "no_reply" if NO_REPLY.match(arrival.sender) else "participant"
    return "agent_unproven" if arrival.agent else "stranger"


def _is_passed_on(arrival: Arrival) -> bool:
    """A colleague of ours, whose mail is proven, passes a customer's mail on, in a mailbox that takes such mail so. A
    colleague without proof gets a ticket of his own, which says why."""
    if arrival.agent is None or arrival.mail["kind"] != "person" or arrival.mail["sender"].get("source") != "from":
        return False
    if not Principal.of_agent(arrival.agent).may("create"):
        return False
    if not arrival.mailbox.takes_forwards or not is_customers(arrival.mail["forwarded"]):
        return False
    if arrival.verdict != authenticity.PASS:
        arrival.reason["sender"] = "agent_unproven"
        return False
    return True


def _role(arrival: Arrival, ticket: Ticket) -> dict[str, Any]:
    """As what the sender takes part, for the words on the ticket page."""
    if arrival.standing != "participant" or arrival.contact is None or (arrival.evidence and arrival.evidence.side):
        return {}
    role = ticket.participants.filter(contact=arrival.contact).values_list("role", flat=True).first()
    return {"role": role} if role else {}


def _other_address(arrival: Arrival) -> dict[str, Any]:
    """Where the sender wants answers, when that is another address than his own; shown, never his identity."""
    wanted = [entry["address"] for entry in arrival.mail["reply_to"]]
    others = [address for address in wanted if fold_mail(address) != fold_mail(arrival.sender)]
    return {"reply_to": others[0][:254]} if others else {}


def _is_wanted(arrival: Arrival) -> bool:
    """It answers nothing, and either only its subject sounds automatic, so that a person may be asking about automatic
    replies, or it is an alarm or a form in a mailbox that wants such. It becomes a ticket, and is never answered."""
    answers = arrival.mail["in_reply_to"] or arrival.mail["references"]
    wanted = arrival.mail.get("kind_is_weak") or arrival.mailbox.keeps_machines
    return bool(wanted and arrival.mail["kind"] == "auto_reply" and not answers)
