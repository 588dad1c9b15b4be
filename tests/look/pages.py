"""The gallery: every component and every kind of page, drawn without a server or a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.contrib.staticfiles import finders
from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory
from django.utils import translation

from tresen.kit import context
from tresen.kit.actions import Action, Screen
from tresen.kit.clock import now

HERE = Path(__file__).parent
ORIGIN = "http://look.example"
PAGES = {
    "components": "look/components.html",
    "desk": "look/desk.html",
    "desk-list": "look/desk-list.html",
    "settings": "look/settings.html",
    "portal": "look/portal.html",
    "portal-request": "look/portal-request.html",
    "sign-in": "look/sign-in.html",
    "fault-404": "404.html",
    "fault-500": "500.html",
    "fault-csrf": "403_csrf.html",
}
ENGINE = DjangoTemplates(
    {
        "NAME": "look",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "tresen.kit.context.face"]},
    }
)
TABLES: dict[str, list[dict[str, Any]]] = {
    "NAVIGATION": [
        {"label": "Tickets", "url": "/desk/", "icon": "ticket", "badge": lambda request: 9},
        {"label": "People", "url": "/desk/people/", "icon": "people"},
        {"label": "Settings", "url": "/settings/", "icon": "gear", "end": True, "desk_only": True},
    ],
    "PERSON_MENU": [
        {"label": "My profile", "url": "/profile/", "icon": "user"},
        {"label": "Sign out", "url": "/sign-out/", "icon": "out", "post": True},
    ],
    "SETTINGS_NAVIGATION": [
        {"label": "Mailboxes", "url": "/settings/", "icon": "mail", "section": "Ways in"},
        {"label": "Teams", "url": "/settings/teams/", "icon": "people", "section": "Work"},
        {"label": "Statuses", "url": "/settings/statuses/", "icon": "st-open", "section": "Work"},
        {"label": "Agents and rights", "url": "/settings/agents/", "icon": "user", "section": "House"},
    ],
}
LIST, TICKET = Screen("list", "List", "#list"), Screen("ticket", "Ticket", "#ticket")
ACTIONS = [
    Action("next", "Next ticket", "j", LIST),
    Action("search", "Search", "/", LIST),
    Action("reply", "Reply", "r", TICKET),
    Action("send", "Send", "Mod+Enter", TICKET),
    Action("new-ticket", "New ticket", "g n"),
    Action("keys", "This list", "?"),
]


class Person:
    """Who looks at the gallery."""

    is_authenticated = True
    name = "Anna Kowalczyk"
    single_keys = True
    keys: ClassVar[dict[str, str]] = {}

    def __init__(self, theme: str) -> None:
        self.theme = theme


class GalleryForm(forms.Form):
    """One field of every shape."""

    subject = forms.CharField(initial="Drukarka na II piętrze", help_text="What the requester sees, too.")
    address = forms.EmailField(label="Mail address")
    port = forms.IntegerField(initial=993)
    team = forms.ChoiceField(choices=[("netz", "Netz"), ("apps", "Apps")], required=False)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    urgency = forms.ChoiceField(choices=[("1", "can wait"), ("2", "soon")], widget=forms.RadioSelect)
    follow = forms.BooleanField(label="Follow", required=False)
    keys = forms.BooleanField(
        label="One-letter keys", required=False, widget=forms.CheckboxInput(attrs={"role": "switch"})
    )


@dataclass(frozen=True)
class Row:
    """A line of the ticket list."""

    number: str
    subject: str
    lang: str
    last: str
    channel: str
    requester: str
    organisation: str
    team: str
    assignee: str
    level: int
    hours: float
    due: str = ""
    soon: bool = False
    over: str = ""
    paused: str = ""
    unread: bool = False
    current: bool = False
    mine: bool = False

    @property
    def level_name(self) -> str:
        return ("Low", "Normal", "High", "Urgent")[self.level - 1]

    @property
    def at(self) -> Any:
        return now() - timedelta(hours=self.hours)


ROWS = [
    Row("T 20418-7", "VPN bricht seit dem Update alle 20 Minuten ab", "de", "Jetzt auch im Büro, nicht nur im Lager.",
        "mail", "Carola Brandt", "Fährholm Logistik", "Netz", "Anna Kowalczyk", 3, 2, due="12 min", soon=True,
        unread=True, current=True),
    Row("T 20431-6", "Kasa nr 4 nie drukuje paragonów, kolejka w sklepie", "pl", "Klientka dzwoniła drugi raz",
        "phone", "Bożena Świątek", "Zielony Wiatrak sp. z o.o.", "Tills", "Piotr Wieczorek", 4, 0.8,
        over="18 min over", unread=True),
    Row("T 20402-1", "Shared calendar shows meetings one hour late", "en", "I have asked the mail team to look at the",
        "mail", "Thomas Ashdown", "Harrowmere Council", "Apps", "Anna Kowalczyk", 3, 30, due="34 min", soon=True,
        mine=True),
    Row("T 20433-4", "Neuer Arbeitsplatz für Auszubildende ab 1. Dezember", "de", "Bitte mit zwei Bildschirmen und",
        "web", "Jürgen Großmann-Lüdtke", "Gerberau Verlag", "Service desk", "", 2, 0.4, due="1 h 50", unread=True),
    Row("T 20364-9", "Drukarka na II piętrze drukuje tylko połowę strony", "pl", "Proszę o zdjęcie etykiety z tyłu",
        "mail", "Krzysztof Żurawski", "Meble Kwiatkowo", "Service desk", "Anna Kowalczyk", 2, 99, paused="customer",
        mine=True),
    Row("T 20420-3", "Question about the handset ring tone", "en", "There is a short guide with pictures",
        "visit", "Margaret Penhallow", "Harrowmere Council", "Service desk", "Jonas Reuter", 1, 3, paused="customer"),
]  # fmt: skip


def _content() -> dict[str, Any]:
    form = GalleryForm({"subject": "Drukarka na II piętrze", "address": "carola@", "port": "993", "urgency": "2"})
    return {
        "form": form,
        "rows": ROWS,
        "earlier": now() - timedelta(hours=2, minutes=5),
        "categories": [(c, c.replace("_", " ").capitalize()) for c in "new open waiting on_hold solved closed".split()],
        "levels": [(4, "Urgent"), (3, "High"), (2, "Normal"), (1, "Low")],
        "channels": "mail web phone visit chat fax api".split(),
        "deliveries": "queued sent delivered deferred failed bounced".split(),
        "menu": [
            {"label": "Next due first", "url": "#x", "icon": "clock", "current": True},
            {"label": "Close", "url": "#x", "icon": "check", "post": True},
        ],
        "tabs": [{"label": "All", "url": "#x", "active": True, "count": 12}, {"label": "Mine", "url": "#x"}],
        "views": [
            {"label": "Mine", "icon": "user", "count": 16},
            {"label": "Unassigned", "icon": "st-new", "count": 23},
            {"label": "Waiting for me", "icon": "reply", "count": 9},
            {"label": "All open", "icon": "ticket", "count": "1,284"},
        ],
        "teams": ["Netz", "Service desk", "Apps"],
        "draft": "Guten Tag Frau Brandt, die Ursache ist gefunden.",
    }


def draw(page: str, *, theme: str = "light", language: str = "en", **more: Any) -> str:
    """The whole page as a browser gets it; the wiring tables are the gallery's own."""
    path = "/settings/" if page == "settings" else "/desk/"
    request = RequestFactory().get(path)
    request.user = Person(theme)  # type: ignore[assignment]
    request.session = {"notices": [["Saved.", "ok"]]} if page == "settings" else {}  # type: ignore[assignment]
    portal = page.startswith("portal")
    content = _content() | more
    if portal:
        content["brand"] = {"name": "Lindhafen IT"}
        content["portal_navigation"] = [
            {"label": "Home", "url": "/", "active": True},
            {"label": "My requests", "url": "/requests/", "active": False},
        ]
    kept = context.table, context.actions_for
    context.table = lambda name: TABLES.get(name, [])  # type: ignore[assignment]
    context.actions_for = lambda request: ACTIONS
    try:
        with translation.override(language):
            return str(ENGINE.get_template(PAGES[page]).render(content, request))
    finally:
        context.table, context.actions_for = kept


def static_file(path: str) -> Path | None:
    """Where the file behind /static/… lies."""
    if path == "look/look.css":
        return HERE / "look.css"
    found = finders.find(path)
    return Path(found) if isinstance(found, str) else None


def serve(page: Any, html: str) -> None:
    """Answers the browser's requests: the drawn page, its static files, nothing else."""

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("#")[0].split("?")[0]
        if path == "/desk/":
            csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": csp})
        elif path.startswith("/static/") and (file := static_file(path.removeprefix("/static/"))):
            route.fulfill(path=str(file))
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/desk/")
