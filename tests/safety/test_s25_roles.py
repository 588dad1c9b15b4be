"""S25: who may do what, of every action and every address, by role (P4).

What is expected comes from the table of rights (core/people/rights.py) and the roles; the hard rules stand by hand. The
product has no way to act as somebody else: no address changes who is signed in, no event bears another's name.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import resolve

from tests.safety.role_house import ROLES, House, make_house
from tresen.core.people.models import Role
from tresen.core.people.permissions import Needs, can, checks
from tresen.core.people.principals import Principal
from tresen.core.people.rights import ALL_RIGHTS, RIGHTS
from tresen.core.tickets.models import Message, Ticket
from tresen.kit import clock
from tresen.kit.actions import all_actions
from tresen.spine.events.models import Event

# Actions that no right of the table gives. Whoever stands here may do it with a fitting object; None: nobody at the
# desk, since it is the customer's; "own": everybody, with what is his own alone.
BESIDE_THE_TABLE: dict[str, Any] = {
    "ticket.see": set(ROLES), "attachment.see": set(ROLES), "request.send": set(ROLES), "role.manage": {"admin"},
    "ticket.answer": None, "ticket.close": None, "ticket.reopen": None, "ticket.confirm": None, "ticket.nudge": None,
    "account.change": "own", "attendance.own": "own", "attendance.change": "own", "text.keep": "own",
    "text.change": "own", "view.create": "own", "view.change": "own", "time.change": "own",
    "checklist.change": {"agent", "team_lead", "admin", "trainee", "keeper"}, "text.share": {"team_lead", "admin"},
    "ratings.see": {"team_lead", "admin"},
}  # fmt: skip


@pytest.fixture
def house(db: None) -> House:
    return make_house()


# --- Every action ---------------------------------------------------------------------------------------------------


def target_of(house: House, action: str) -> Any:
    """Something that the action can be done to, where it needs one."""
    kind = action.partition(".")[0]
    if action == "ticket.restore":
        return house.binned
    if action in {"ticket.create", "ticket.take", "attendance.see"}:
        return None
    if action == "contact.change_addresses":
        return house.cast.dave
    if action == "organisation.show_tickets":
        return house.cast.harrowmere
    return {
        "ticket": house.ticket, "message": Message.objects.filter(ticket=house.ticket).latest("pk"),
        "draft": house.draft, "attachment": Message.objects.filter(ticket=house.ticket).latest("pk"),
    }.get(kind)  # fmt: skip


def test_s25_every_action_asks_for_what_the_table_of_rights_says(house: House) -> None:
    beside = set()
    for action, check in checks().items():
        if not isinstance(check, Needs):
            beside.add(action)
            continue
        assert check.rights and ALL_RIGHTS.issuperset(check.rights), action
        if action == "operation.undo":  # needs an operation of one's own: tests/undo
            continue
        for role in ROLES:
            expected = not house.held(role).isdisjoint(check.rights)
            assert can(house.principal(role), action, target_of(house, action)) is expected, (action, role)
        assert not can(Principal.of_contact(house.cast.carol), action, target_of(house, action)), action
    assert beside == set(BESIDE_THE_TABLE)
    for action, who in BESIDE_THE_TABLE.items():
        for role in ROLES if isinstance(who, set) and action.startswith(("ticket", "role", "request")) else ():
            assert can(house.principal(role), action, target_of(house, action)) is (role in who), (action, role)
        for role in ROLES if who is None else ():
            assert not can(house.principal(role), action, house.ticket), (action, role)


def test_s25_an_unknown_action_is_nobodys_and_each_right_is_asked_for_somewhere(house: House) -> None:
    assert not can(house.principal("admin"), "agent.impersonate", house.agents["reader"])
    asked = {right for check in checks().values() if isinstance(check, Needs) for right in check.rights}
    # These decide what is seen, or are asked for with the team in hand (views, texts).
    assert ALL_RIGHTS - asked == {"see", "see_loose", "see_all", "views", "views_all", "texts", "texts_all"}


def test_s25_a_key_that_reads_does_no_more_than_read_whoever_has_it(house: House) -> None:
    for role in ROLES:
        agent = house.principal(role).agent
        assert agent is not None
        reading = Principal.of_agent(agent, frozenset({"read"}))
        for action, check in checks().items():
            if isinstance(check, Needs):
                assert not can(reading, action, target_of(house, action)), (action, role)
        writing = Principal.of_agent(agent, frozenset({"read", "write"}))
        assert not [name for name, right in RIGHTS.items() if right.scope == "admin" and writing.may(name)]


# --- Every address --------------------------------------------------------------------------------------------------


def settings_pages(house: House) -> Iterator[tuple[str, str, str]]:
    """Name, address and action of every page of the settings; the overview leads on and asks for itself."""
    for name, path in house.addresses.items():
        if name.startswith("setup:") and name != "setup:overview":
            yield name, path, resolve(path).func.action  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ["agent", "team_lead", "keeper"])
def test_s25_a_page_of_the_settings_opens_for_whoever_may_do_what_it_is_for(house: House, role: str) -> None:
    browser, principal, opened = house.browser(role), house.principal(role), 0
    for name, path, action in settings_pages(house):
        for method in ("get", "post"):
            with transaction.atomic():
                before = Event.objects.latest("pk").pk
                answer = getattr(browser, method)(path)
                made = list(Event.objects.filter(pk__gt=before).values_list("kind", "actor_name"))
                transaction.set_rollback(True)
            if not can(principal, action):
                assert answer.status_code == 404 and not made, (name, method, answer.status_code)
            else:
                assert {actor for _kind, actor in made} <= {role}, (name, made)
                opened += 1
    assert opened > (20 if role == "keeper" else 5)


# What an address does, and the right that it takes: by form, and by JSON where it is the interface.
def attempts(house: House) -> list[tuple[str, dict[str, Any], str]]:
    message = Message.objects.filter(ticket=house.ticket).latest("pk")
    api = f"/api/v1/tickets/{house.ticket.number}"
    return [
        ("desk:ticket-change", {"field": "subject", "value": "Taken", "was": house.ticket.subject}, "change"),
        ("desk:ticket-change", {"field": "team", "value": str(house.cast.orders.pk), "was": "Netz"},
         "assign"),
        ("desk:ticket-change", {"field": "assignee", "value": "me", "was": ""}, "change"),
        ("desk:ticket-change", {"field": "assignee", "value": str(house.cast.anna.pk), "was": ""}, "assign"),
        ("desk:ticket-write", {"kind": "note", "note_text": "x", "then": "note"}, "note"),
        ("desk:ticket-write", {"kind": "reply", "reply_text": "x", "then": "send", "to": "carol@faehrholm.example",
                               "seen": str(message.pk)}, "reply"),
        ("desk:ticket-snooze", {"until": "tomorrow"}, "change"),
        ("desk:ticket-checklist", {"items": "Look"}, "change"),
        ("desk:ticket-time", {"minutes": "5"}, "note"),
        ("desk:ticket-spam", {"act": "spam"}, "change"),
        ("desk:ticket-delete", {"sure": "1"}, "delete"),
        ("desk:ticket-connect", {"with": house.other.number, "act": "related"}, "merge"),
        ("desk:ticket-connect", {"with": house.other.number, "act": "merge_into"}, "merge"),
        ("desk:ticket-split", {"message": str(message.pk), "subject": "Apart"}, "merge"),
        ("desk:ticket-lead", {"reason": "Help"}, "note"),
        ("desk:new-ticket", {"name": "Eve", "mail": "eve@new.example", "channel": "phone", "subject": "New",
                             "text": "x", "impact": "1", "urgency": "2", "once": "a" * 32}, "create"),
        ("desk:contact-edit", {"name": "Caroline", "mails": "carol@faehrholm.example",
                               "version": str(house.cast.carol.version)}, "contacts"),
        (api, {"subject": "Taken"}, "change"),
        (f"{api}/assign", {"team": "orders"}, "assign"),
        (f"{api}/messages", {"kind": "note", "body_text": "x"}, "note"),
        (f"{api}/messages", {"kind": "reply", "body_text": "x"}, "reply"),
        (f"{api}/messages", {"kind": "note", "body_text": "x", "set": {"team": "orders"}}, "note assign"),
        (f"{api}/merge", {"into": house.other.number}, "merge"),
        (f"{api}/split", {"messages": [message.pk]}, "merge"),
        (f"{api}/snooze", {"until": (clock.now() + timedelta(days=30)).isoformat()}, "change"),
        ("/api/v1/tickets", {"subject": "New", "body_text": "x", "requester": {"email": "eve@new.example"}}, "create"),
        ("/api/v1/contacts", {"name": "Eve", "emails": ["eve@new.example"]}, "contacts"),
        ("/api/v1/organisations", {"name": "New"}, "contacts"),
        ("/api/v1/teams", {"name": "Newcomers"}, "set_people"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [*Role.BUILT_IN, "trainee"])
def test_s25_what_an_address_does_takes_the_right_and_bears_the_own_name(house: House, role: str) -> None:
    browser, api = house.browser(role), house.cast.calls(house.agents[role])
    held = house.held(role)
    for where, body, needed in attempts(house):
        with transaction.atomic():
            before = Event.objects.latest("pk").pk
            if where.startswith("/api"):
                send = api.patch if where.endswith(house.ticket.number) else api.post
                status = send(where.removeprefix("/api/v1"), body).status_code
            else:
                status = browser.post(house.addresses[where], body).status_code
            made = list(Event.objects.filter(pk__gt=before).values_list("kind", "actor_kind", "actor_name"))
            transaction.set_rollback(True)
        may = held.issuperset(needed.split())
        assert bool(made) is may, (where, body, role, status, made)
        assert may or status in {403, 404, 422}, (where, body, role, status)
        assert {name for _kind, actor, name in made if actor == "agent"} <= {role}, made


def test_s25_who_may_but_read_changes_nothing_anywhere_and_nobody_becomes_somebody_else(house: House) -> None:
    ticket = Ticket.objects.filter(pk=house.ticket.pk).values().get()
    for role in ("reader", "admin"):
        agent, browser = house.agents[role], house.browser(role)
        cookies = copy.deepcopy(browser.cookies)
        for name, path in house.addresses.items():
            if name in {"account:sign-out", "api:openapi"} or name.startswith(("hooks:", "portal:", "api:")):
                continue
            if role == "admin" and not name.startswith(("setup:agent", "setup:token", "setup:role", "account:")):
                continue
            browser.cookies = copy.deepcopy(cookies)
            with transaction.atomic():
                before = Event.objects.latest("pk").pk
                answer = browser.post(path, {"value": "x", "text": "x", "act": "x"})
                made = list(Event.objects.filter(pk__gt=before).values_list("kind", "actor_kind", "actor_id"))
                after = Ticket.objects.filter(pk=house.ticket.pk).values().get()
                transaction.set_rollback(True)
            signed = browser.session.get("_auth_user_id", str(agent.user_id))
            assert signed == str(agent.user_id), (name, "somebody else is signed in")
            assert {key for _kind, kind, key in made if kind == "agent"} <= {agent.pk}, (name, made)
            if role == "reader":
                own = {"participant.added", "participant.removed", "profile.changed", "session.ended"}
                assert {kind for kind, *_ in made} <= own, (name, made, answer.status_code)
                assert after == ticket, name


def test_s25_no_action_of_the_palette_offers_to_be_somebody_else_nor_what_one_may_not(house: House) -> None:
    words = ("impersonate", "become", "sign in as", "act as", "switch user")
    for action in all_actions():
        assert not [word for word in words if word in f"{action.name} {action.label} {action.words}".lower()]
    page = house.browser("reader").get(house.addresses["desk:ticket"]).content.decode()
    for name in (
        "reply",
        "note",
        "forward",
        "assign",
        "take",
        "status",
        "priority",
        "tags",
        "connect",
        "split",
        "delete",
    ):
        assert f'data-action="{name}"' not in page, name
    assert "/change/" not in page, "nor a menu in the column beside it"
    page = house.browser("admin").get(house.addresses["desk:ticket"]).content.decode()
    assert 'data-action="reply"' in page and 'data-action="assign"' in page
