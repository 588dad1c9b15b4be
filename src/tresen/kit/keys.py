"""Keys as the table of actions writes them: "j", "g n" (one after the other), "Enter", "Mod+Enter".

`Mod` is the control key, or the command key where a keyboard has one.
"""

from __future__ import annotations

from collections.abc import Iterable

from tresen.kit.actions import Action

NAMED = ("Enter", "Home", "End", "PageUp", "PageDown", "Delete", "Insert", *(f"F{n}" for n in range(1, 13)))
ALSO = {"↵": "Enter", "return": "Enter", "del": "Delete", "entf": "Delete"}
MODIFIERS = {"ctrl", "control", "strg", "cmd", "⌘", "mod"}
# What browsers keep for themselves, and what one needs while writing.
TAKEN = frozenset(f"Mod+{key}" for key in "acvxzntwrqlpsf+-0123456789") | {"F1", "F3", "F5", "F11", "F12"}
CAPS = {"Enter": "↵", "PageUp": "Page ↑", "PageDown": "Page ↓"}


def is_single(key: str) -> bool:
    """Whether a key is made of letters and signs alone, so that it can be switched off (WCAG 2.1.4)."""
    return all(len(part) == 1 for part in key.split(" "))


def keys_of(actions: Iterable[Action], own: dict[str, str]) -> dict[str, str]:
    """The key of each action that has one, by its name. `own`: keys a person has chosen; an empty one is off.

    A chosen key wins over that of an action that came later and brought the same.
    """
    keys = {action.name: own.get(action.name, action.key) for action in actions}
    chosen = {key for name, key in keys.items() if key and name in own}
    return {name: key for name, key in keys.items() if key and (name in own or key not in chosen)}


def read_key(typed: str) -> str:
    """A key as a person wrote it ("ctrl + enter", "G n", "r"), as the table has it; empty for none.

    Raises ValueError for what is no key, or one that the browser keeps for itself.
    """
    said = " ".join(typed.split())
    if len(said) <= 1 or (len(said) == 3 and said[1] == " "):
        return said
    *held, last = [part.strip().casefold() for part in said.split("+")]
    last = ALSO.get(last, last)
    name = next((known for known in NAMED if known.casefold() == last.casefold()), last)
    key = f"Mod+{name}" if held else name
    is_known = name in NAMED or (len(name) == 1 and held)
    if not is_known or len(held) > 1 or not MODIFIERS.issuperset(held) or key in TAKEN:
        raise ValueError(typed)
    return key


def clashes(keys: dict[str, str]) -> dict[str, str]:
    """Actions whose key another one has too, or begins with, each with the name of that other."""
    found: dict[str, str] = {}
    for name, key in keys.items():
        for other, its in keys.items():
            if name != other and (key == its or key.startswith(its + " ") or its.startswith(key + " ")):
                found.setdefault(name, other)
    return found


def caps(key: str, ctrl: str) -> list[str]:
    """A key as its caps are printed, `ctrl` the name of that key: `Mod+Enter` → [ctrl, "↵"], `g n` → ["g", "n"]."""
    if len(key) == 1:
        return [key]
    parts = key.split("+", 1) if key.startswith("Mod+") else key.split(" ")
    return [{"Mod": ctrl, **CAPS}.get(part, part) for part in parts]
