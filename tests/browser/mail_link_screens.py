"""How one gets to the screens of signing in by mail."""

from __future__ import annotations

from typing import Any

Reached = tuple[str, str, Any, str]


def mail_link_screens(at: Any, sent: Any) -> list[Reached]:
    """Asking for the link, and what stands behind one that opens nothing; what a living one opens is in the story of
    tests/portal/test_following.py."""
    ask = "/sign-in/by-mail/"
    return [
        ("account:mail-link", "guest", at(ask), ""),
        ("account:mail-link", "guest", sent(ask, email="nobody@x.example"), "sent"),
        ("account:mail-link-open", "guest", at(f"{ask}{'a' * 43}/"), "dead"),
        ("account:mail-link-enter", "guest", at(f"{ask}enter/"), "nothing to enter by"),
    ]
