"""One's own keys: changed, switched off, taken back; what clashes is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.cast import Cast
from tresen.core.people.models import User
from tresen.kit.actions import all_actions
from tresen.kit.keys import caps, keys_of, read_key
from tresen.spine.events.models import Event

PAGE = "/me/keys/"
# What only leads and administrators may do has no key on an agent's page.
NOT_FOR_AGENTS = {
    "go-bin", "delete", "announce", "announcement-edit", "announcement-update", "publish-article",
}  # fmt: skip


def form(client: Client, **changed: str) -> dict[str, str]:
    """What the page would send, with some keys changed."""
    page = LexborHTMLParser(client.get(PAGE).content.decode())
    fields = {n.attributes["name"]: n.attributes.get("value") or "" for n in page.css(".own-keys input[name^=key-]")}
    own = {f"key-{action.name}" for action in all_actions() if action.name not in NOT_FOR_AGENTS}
    assert set(fields) == own
    return {**fields, "single_keys": "on", **{f"key-{name}": key for name, key in changed.items()}}


def key_table(client: Client) -> dict[str, Any]:
    """What <key-map> gets."""
    page = LexborHTMLParser(client.get("/desk/views/mine/").content.decode())
    return dict(json.loads(page.css_first("key-map script").text()))


@pytest.mark.parametrize(
    ("typed", "key"),
    [("r", "r"), (" R ", "R"), ("g n", "g n"), ("g  n", "g n"), ("", ""),
     ("ctrl + enter", "Mod+Enter"), ("Strg+B", "Mod+b"),
     ("⌘+↵", "Mod+Enter"), ("F2", "F2"), ("pageup", "PageUp"), ("?", "?"), ("+", "+")],
)  # fmt: skip
def test_a_key_is_read_as_people_write_it(typed: str, key: str) -> None:
    assert read_key(typed) == key


@pytest.mark.parametrize("typed", ["abc", "Ctrl+W", "Ctrl+C", "F5", "Ctrl+Alt+x", "g no", "Hyper+x", "Ctrl+", "Escape"])
def test_what_is_no_key_or_the_browsers_own_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)^.*$"):
        read_key(typed)


def test_caps_are_those_of_the_keyboard() -> None:
    assert [caps(key, "Strg") for key in ("g n", "Mod+Enter", "Mod+k", "+", "F2")] == [
        ["g", "n"], ["Strg", "↵"], ["Strg", "k"], ["+"], ["F2"],
    ]  # fmt: skip


def test_a_key_is_changed_and_another_switched_off(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    assert client.post(PAGE, form(client, reply="b", note="")).status_code == 302
    keys = key_table(client)["keys"]
    assert keys["b"] == "reply" and not {"r", "n"} & keys.keys() and keys["j"] == "next"
    assert User.objects.get(pk=cast.anna.user_id).keys == {"reply": "b", "note": ""}
    assert Event.objects.get(kind="profile.changed").changes["keys"] == [{}, {"reply": "b", "note": ""}]
    text = client.get(PAGE).content.decode()
    assert "came as <kbd>r</kbd>" in text
    assert client.post(PAGE, {"reset": ""}).status_code == 302
    assert key_table(client)["keys"]["r"] == "reply"
    assert User.objects.get(pk=cast.anna.user_id).keys == {}


@pytest.mark.parametrize("key", ["j", "g", "Ctrl+W"])
def test_a_clash_is_said_at_the_field_and_nothing_is_saved(cast: Cast, key: str) -> None:
    client = cast.browser(cast.anna)
    answer = client.post(PAGE, form(client, reply=key))
    assert answer.status_code == 422
    page = LexborHTMLParser(answer.content.decode())
    field = page.css_first("input[name=key-reply]")
    assert field.attributes["aria-invalid"] == "true" and field.attributes["value"] == key
    assert page.css_first("#id_key-reply_error")
    assert User.objects.get(pk=cast.anna.user_id).keys == {}


def test_letters_are_switched_off_as_a_whole(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    sent = form(client)
    del sent["single_keys"]
    client.post(PAGE, sent)
    assert key_table(client)["single"] is False
    text = client.get("/desk/new/").content.decode()
    assert "<kbd>Ctrl ↵</kbd>" in text and "(g n)" not in text


def test_a_key_of_ones_own_wins_over_one_that_came_later() -> None:
    own = {"reply": "j"}
    keys = keys_of(all_actions(), own)
    assert keys["reply"] == "j" and "next" not in keys


def test_customers_have_no_keys(cast: Cast) -> None:
    user = User.objects.create(email="carol@faehrholm.example", name="Carol")
    cast.carol.user = user
    cast.carol.save()
    client = Client()
    client.force_login(user)
    assert client.get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302
