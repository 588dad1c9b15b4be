"""What every page knows without its view saying so: the face, who looks at it, where one can go.

Wiring tables read here (each a list of dicts; a missing table is an empty one):

NAVIGATION           areas in the rail
SETTINGS_NAVIGATION  pages of the settings
    label   lazy text                         url      name of a URL, or a path beginning with "/"
    icon    name in the sprite, without "i-"  section  heading it stands under (settings only, lazy text)
    prefix  path prefix that makes it the current one (default: the URL itself)
    shown   dotted path of a function(request) -> bool (default: always)
    badge   dotted path of a function(request) -> int | None, counted only when the rail is drawn
    action  what a key calls it (see ACTIONS); the key then uses it from every page
    end     True: stands at the lower end of the rail; desk_only: not on a phone; palette: opens it, with a script
PERSON_MENU          entries behind the own avatar: label, url, icon, and post: True for a form (signing out)
LIVE                 functions(request) -> dict: `data-live-…` of the body of a desk's page
MANIFEST_URL         name of the address of the web manifest (one name, no list)
PALETTE_URL          name of the address that fills the palette (one name, no list)
ACTIONS              what one can do, by key and by the palette: see kit/actions.py
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info, gettext

from tresen.kit import notices
from tresen.kit.actions import Action, actions_for
from tresen.kit.addresses import address
from tresen.kit.keys import caps, is_single, keys_of
from tresen.kit.wiring import table

THEMES = ("light", "dark")
Entry = Mapping[str, Any]


class Place(NamedTuple):
    """One entry of a navigation, ready to be drawn."""

    label: str
    url: str
    icon: str
    badge: int | None
    active: bool
    desk_only: bool
    post: bool = False
    action: str = ""
    palette: bool = False


class Language(NamedTuple):
    """A language the product speaks, named in itself."""

    code: str
    name: str
    active: bool


class Section(NamedTuple):
    """Entries of the settings navigation under one heading (may be empty)."""

    label: str
    places: list[Place]


class Key(NamedTuple):
    """A key and what it does, for the list behind "?"."""

    keys: list[str]
    label: str


class KeyGroup(NamedTuple):
    """Keys under one heading."""

    label: str
    keys: list[Key]


class Face:
    """Read by the base templates as `face`. Everything is worked out on first use, so a fragment costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def product(self) -> str:
        """What stands at the top of pages that show no brand: `request.shown_as` where a middleware has said it."""
        return str(getattr(self.request, "shown_as", "Tresen"))

    @property
    def language(self) -> str:
        """The language of the page, as in the `lang` attribute."""
        return get_language() or "en"

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return "rtl" if get_language_info(self.language).get("bidi") else "ltr"

    @property
    def theme(self) -> str:
        """`light` or `dark` where the person chose one, else empty: as the system."""
        theme = str(getattr(self._person, "theme", ""))
        return theme if theme in THEMES else ""

    @property
    def person_name(self) -> str:
        """The name of who is signed in, or empty."""
        return str(getattr(self._person, "name", "") or "")

    @property
    def single_keys(self) -> bool:
        """Whether one-letter keys are wanted (WCAG 2.1.4: they can be switched off)."""
        return bool(getattr(self._person, "single_keys", True))

    @cached_property
    def _person(self) -> Any:
        """Who is signed in; nobody when that cannot be told, so that a page about a fault can still be drawn."""
        try:
            user = getattr(self.request, "user", None)
            return user if user is not None and user.is_authenticated else None
        except DatabaseError:
            return None

    @property
    def languages(self) -> list[Language]:
        """The languages for the links at the foot of a page: those a view offers (`request.languages`), else all. Where
        there is one, there is nothing to choose."""
        offered = getattr(self.request, "languages", [code for code, _name in settings.LANGUAGES])
        found = [
            Language(code, get_language_info(code)["name_local"].capitalize(), code == self.language)
            for code in offered
        ]
        return found if len(found) > 1 else []

    @property
    def is_unencrypted(self) -> bool:
        """Whether the desk is reached over plain http from elsewhere than this machine (safety decision 14)."""
        host = (urlsplit(settings.BASE_URL).hostname or "").strip("[]")
        return not settings.HTTPS and host not in {"localhost", "::1"} and not host.startswith("127.")

    @property
    def home_url(self) -> str:
        """The front page of the portal."""
        return "/"

    @property
    def start_url(self) -> str:
        """Where the mark in the rail leads: the first area."""
        return self.navigation[0].url if self.navigation else self.home_url

    @property
    def live(self) -> dict[str, str]:
        """What the modules that keep a page up to date must know: `data-live-…` of the body."""
        return {name: value for said in table("LIVE") for name, value in said(self.request).items()}

    @cached_property
    def navigation(self) -> list[Place]:
        """Areas at the upper end of the rail."""
        return self._places("NAVIGATION", lambda entry: not entry.get("end"))

    @cached_property
    def navigation_end(self) -> list[Place]:
        """Areas at the lower end of the rail."""
        return self._places("NAVIGATION", lambda entry: bool(entry.get("end")))

    @cached_property
    def person_menu(self) -> list[Place]:
        """What stands behind the own avatar."""
        return self._places("PERSON_MENU", _always)

    @cached_property
    def settings_navigation(self) -> list[Section]:
        """The settings pages this person may open, by section, in the order of the table."""
        sections: list[Section] = []
        for label in dict.fromkeys(str(entry.get("section", "")) for entry in table("SETTINGS_NAVIGATION")):
            if places := self._places("SETTINGS_NAVIGATION", partial(_stands_under, label)):
                sections.append(Section(label, places))
        return sections

    @cached_property
    def actions(self) -> list[Action]:
        """What this person may do."""
        return actions_for(self.request)

    @cached_property
    def keys(self) -> dict[str, str]:
        """The key of each action, by its name, as this person has it."""
        return keys_of(self.actions, getattr(self._person, "keys", {}))

    def caps(self, action: str) -> list[str]:
        """The caps to press for an action; empty when no key does it."""
        # Translators: the control key as it is printed on the keyboard
        return caps(key, gettext("Ctrl")) if (key := self.live_key(action)) else []

    def live_key(self, action: str) -> str:
        """The key of an action; a letter only when one-letter keys are on."""
        key = self.keys.get(action, "")
        return key if self.single_keys or not is_single(key) else ""

    @cached_property
    def key_groups(self) -> list[KeyGroup]:
        """The keys by heading, from the same table that defines them."""
        groups: dict[str, list[Key]] = {}
        for action in self.actions:
            if action.name in self.keys:
                shown = caps(self.keys[action.name], gettext("Ctrl"))
                groups.setdefault(str(action.where.label), []).append(Key(shown, str(action.label)))
        return [KeyGroup(label, keys) for label, keys in groups.items()]

    @property
    def key_table(self) -> dict[str, Any]:
        """What <key-map> reads: keys to actions, whether one-letter keys are on, and where an action leads."""
        return {
            "single": self.single_keys,
            "keys": {key: name for name, key in self.keys.items()},
            "screens": {screen.name: screen.selector for screen in dict.fromkeys(a.where for a in self.actions)},
            "places": {action.name: action.address for action in self.actions if action.url},
        }

    @property
    def manifest_url(self) -> str:
        """What a browser needs to install the desk (wiring table MANIFEST_URL); empty where there is none."""
        return _url({"url": table("MANIFEST_URL")}) if table("MANIFEST_URL") else ""

    @property
    def palette_url(self) -> str:
        """What fills the palette (wiring table PALETTE_URL); empty where there is none."""
        return _url({"url": table("PALETTE_URL")}) if table("PALETTE_URL") and self.actions else ""

    @cached_property
    def notices(self) -> list[notices.Notice]:
        """What the last step left to say; told once. Nothing where the session cannot be read, as in `_person`."""
        try:
            return notices.take(self.request)
        except DatabaseError:
            return []

    def _places(self, name: str, wanted: Callable[[Entry], bool]) -> list[Place]:
        """The wanted entries of a table. Only the longest prefix that fits the path is the current one."""
        known = [(entry, url) for entry in table(name) if (url := _url(entry))]
        prefixes = [str(entry.get("prefix", url)) for entry, url in known]
        here = max((p for p in prefixes if self.request.path.startswith(p)), key=len, default=None)
        return [
            self._place(entry, url, active=prefix == here)
            for (entry, url), prefix in zip(known, prefixes, strict=True)
            if wanted(entry) and entry.get("shown", _always)(self.request)
        ]

    def _place(self, entry: Entry, url: str, *, active: bool) -> Place:
        badge = entry.get("badge")
        count = badge(self.request) if badge else None
        desk_only, post = bool(entry.get("desk_only")), bool(entry.get("post"))
        action = str(entry.get("action", ""))
        palette = bool(entry.get("palette"))
        return Place(str(entry["label"]), url, entry["icon"], count, active, desk_only, post, action, palette)


def _always(_anything: object) -> bool:
    return True


def _stands_under(label: str, entry: Entry) -> bool:
    return str(entry.get("section", "")) == label


def _url(entry: Entry) -> str:
    """The entry's address; empty where its screen is not installed."""
    if entry["url"].startswith("/"):
        return str(entry["url"])
    try:
        return address(entry["url"])
    except NoReverseMatch:
        return ""


def face(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `face` (see Face). `brand_css_url` and `brand` come from the portal's own views."""
    return {"face": SimpleLazyObject(lambda: face_on(request))}


def face_on(request: HttpRequest) -> Face:
    """The face of a request, worked out once for all its templates."""
    found: Face | None = getattr(request, "_face", None)
    if found is None:
        found = Face(request)
        request._face = found  # type: ignore[attr-defined]
    return found


def face_of(context: Context) -> Face:
    """The face of what is being drawn, also in a part that was given nothing else (`only`)."""
    return face_on(getattr(context, "request", None) or context.get("request") or HttpRequest())
