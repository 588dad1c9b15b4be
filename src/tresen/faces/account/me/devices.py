"""Which browsers are signed in, in words a person knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tresen.core.people.models import Session, User
from tresen.kit import clock
from tresen.kit.crypto import token_hash

# The first that fits counts: many browsers claim to be several.
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
WORD = re.compile(r"[\w./-]+")


@dataclass(frozen=True)
class Device:
    """A signed-in browser: `key` names its row, `is_this` marks the one that asks."""

    key: str
    name: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def devices_of(user: User, *, cookie_key: str | None) -> list[Device]:
    """The living sessions of an account, this browser's first, then the last seen."""
    mine = token_hash(cookie_key) if cookie_key else ""
    rows = Session.objects.filter(user=user, expire_date__gt=clock.now()).defer("session_data")
    found = [
        Device(row.session_key, device_name(row.user_agent), row.address, row.created_at, row.seen_at,
               row.session_key == mine)
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda d: (not d.is_this, -d.seen_at.timestamp()))


def device_name(user_agent: str) -> str:
    """`Firefox on Linux`, as far as the browser tells; it may lie, so this is a hint and no proof."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    words = WORD.match(user_agent)
    return browser or system or (words.group()[:40] if words else _("Unknown browser"))
