"""Rules on events: in their order, once for a root event, as one change each, and never for ever."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast
from tests.rules.conftest import NewRule
from tresen.channels.mail.compose import compose
from tresen.channels.mail.models import Outbox
from tresen.core.people.models import Agent, Role, User
from tresen.core.people.principals import Principal
from tresen.core.teamwork.templates import create_template
from tresen.core.tickets import operations
from tresen.core.tickets.choices import Channel, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Tag, Ticket
from tresen.core.tickets.services import add_note, add_received, update_ticket
from tresen.core.tickets.tagging import rename_tag
from tresen.core.tickets.undoing import undo
from tresen.service.notifications.models import Notification
from tresen.service.rules.models import Outcome, Rule, RuleLook, RuleRun
from tresen.service.rules.services import change_rule
from tresen.service.texts.services import create_macro, create_saved_reply
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain


def test_a_new_ticket_is_sorted_by_the_rules_in_their_order(cast: Cast, rule: NewRule) -> None:
    first = rule("Network", "created", "vpn", team=cast.netz.pk, priority=3, add_tags="vpn")
    second = rule("Urgent network", "created", "team:netz tag:vpn", priority=4)
    rule("Orders", "created", "subject:order", team=cast.orders.pk)
    ticket = cast.ticket(team=None)
    ticket.refresh_from_db()
    assert (ticket.team, ticket.priority, [t.name for t in ticket.tags.all()]) == (cast.netz, 4, ["vpn"])
    created = Event.objects.get(kind="ticket.created")
    changes = list(Event.objects.filter(kind="ticket.changed").order_by("pk"))
    assert [(e.actor_kind, e.actor_name, e.cause_id, e.root_id) for e in changes] == [
        ("rule", "Network", created.pk, created.pk), ("rule", "Urgent network", created.pk, created.pk),
    ]  # fmt: skip
    assert RuleLook.objects.get(event=created).rules == [first.pk, second.pk, second.pk + 1]
    assert list(RuleRun.objects.order_by("pk").values_list("rule", "outcome", "did")) == [
        (first.pk, "changed", ["team", "priority", "add_tags"]), (second.pk, "changed", ["priority"]),
    ]  # fmt: skip


def test_two_rules_that_oppose_each_other_end_after_one_round(cast: Cast, rule: NewRule) -> None:
    up = rule("Up", "changed", "priority:low", priority=3)
    down = rule("Down", "changed", "priority:high", priority=1)
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"priority": 1})
    ticket.refresh_from_db()
    assert ticket.priority == 1
    assert [run.rule_id for run in RuleRun.objects.order_by("pk")] == [up.pk, down.pk]
    up.refresh_from_db()
    down.refresh_from_db()
    assert (up.is_active, up.stopped_why, down.is_active) == (False, "ring", True)


def test_a_rule_that_changes_a_ticket_twice_over_is_no_ring(cast: Cast, rule: NewRule) -> None:
    tags = rule("Tags", "changed", "priority:urgent", actions=[
        {"do": "add_tags", "value": ["hot"]}, {"do": "note", "text": "Look at it."},
    ])  # fmt: skip
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"priority": 4})
    update_ticket(ticket, by=TEST, set={"subject": "Still hot"})
    tags.refresh_from_db()
    assert tags.is_active and RuleRun.objects.count() == 2
    assert Event.objects.filter(kind="note.added", actor_kind="rule").count() == 2


def test_a_rule_that_calls_itself_for_good_is_switched_off(cast: Cast, rule: NewRule) -> None:
    talker = rule("Echo", "note", "", actions=[{"do": "note", "text": "Noted."}])
    ticket = cast.ticket()
    add_note(ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=Content("Hello"))
    talker.refresh_from_db()
    assert (talker.is_active, talker.stopped_why) == (False, "ring")
    assert ticket.messages.filter(kind="note").count() == 2
    assert Event.objects.get(kind="rule.stopped").changes["name"] == "Echo"


def test_a_child_gets_no_children_and_none_is_left_lying_about(cast: Cast, rule: NewRule) -> None:
    child = {"do": "child", "subject": "Door", "team": str(cast.orders.pk), "text": "Order one."}
    rule("Door", "changed", "priority:urgent", actions=[child])
    parent = cast.ticket()
    update_ticket(parent, by=TEST, set={"priority": 4})
    made = Ticket.objects.exclude(pk=parent.pk).get()
    update_ticket(made, by=TEST, set={"priority": 4})
    assert Ticket.objects.count() == 2
    run = RuleRun.objects.get(ticket=made)
    assert (run.outcome, run.did, run.why) == (Outcome.NOTHING, [], "parent")


def test_a_rule_runs_on_each_ticket_that_one_event_brings_about(cast: Cast, rule: NewRule) -> None:
    child = {"do": "child", "subject": "Door", "team": str(cast.orders.pk), "text": "Order one."}
    tags = rule("Tags", "created", "", add_tags="new")
    door = rule("Door", "created", "subject:leaver", actions=[child])
    cast.ticket("A leaver")
    assert [(t.subject, [tag.name for tag in t.tags.all()]) for t in Ticket.objects.order_by("pk")] == [
        ("A leaver", ["new"]), ("Door", ["new"]),
    ]  # fmt: skip
    roots = set(RuleRun.objects.filter(rule=tags).values_list("root", flat=True))
    assert len(roots) == 1 and RuleRun.objects.filter(rule=tags).count() == 2
    tags.refresh_from_db()
    door.refresh_from_db()
    assert tags.is_active and door.is_active


def test_a_chain_of_rules_ends_at_ten(cast: Cast, rule: NewRule) -> None:
    rule("Step 00", "changed", "priority:urgent", add_tags="step1")
    for n in range(1, 13):
        rule(f"Step {n:02}", "changed", f"tag:step{n}", add_tags=f"step{n + 1}")
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"priority": 4})
    assert RuleRun.objects.filter(outcome=Outcome.CHANGED).count() == 10
    stopped = Rule.objects.get(stopped_why="depth")
    assert stopped.name == "Step 10" and not stopped.is_active


def test_what_a_rule_did_goes_back_with_what_called_it_and_it_does_not_run_again(cast: Cast, rule: NewRule) -> None:
    rule("Urgent", "changed", "type:problem", actions=[
        {"do": "priority", "value": "4"}, {"do": "note", "text": "A problem."},
    ])  # fmt: skip
    ticket = cast.ticket()
    operation = operations.start("change", agent=cast.anna)
    update_ticket(ticket, by=Actor.agent(cast.anna), set={"type": "problem"}, operation=operation)
    ticket.refresh_from_db()
    assert ticket.priority == 4
    undo(operation, principal=Principal.of_agent(cast.anna), by=Actor.agent(cast.anna))
    ticket.refresh_from_db()
    assert (ticket.type, ticket.priority) == ("incident", 2)
    assert not ticket.messages.filter(kind="note").exists() and not ticket.drafts.exists()
    assert RuleRun.objects.count() == 1


def test_a_rule_that_fails_costs_nothing_but_itself(cast: Cast, rule: NewRule) -> None:
    bad = rule(
        "Gone", "created", "", actions=[{"do": "note", "text": "x"}, {"do": "team", "value": str(cast.orders.pk)}]
    )
    good = rule("Good", "created", "", priority=4)
    cast.orders.is_active = False
    cast.orders.save()
    ticket = cast.ticket()
    ticket.refresh_from_db()
    assert ticket.priority == 4 and not ticket.messages.filter(kind="note").exists()
    assert {r.rule_id: r.outcome for r in RuleRun.objects.all()} == {bad.pk: "failed", good.pk: "changed"}


def test_rules_keep_to_their_brand_and_team_and_to_what_is_on(cast: Cast, rule: NewRule) -> None:
    mine = rule("Orders only", "created", "", priority=4)
    change_rule(mine, set={"team": cast.orders}, by=TEST)
    off = rule("Off", "created", "", urgency=3)
    change_rule(off, set={"is_active": False}, by=TEST)
    cast.ticket()
    assert not RuleRun.objects.exists() and not RuleLook.objects.exists()
    cast.ticket(team=cast.orders)
    assert RuleRun.objects.get().rule_id == mine.pk


def test_a_rule_answers_once_within_the_caps_and_is_nobodys_first_answer(cast: Cast, rule: NewRule) -> None:
    kept = create_saved_reply(set={"name": "Hours", "texts": {"en": "Dear {{contact.name}}, we are here."}}, by=TEST)
    rule("Hours", "created,customer", "", actions=[{"do": "reply", "text": str(kept.pk)}])
    ticket = cast.ticket()
    row = Outbox.objects.get()
    assert row.recipients == [{"role": "to", "name": "Carol", "address": "carol@faehrholm.example"}]
    assert row.message is not None and row.message.text == "Dear Carol, we are here."
    assert compose(row)["Auto-Submitted"] == "auto-replied"
    ticket.refresh_from_db()
    assert "by a rule" in cast.browser(cast.anna).get(f"/desk/tickets/{ticket.number}/").content.decode()
    assert ticket.first_response_at is None and ticket.status_category == "new"
    for _ in range(3):
        add_received(
            ticket, by=TEST, contact=cast.carol, content=Content("And?"), channel=Channel.MAIL, trust=Trust.CLAIMED
        )
    assert Outbox.objects.count() == 1
    assert RuleRun.objects.order_by("-pk")[0].why == "caps"
    add_received(ticket, by=TEST, contact=cast.carol, content=Content("Away"), channel=Channel.MAIL,
                 trust=Trust.CLAIMED, is_automatic=True)  # fmt: skip
    assert RuleRun.objects.count() == 4


def test_a_macro_that_may_not_answer_tells_what_it_changed_all_the_same(cast: Cast, rule: NewRule) -> None:
    steps = create_template(name="Look", steps=["Look", "Say so"], by=TEST)
    changes = {"priority": 4, "checklist": steps.pk}
    macro = create_macro(set={"name": "Look", "changes": changes, "texts": {"en": "We look."}}, by=TEST)
    rule("Look", "created,customer", "", actions=[{"do": "macro", "macro": str(macro.pk)}])
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"priority": 1})
    add_received(
        ticket, by=TEST, contact=cast.carol, content=Content("And?"), channel=Channel.MAIL, trust=Trust.CLAIMED
    )
    ticket.refresh_from_db()
    runs = RuleRun.objects.order_by("pk").values_list("outcome", "did", "why")
    assert list(runs) == [("changed", ["macro"], ""), ("changed", ["macro"], "caps")] and ticket.priority == 4
    assert list(ticket.checklist.values_list("text", flat=True)) == steps.steps


def test_people_are_told_children_made_and_steps_added(cast: Cast, rule: NewRule) -> None:
    steps = create_template(name="Leaver", steps=["Lock the account", "Collect the keys"], by=TEST)
    rule("Leaver", "created", "subject:leaver", actions=[
        {"do": "notify", "whom": "team"}, {"do": "checklist", "checklist": str(steps.pk)},
        {"do": "child", "subject": "Last pay", "team": str(cast.orders.pk), "text": "Reckon it."},
    ])  # fmt: skip
    ticket = cast.ticket("A leaver")
    drain()
    assert [(n.agent, n.kind) for n in Notification.objects.filter(ticket=ticket)] == [(cast.anna, "rule")]
    assert [item.text for item in ticket.checklist.all()] == ["Lock the account", "Collect the keys"]
    child = Ticket.objects.get(subject="Last pay")
    assert (child.team, child.requester) == (cast.orders, cast.carol)
    note = child.messages.get()
    assert (note.kind, note.author_name, note.contact, note.agent) == ("note", "Leaver", None, None)
    assert not Outbox.objects.exists()
    assert RuleRun.objects.get().did == ["notify", "checklist", "child"]


def test_rules_that_do_not_match_cost_a_new_ticket_no_query_each(cast: Cast, rule: NewRule) -> None:
    def asked() -> int:
        cast.ticket()  # what is kept is there
        with CaptureQueriesContext(connection) as queries:
            cast.ticket()
        return len(queries)

    without = asked()
    rule("Other 0", "created", "subject:zero priority>=high", add_tags="zero")
    with_one = asked()
    for n in range(1, 40):
        rule(f"Other {n}", "created", f"word{n} OR tag:zero OR team:orders" if n % 2 else f"subject:x{n}",
             add_tags="other")  # fmt: skip
    assert asked() - with_one <= 3  # tags and texts, once for all of them
    assert with_one - without <= 2


def test_a_rule_writes_to_fifty_people_in_one_go_at_most(cast: Cast, rule: NewRule) -> None:
    for n in range(55):
        user = User.objects.create(email=f"agent{n}@lindhafen.example", name=f"Agent {n}")
        Agent.objects.create(user=user, role_id=Role.AGENT).teams.add(cast.netz)
    rule("Loud", "created", "", actions=[{"do": "notify", "whom": "team"}, {"do": "notify", "whom": "admins"}])
    cast.ticket()
    assert Notification.objects.count() == 50
    assert RuleRun.objects.get().why == "mails"


def test_rules_name_a_tag_as_it_is_called_now_and_stop_when_what_they_name_is_gone(cast: Cast, rule: NewRule) -> None:
    made = rule("Tags", "created", "vpn", add_tags="vpn,home")
    asks = rule("Asks", "changed", "-tag:vpn,home OR tag:vpn", priority=4)
    tag = Tag.objects.get(name="vpn")
    rename_tag(tag, name="Far away", by=TEST)
    made.refresh_from_db()
    asks.refresh_from_db()
    assert made.actions == [{"do": "add_tags", "value": ["Far away", "home"]}]
    assert asks.condition == '-tag:"Far away",home OR tag:"Far away"' and asks.is_active
    gone = rule("Gone", "created", "team:orders", priority=4)
    cast.orders.delete()
    change_rule(made, set={"name": "Tagged"}, by=TEST)  # what was compiled is old
    cast.ticket()
    gone.refresh_from_db()
    assert (gone.is_active, gone.stopped_why) == (False, "gone")
    assert "Tagged" in {run.rule.name for run in RuleRun.objects.all()}
