"""S59: a rule that triggers itself, two rules in a ring, a rule that mails its own mailbox: each stops, the rule is
switched off, the administrators are told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import TEST, Cast, make_cast
from tresen.channels.mail.alarms import watch
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.core.people.services import create_contact
from tresen.core.tickets.services import update_ticket
from tresen.service.rules.models import Rule, RuleRun
from tresen.service.texts.services import create_saved_reply
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make(cast: Cast, name: str, on: str, condition: str, *actions: dict[str, str]) -> Rule:
    """By the settings, as an administrator does."""
    typed: dict[str, Any] = {
        "name": name, "when": "events", "triggers": on.split(","), "condition": condition, "is_active": "on",
        "unit": "h", "since": "created", "actions": str(len(actions)),
    }  # fmt: skip
    for at, action in enumerate(actions):
        typed |= {f"a-{at}-{key}": value for key, value in action.items()}
    answer = cast.browser(cast.ada).post("/settings/rules/new/", typed)
    assert answer.status_code == 302, answer.content.decode()
    return Rule.objects.get(name=name)


def told(rule: Rule) -> bool:
    """It is off, the list says so, and a mail to the administrators is on its way."""
    rule.refresh_from_db()
    watch()
    mails = [job.payload for job in Job.objects.filter(name="mail.alarm")]
    return not rule.is_active and bool(rule.stopped_why) and any(rule.name in mail["subject"] for mail in mails)


def test_a_rule_that_triggers_itself_stops(cast: Cast) -> None:
    echo = make(cast, "Echo", "note", "", {"do": "note", "text": "Heard."})
    ticket = cast.ticket()
    cast.browser(cast.anna).post(f"/desk/tickets/{ticket.number}/write/", {"kind": "note", "note": "Hello"})
    cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", {"kind": "note", "body_text": "Hello"})
    assert told(echo)
    assert RuleRun.objects.count() <= 2


def test_children_do_not_have_children_for_ever(cast: Cast) -> None:
    action = {"do": "child", "subject": "And one more", "team": str(cast.netz.pk), "text": "Once."}
    breeder = make(cast, "Breeder", "created", "", action)
    cast.ticket()
    assert told(breeder) and RuleRun.objects.count() == 1


def test_two_rules_in_a_ring_stop_after_one_round(cast: Cast) -> None:
    first = make(cast, "Up", "changed", "priority:low", {"do": "priority", "value": "3"})
    make(cast, "Down", "changed", "priority:high", {"do": "priority", "value": "1"})
    update_ticket(cast.ticket(), by=TEST, set={"priority": 1})
    assert told(first)
    assert RuleRun.objects.count() == 2


def test_a_rule_that_mails_its_own_mailbox_stops(cast: Cast) -> None:
    kept = create_saved_reply(set={"name": "Thanks", "texts": {"en": "Thank you."}}, by=TEST)
    own = Mailbox.objects.get().address
    ourselves = create_contact(name="Ourselves", mails=[own.upper()], organisation=None, by=TEST)
    thanks = make(cast, "Thanks", "created,customer", "", {"do": "reply", "text": str(kept.pk)})
    cast.ticket(requester=ourselves)
    drain()
    assert told(thanks)
    assert not Outbox.objects.exists()
