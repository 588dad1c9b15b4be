"""What a thousand rules cost a ticket that comes in: the time of the processor in looking, ten of them matching."""

from __future__ import annotations

import time
from statistics import median

from django.db import transaction

RULES = 1000
ROUNDS = 20


def measure_rules(*, rules: int = RULES, rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of processor time that so many rules add to a new ticket, the median. Changes nothing in the end."""
    from tresen.core.people.models import Contact
    from tresen.core.tickets.models import Ticket
    from tresen.service.rules.engine import run_rules
    from tresen.service.rules.models import RuleRun
    from tresen.service.rules.services import create_rule
    from tresen.spine.events.actors import Actor
    from tresen.spine.events.models import Event

    by = Actor.system("bench")
    with transaction.atomic():
        for number in range(rules):
            values = {"name": f"Bench {number}", "triggers": ["created"], "is_active": True,
                      "condition": f"priority>=high subject:word{number} -is:vip" if number % 2 else _words(number),
                      "actions": [{"do": "type", "value": "incident"}]}  # fmt: skip
            create_rule(set=values, by=by)
        contact = Contact.objects.order_by("pk").first()
        assert contact is not None
        ticket = Ticket.objects.filter(merged_into=None, deleted_at=None).order_by("-pk")[0]
        event = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, kind="ticket.created").latest("pk")
        spent = []
        for _round in range(rounds + 1):
            RuleRun.objects.filter(event=event).delete()
            event.stream_row = Ticket.objects.get(pk=ticket.pk)
            began = time.process_time()
            run_rules(event)
            spent.append((time.process_time() - began) * 1000)
        transaction.set_rollback(True)
    return {f"{rules} rules, ms": round(median(spent[1:]), 2)}


def _words(number: int) -> str:
    return "status:new,open,waiting,solved,closed type:incident" if number % 200 == 0 else f"nothing{number} or{number}"
