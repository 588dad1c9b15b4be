"""A morning by keyboard alone through twenty tickets: opened, read, answered, noted, taken, solved, given a macro."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import TEST, Cast
from tresen.core.tickets.models import Message, Ticket
from tresen.service.preferences.after_action import choose_after_action
from tresen.service.texts.services import create_macro, create_saved_reply

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MANY = 20


class Keys:
    """The keyboard and what one waits for; there is no pointer here."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """One after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, key: str, text: str) -> None:
        """Into the tab that the key opens."""
        self.press(key)
        self.page.wait_for_function(f"() => document.activeElement.id === '{'note' if key == 'n' else 'reply'}-text'")
        self.page.keyboard.type(text)

    def see(self, what: str) -> None:
        """It is there."""
        self.page.wait_for_selector(what, state="attached")

    def go_on(self, number: str) -> None:
        """That ticket is open, its composer works."""
        self.see(f"#ticket[data-ticket='{number}'] reply-composer:defined")


def _reply(keys: Keys, n: int) -> None:
    keys.write("r", f"Answer {n}.")
    keys.press("Control+Enter")


def _note(keys: Keys, n: int) -> None:
    keys.write("n", f"Note {n}.")
    keys.press("Control+Enter")


def _saved_reply(keys: Keys, _n: int) -> None:
    keys.write("r", "/")
    keys.see(".picker-panel [role=option]")
    keys.press("Enter")
    keys.page.wait_for_function("() => document.querySelector('#reply-text').value === 'Dear Carol, by hand.'")
    keys.press("Control+Enter")


def _macro(keys: Keys, _n: int) -> None:
    keys.press("m")
    keys.see(".picker-panel [role=option]")
    keys.press("Enter")
    keys.see(".staged input:checked")
    keys.page.wait_for_function("() => document.querySelector('#reply-text').value === 'We look after it.'")
    keys.press("Control+Enter")


TURNS = (_reply, _note, _saved_reply, _macro)


def test_twenty_tickets_by_keyboard_alone(cast: Cast, page: Any) -> None:
    create_saved_reply(set={"name": "Hand", "texts": {"en": "Dear {{contact.name}}, by hand."}}, by=TEST)
    changes = {"status": "on-hold", "priority": 3}
    create_macro(set={"name": "Look", "changes": changes, "texts": {"en": "We look after it."}}, by=TEST)
    choose_after_action(cast.anna, then="next", by=TEST)
    made = [cast.ticket(f"Case {n}", assignee=cast.anna) for n in range(MANY)][::-1]
    keys = Keys(page)

    page.goto("/desk/views/all/")
    keys.see("live-list:defined")
    keys.press("g", "m")
    keys.see("live-list[data-url='/desk/views/mine/']:defined")
    keys.press("j", "Enter")
    keys.go_on(made[0].number)
    for n, ticket in enumerate(made):
        TURNS[n % len(TURNS)](keys, n)
        if n + 1 < MANY:
            keys.go_on(made[n + 1].number)
        else:
            page.wait_for_url("**/desk/views/mine/")
        assert Message.objects.filter(ticket=ticket).exclude(kind="received").count() == 1, (n, ticket)

    kinds = list(Message.objects.exclude(kind="received").order_by("ticket").values_list("kind", "text"))[::-1]
    assert [kind for kind, _text in kinds] == ["reply", "note", "reply", "reply"] * (MANY // 4)
    assert kinds[0][1] == "Answer 0." and kinds[2][1] == "Dear Carol, by hand." and kinds[3][1] == "We look after it."
    assert Ticket.objects.filter(status__slug="on-hold").count() == MANY // 4
    assert page.complaints == []
