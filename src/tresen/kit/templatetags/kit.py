"""Tags and filters of the look: `{% load kit %}`. What each gives out stands in docs/components.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tresen.kit import assets, forms, times, words
from tresen.kit.clock import now
from tresen.kit.context import face_of

register = template.Library()

# The list of keys by all that decides it: who has chosen none of his own shares it with the others of his role.
_KEYS_DRAWN: dict[tuple[object, ...], SafeString] = {}
_MOST_DRAWN = 64

PRIORITIES = {1: "low", 2: "normal", 3: "high", 4: "urgent"}
STATUSES = {"new": "new", "open": "open", "waiting": "wait", "on_hold": "hold", "solved": "solved", "closed": "closed"}
CHANNELS = {"mail": "mail", "web": "globe", "phone": "phone", "visit": "user", "chat": "chat", "fax": "fax",
            "api": "pulse"}  # fmt: skip
DELIVERIES = {
    "planned": ("clock", "wait"), "stopped": ("pause", "bounced"),
    "queued": ("clock", "wait"), "sent": ("check", "wait"), "delivered": ("checks", ""),
    "deferred": ("clock", "wait"), "failed": ("alert", "bounced"), "bounced": ("alert", "bounced"),
}  # fmt: skip


@register.simple_tag
def face_css(face: str) -> SafeString:
    """The style sheet links of a face: one joined file, or its sources where none has been joined."""
    links = [(static(name),) for name in assets.styles(face)]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag
def face_js(face: str) -> SafeString:
    """htmx, the module scripts of a face, and a preload for every module they import."""
    return _scripts(face, static(assets.entries(face)[0]))


@lru_cache(maxsize=16)
def _scripts(face: str, _entry: str) -> SafeString:
    """Where the entry has the same name, so have all that it imports."""
    preloads = [(static(name),) for name in assets.modules(face)]
    classics = [(static(name),) for name in assets.LIBRARIES[face]]
    scripts = [(static(name),) for name in assets.entries(face)]
    return format_html(
        "{}\n{}\n{}",
        format_html_join("\n", '<link rel="modulepreload" href="{}">', preloads),
        format_html_join("\n", '<script src="{}" defer></script>', classics),
        format_html_join("\n", '<script type="module" src="{}"></script>', scripts),
    )


@register.simple_tag
def icon(name: str, size: str = "", label: str = "", cls: str = "") -> SafeString:
    """An icon of the sprite. `size` s, l or xl; without a `label` it is silent for a screen reader."""
    if not label:
        return _silent_icon(name, size, cls)
    return format_html(
        '<svg class="{}" role="img" aria-label="{}"><title>{}</title><use href="{}#i-{}"/></svg>',
        _icon_class(size, cls), label, label, _sprite_url(), name,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _silent_icon(name: str, size: str, cls: str) -> SafeString:
    """A list draws hundreds of them: each kind is put together once."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', _icon_class(size, cls), _sprite_url(), name
    )


def _icon_class(size: str, cls: str) -> str:
    return " ".join(part for part in ("icon", f"icon-{size}" if size else "", cls) if part)


@cache
def _sprite_url() -> str:
    return static(assets.SPRITE)


@register.simple_tag
def avatar(name: str = "", kind: str = "agent", size: str = "", me: bool = False, title: bool = False) -> SafeString:
    """Initials: round for a `contact`, square for an `agent`, dashed for nobody (no name). `size` s or l."""
    classes = " ".join(
        part
        for part in ("avatar", "contact" if kind == "contact" else "", size, "me" if me else "", "" if name else "none")
        if part
    )
    return _avatar(name, classes, (name or gettext("Nobody yet")) if title else "")


@lru_cache(maxsize=1024)
def _avatar(name: str, classes: str, title: str) -> SafeString:
    shown = words.initials(name) if name else ""
    if title:
        return format_html('<span class="{}" title="{}" aria-hidden="true">{}</span>', classes, title, shown)
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, shown)


@register.simple_tag
def priority(level: int, label: str, word: bool = True) -> SafeString:
    """Arrow and word of a priority 1 (low) to 4 (urgent); `word=False` leaves the word to the tooltip and readers."""
    shape = PRIORITIES.get(int(level or 0), "normal")
    return _marked(icon(f"p-{shape}", cls=f"p-{shape}"), label, word, "prio")


@register.simple_tag
def status(category: str, label: str, word: bool = True) -> SafeString:
    """Dot and word of a status; each category has its own shape."""
    shape = STATUSES.get(str(category), "open")
    return _marked(icon(f"st-{shape}", cls=f"st-{shape}"), label, word, "status")


@register.simple_tag
def channel(kind: str, label: str, word: bool = False) -> SafeString:
    """The mark of a way in."""
    return _marked(icon(CHANNELS.get(str(kind), "mail")), label, word, "chan")


@register.simple_tag
def delivery(state: str, label: str) -> SafeString:
    """Where an outgoing message is, as mark and word; nothing for an empty state."""
    if not state:
        return mark_safe("")
    shape, tone = DELIVERIES.get(str(state), ("clock", "wait"))
    return format_html('<span class="delivery {}">{}{}</span>', tone, icon(shape), label)


@lru_cache(maxsize=1024)
def _marked(mark: SafeString, label: str, word: bool, css: str) -> SafeString:
    if word:
        return format_html("{}{}", mark, label)
    return format_html('<span class="{}" title="{}">{}<span class="sr">{}</span></span>', css, label, mark, label)


def _time(at: datetime | None, text: str, css: str, kind: str = "") -> SafeString:
    if at is None:
        return mark_safe("")
    # Fifty times a list, so without format_html; every piece is escaped.
    named = f' class="{escape(css)}"' if css else ""
    exact = escape(times.exact(at))
    element = f'<time datetime="{at.isoformat(timespec="seconds")}" title="{exact}"{named}>{escape(text)}</time>'
    return mark_safe(f'<tick-time data-kind="{kind}">{element}</tick-time>' if kind else element)  # noqa: S308


@register.simple_tag
def ago(at: datetime | None, cls: str = "") -> SafeString:
    """How long ago ("5 min ago"), refreshed while the page stands; exact on hover."""
    return _time(at, times.ago(at, now()) if at else "", cls, "past")


@register.simple_tag
def age(at: datetime | None, cls: str = "") -> SafeString:
    """How long ("5 min"), for narrow columns."""
    return _time(at, times.age(at, now()) if at else "", cls, "age")


@register.simple_tag
def when(at: datetime | None, cls: str = "") -> SafeString:
    """As exact as one needs: "10:42", "yesterday, 10:42", "17 Nov"; whole on hover."""
    return _time(at, times.when(at, now()) if at else "", cls)


@register.simple_tag
def exactly(at: datetime | None, cls: str = "") -> SafeString:
    """The whole date: "Tuesday 17 November 2026, 10:42"."""
    return _time(at, times.exact(at) if at else "", cls)


@register.simple_tag
def until(start: datetime, end: datetime) -> SafeString:
    """The end of a span: "12:30" on the day it began, else the whole date."""
    return _time(end, times.until(start, end), "")


@register.simple_tag
def day(at: datetime) -> str:
    """The heading of a day in a timeline."""
    return times.day(at, now())


@register.simple_tag
def time_texts() -> SafeString:
    """The patterns that <tick-time> fills in, once per page."""
    return _time_texts(get_language())


@cache
def _time_texts(_language: str | None) -> SafeString:
    return json_script(times.texts_for_browser(), "time-texts")


@register.simple_tag
def filesize(size: int | None) -> str:
    """A size in bytes as a person reads it: "48 KB"."""
    return times.filesize(size or 0)


@register.simple_tag(takes_context=True)
def action(context: Context, name: str) -> SafeString:
    """The attributes by which key and palette find the element that does an action of the table."""
    key = face_of(context).live_key(name)
    if not key or " " in key:  # for two keys one after the other there is no such attribute
        return format_html('data-action="{}"', name)
    return format_html('data-action="{}" aria-keyshortcuts="{}"', name, key.replace("Mod", "Control"))


@register.simple_tag(takes_context=True)
def keycap(context: Context, name: str) -> SafeString:
    """The key of an action as a cap; nothing where no key does it."""
    caps = face_of(context).caps(name)
    return format_html("<kbd>{}</kbd>", " ".join(caps)) if caps else mark_safe("")


@register.simple_tag(takes_context=True)
def keyhint(context: Context, name: str) -> str:
    """The key of an action for the end of a tooltip: " (i)"; nothing where no key does it."""
    caps = face_of(context).caps(name)
    return f" ({' '.join(caps)})" if caps else ""


@register.simple_tag(takes_context=True)
def keys_help(context: Context) -> str:
    """The keys of the desk, for <key-map> and behind "?": drawn once for all who have the same ones."""
    face = face_of(context)
    names = tuple(action.name for action in face.actions)
    same = get_language(), face.single_keys, names, tuple(face.keys.items())
    if same not in _KEYS_DRAWN:
        if len(_KEYS_DRAWN) >= _MOST_DRAWN:
            _KEYS_DRAWN.clear()
        _KEYS_DRAWN[same] = render_to_string("kit/parts/keys.html", {"face": face})
    return _KEYS_DRAWN[same]


@register.filter
def span(length: timedelta) -> str:
    """A span of time: `4 h 30 min`."""
    return times.span_words(length.total_seconds())


@register.filter
def initials(name: str) -> str:
    """Two letters of a name."""
    return words.initials(str(name))


@register.filter
def breakable(address: str) -> SafeString:
    """A mail address that breaks behind its signs, not within a word."""
    return words.breakable(str(address))


@register.filter
def highlight(text: str, found: str | Iterable[str]) -> SafeString:
    """The text with found words marked."""
    return words.highlight(str(text), found)


@register.simple_tag
def control(field: BoundField, **attrs: Any) -> SafeString:
    """The bare control of a form field, with our class and any further attributes."""
    return forms.control(field, **attrs)


@register.filter
def shape(field: BoundField) -> str:
    """How a form field is laid out (see kit.forms.shape_of)."""
    return forms.shape_of(field)
