"""The table of actions: every one has a key or is found by its name, in every language, and something does it."""

from __future__ import annotations

import re

import pytest
from django.utils.functional import Promise
from django.utils.translation import override

from tests.house.source import files, templates
from tresen.kit.actions import Action, all_actions

pytestmark = pytest.mark.house

KEY = re.compile(r"(?:Mod\+)?(?:Shift\+)?(?:[A-Z][a-z]\w+|\S)|g \S")
# Written by hand, or made of a slug: `go-{{ view.slug }}`.
NAMED = re.compile(
    r"""\{% action ["']([\w-]+)["']|data-action=["']([^"']+)["']|["']action["']: ["']([\w-]+)["']"""
    r"""|\baction=["']([\w-]+)["']"""
)
HEARD = re.compile(r"""["'`]key:([\w-]+)["'`]""")


def done_somewhere(action: Action) -> set[str]:
    """The names that an element of a template carries, or, for actions that are `heard`, a script listens for."""
    if action.heard:
        return {"keys"}.union(*(HEARD.findall(path.read_text()) for path in files(".js")))
    names: set[str] = set()
    for path in [*templates(), *files(".py")]:
        names |= {
            word for found in NAMED.finditer(path.read_text()) for group in found.groups("") for word in group.split()
        }
    return names


@pytest.mark.parametrize("action", all_actions(), ids=lambda action: action.name)
def test_an_action_says_what_it_is_and_something_does_it(action: Action) -> None:
    assert isinstance(action.label, Promise), "its name is not translatable"
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", action.name)
    assert not action.key or KEY.fullmatch(action.key), f"no key: {action.key}"
    assert bool(action.url) == bool(action.address), f"no such address: {action.url}"
    assert action.address or action.name in done_somewhere(action), "no element carries it and no script listens for it"
    labels = set()
    for language in ("en", "de", "pl"):
        with override(language):
            labels.add(str(action.label))
    assert all(labels)


@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_no_two_actions_have_the_same_name_in_a_language(language: str) -> None:
    with override(language):
        said = [str(action.label).casefold() for action in all_actions()]
    assert {words for words in said if said.count(words) > 1} == set()


def test_no_first_key_of_two_is_a_key_of_its_own() -> None:
    firsts = {action.key.split(" ")[0] for action in all_actions() if " " in action.key}
    assert firsts & {action.key for action in all_actions()} == set()


def test_every_element_names_an_action_of_the_table() -> None:
    known = {action.name for action in all_actions()}
    used = {
        name
        for path in templates()
        for name in re.findall(r"""\{% (?:action|keycap|keyhint) ["']([\w-]+)["']""", path.read_text())
    }
    assert used - known == set()
