"""What stands in the composer: read from its form, or from the drafts that are kept of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tresen.core.people.models import Agent
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets.draft_models import DraftComment
from tresen.core.tickets.drafts import MAX_TEXT, Writing
from tresen.core.tickets.models import Attachment, Draft
from tresen.core.tickets.planning import LONGEST_AHEAD
from tresen.core.tickets.staged import MAX_LINE
from tresen.faces.desk.ticket.news import News
from tresen.faces.desk.ticket.uploads import kept_uploads, take_files
from tresen.kit import clock
from tresen.kit.differences import Piece, differences
from tresen.spine.limits.services import hit

ONCE_SECONDS = 2 * 24 * 3600
KINDS = ("reply", "note", "forward")
PLACES = ("to", "cc", "bcc")
# Words by which a text speaks of a file that goes along, in English, German and Polish; read by Python and by scripts.
SPEAKS_OF_FILES = (
    r"(?:^|\W)(?:attach(?:ed|ment|ments|ing)|enclosed|anbei|angehängt|beigefügt|im anhang|als anhang|anlage|"
    r"w załączniku|w załączeniu|załącz(?:am|amy|ony|ona|one|nik|niki))(?:$|\W)"
)
MAX_HTML = 400_000
MAX_STAGED = 60
LARGEST_VERSION = 2**31 - 2


@dataclass
class Later:
    """When a reply is to leave, as it was typed in the agent's own zone; `at` once it was understood."""

    typed: str = ""
    unless_answered: bool = False
    then: str = ""
    at: datetime | None = None

    @property
    def value(self) -> str:
        """What the field shows: what was typed, else tomorrow at eight."""
        morning = timezone.localtime(clock.now()).replace(hour=8, minute=0) + timedelta(days=1)
        return self.typed or f"{morning:%Y-%m-%dT%H:%M}"

    def understand(self) -> str:
        """Reads the time; the answer is what is wrong with it, or nothing."""
        typed = _time(self.typed)
        if typed is None or timezone.is_aware(typed):
            return _("Choose a day and a time at which it leaves.")
        self.at = timezone.make_aware(typed)
        ahead = self.at - clock.now()
        if ahead <= timedelta():
            return _("That time is over. Choose a later one, or send at once.")
        return _("At most a year ahead, please.") if ahead > LONGEST_AHEAD else ""


def _time(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:  # the 31st of June
        return None


@dataclass
class Composer:
    """What stands in the composer: nothing, a draft, or what was typed and could not be sent."""

    # Up to which message and which event of the ticket the writer has seen it.
    seen: int
    seen_event: int = 0
    kind: str = "reply"
    # How the reply looks, as the page's editor says it; empty: as plain text.
    html: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    # Over which version of its draft each kind is written.
    versions: dict[str, int] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    # Those who could get it and do not.
    left_out: list[str] = field(default_factory=list)
    # Where somebody on the ticket stands in this reply: his address to "to", "cc" or "bcc".
    places: dict[str, str] = field(default_factory=dict)
    # Addresses that join the ticket in copy with this reply, and those that get this one reply as a blind copy, as
    # they were typed.
    add_cc: str = ""
    add_bcc: str = ""
    # To whom something is forwarded, under which subject, and which message goes along (None: the newest, 0: none).
    forward_to: str = ""
    forward_subject: str = ""
    forwards: int | None = None
    with_files: bool = True
    uploads: list[Attachment] = field(default_factory=list)
    # The keys of the files that the page shows, also of those that were taken out there.
    shown: set[str] = field(default_factory=set)
    # Changes of fields that go along, shown before they are sent (core/tickets/staged.py).
    staged: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    news: News | None = None
    # A colleague's draft that this agent reviews; it takes the place of his own in its tab.
    lent: Draft | None = None
    # What colleagues said about drafts that are the agent's alone again.
    comments: list[DraftComment] = field(default_factory=list)
    # It was just sent by the page: what lies in the browser is in here.
    posted: bool = False
    # The draft as somebody wrote it elsewhere meanwhile.
    elsewhere: Draft | None = None
    # Files that were put into it there, where its text is no other.
    files_elsewhere: list[Attachment] = field(default_factory=list)
    then: str = "send"
    anyway: bool = False
    sent: str = ""
    once: str = field(default_factory=lambda: uuid.uuid4().hex)
    turn: int = 0
    later: Later = field(default_factory=lambda: Later())
    saved_at: datetime | None = None
    status: int = 200

    @property
    def text(self) -> str:
        """What is to be sent."""
        return self.texts.get(self.kind, "")

    @property
    def reply_text(self) -> str:
        """What stands in the tab of the reply."""
        return self.texts.get("reply", "")

    @property
    def note_text(self) -> str:
        """What stands in the tab of the note."""
        return self.texts.get("note", "")

    @property
    def in_to(self) -> list[str]:
        """Addresses that were put into To."""
        return [address for address, place in self.places.items() if place == "to"]

    @property
    def in_cc(self) -> list[str]:
        """Addresses that were put into Cc."""
        return [address for address, place in self.places.items() if place == "cc"]

    @property
    def in_bcc(self) -> list[str]:
        """Addresses that were put into Bcc."""
        return [address for address, place in self.places.items() if place == "bcc"]

    @property
    def speaks_of_files(self) -> str:
        """The words by which a text speaks of a file, as the page looks for them while one writes."""
        return SPEAKS_OF_FILES

    @property
    def next_turn(self) -> int:
        """The page's next word is later than all it has said."""
        return self.turn + 1

    @property
    def forward_text(self) -> str:
        """What stands in the tab of the forward."""
        return self.texts.get("forward", "")

    @property
    def files(self) -> list[tuple[str, list[Attachment]]]:
        """The files of each tab."""
        return [(kind, [f for f in self.uploads if self.kind_of(f) == kind]) for kind in KINDS]

    def kind_of(self, file: Attachment) -> str:
        """The tab a file belongs to: that of its draft, else the open one."""
        return str(file.draft.kind) if file.draft else self.kind

    def knows(self, news: News, *, held: bool = False) -> None:
        """The page shows what is new, so the next try has seen it."""
        news.held, self.news = held, news
        self.seen, self.seen_event = news.seen_message, news.seen_event
        self.status = max(self.status, 409) if held else self.status

    def refuse(self, text: str, status: int = 422) -> None:
        """Something is wrong; `text` says what and what to do."""
        self.errors.append(text)
        self.status = max(self.status, status)

    @property
    def both(self) -> list[Piece]:
        """What is typed here beside what was written elsewhere."""
        if self.elsewhere is None:
            return []
        return differences(self.texts.get(self.elsewhere.kind, ""), self.elsewhere.text)

    @property
    def changed_by_other(self) -> bool:
        """A colleague wrote in it, not the same person elsewhere."""
        there = self.elsewhere
        return bool(there and there.changed_by and (there.changed_by != there.agent or self.lent))

    def owner(self, kind: str, agent: Agent) -> Agent:
        """Whose draft a tab is kept in."""
        return self.lent.agent if self.lent and self.lent.kind == kind else agent

    def meets(self, draft: Draft, files: list[Attachment]) -> None:
        """Somebody wrote in it elsewhere meanwhile, or put `files` into it: both are shown; the next try knows them."""
        self.files_elsewhere = files
        self.uploads += files
        self.elsewhere, self.versions[draft.kind] = draft, draft.version
        self.kind, self.status = draft.kind, max(self.status, 409)

    def writing(self, kind: str) -> Writing:
        """What is kept of one tab."""
        details: dict[str, Any] = {"staged": self.staged}
        if kind == "reply":
            details |= {
                "html": self.html, "left_out": self.left_out, "add_cc": self.add_cc, "add_bcc": self.add_bcc,
                "places": [f"{address}|{role}" for address, role in self.places.items()], "later_at": self.later.typed,
                "unless_answered": self.later.unless_answered, "later_then": self.later.then,
            }  # fmt: skip
        if kind == "forward":
            details |= {
                "forward_to": self.forward_to, "forward_subject": self.forward_subject,
                "forwards": "" if self.forwards is None else str(self.forwards), "without_files": not self.with_files,
            }  # fmt: skip
        return Writing(
            text=self.texts.get(kind, ""), details=details, seen_message=self.seen, seen_event=self.seen_event,
            version=self.versions.get(kind, 0), writer=self.once, turn=self.turn,
        )  # fmt: skip


def read_composer(request: HttpRequest, principal: Principal) -> Composer:
    """The form as it came, with its files already in the store, so that they survive a second try."""
    data = request.POST
    anyway = data.get("anyway", "")
    composer = Composer(
        seen=number_in(data, "seen"), seen_event=number_in(data, "seen_event"),
        kind=data.get("kind", "") if data.get("kind") in KINDS else "reply",
        forward_to=" ".join(clean_text(data.get("forward_to", "")).split())[:1000],
        forward_subject=" ".join(clean_text(data.get("forward_subject", "")).split())[:300],
        forwards=number_in(data, "forwards") if "forwards" in data else None, with_files="with_files" in data,
        texts={kind: clean_text(data.get(f"{kind}_text", "")) for kind in KINDS},
        versions={kind: min(number_in(data, f"{kind}_version"), LARGEST_VERSION) for kind in KINDS},
        html=clean_text(data.get("reply_html", ""))[:MAX_HTML], chosen=data.getlist("to")[:50],
        add_cc=" ".join(clean_text(data.get("add_cc", "")).split())[:1000],
        add_bcc=" ".join(clean_text(data.get("add_bcc", "")).split())[:1000],
        places=read_places(data.getlist("place")),
        staged=[clean_text(one)[:MAX_LINE] for one in data.getlist("staged")[:MAX_STAGED]],
        then=anyway or data.get("then", "send"), anyway=bool(anyway),
        once=data.get("once", "").replace("\0", "")[:64] or uuid.uuid4().hex,
        turn=min(number_in(data, "turn"), LARGEST_VERSION),
        later=Later(data.get("later_at", "")[:40].replace("\0", ""), data.get("unless_answered") == "on",
                    data.get("later_then", "")[:20].replace("\0", "")),
    )  # fmt: skip
    composer.left_out = [address for address in data.getlist("offered")[:50] if address not in composer.chosen]
    composer.lent, composer.posted = lent_draft(principal, data.get("draft", "")), True
    if data.get("draft") and composer.lent is None:
        composer.refuse(_("This draft is no longer yours to review: it was sent, given back or taken back."), 409)
    composer.shown = {*data.getlist("upload"), *data.getlist("shown_file")}
    composer.uploads = kept_uploads(principal, data.getlist("upload"), lent=composer.lent)
    for problem, status in take_files(request.FILES, agent=principal.agent, into=composer.uploads):
        composer.refuse(problem, status)
    return composer


def lent_draft(principal: Principal, key: str) -> Draft | None:
    """A colleague's draft that the agent was asked to review."""
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    shared = Draft.objects.visible_to(principal).shared().exclude(agent=principal.agent)
    found = shared.select_related("agent__user", "ticket").prefetch_related("files__draft").filter(pk=int(key)).first()
    return found if found and can(principal, "draft.review", found) else None


def read_places(lines: Iterable[str]) -> dict[str, str]:
    """Who stands where, from lines like "carol@x.example|bcc"; what is no such line is left out."""
    pairs = [line.rpartition("|") for line in [str(line)[:300] for line in lines][:50]]
    return {clean_text(address): role for address, _bar, role in pairs if role in PLACES and address}


def number_in(data: QueryDict, name: str) -> int:
    """A key or a version in a form; 0 for what is none."""
    raw = data.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else 0


def clean_text(text: str) -> str:
    """A typed text: line ends as we keep them, without NUL (PostgreSQL cannot hold it) and blanks at the end."""
    return text.replace("\r\n", "\n").replace("\0", "").rstrip()


def composer_of(drafts: Iterable[Draft], *, seen: int, seen_event: int, lent: Draft | None = None) -> Composer:
    """The composer as the drafts have it; the tab written in last is open, or that of the draft which was `lent`.
    `seen`, `seen_event`: what the page shows, for whoever begins now; a draft keeps what its writer had seen."""
    composer = Composer(seen=seen, seen_event=seen_event, lent=lent)
    if lent:
        drafts = [*(one for one in drafts if one.kind != lent.kind), lent]
    for draft in sorted(drafts, key=lambda one: one.updated_at):
        files = list(draft.files.all())
        composer.texts[draft.kind], composer.versions[draft.kind] = draft.text, draft.version
        composer.uploads += files
        if draft.text or files:
            composer.kind, composer.saved_at = draft.kind, draft.updated_at
        if draft.asked_at is None:
            composer.comments += draft.comments.all()
        composer.staged = draft.detail("staged", [])
        if draft.kind == "reply":
            _take_details(composer, draft)
        if draft.kind == "forward":
            _take_forward(composer, draft)
    composer.kind = lent.kind if lent else composer.kind
    return composer


def _take_forward(composer: Composer, draft: Draft) -> None:
    composer.forward_to, composer.forward_subject = draft.detail("forward_to", ""), draft.detail("forward_subject", "")
    composer.with_files = not draft.detail("without_files")
    composer.forwards = int(draft.detail("forwards")) if draft.detail("forwards") else None


def _take_details(composer: Composer, draft: Draft) -> None:
    composer.html = draft.detail("html", "")
    composer.left_out, composer.add_cc = draft.detail("left_out", []), draft.detail("add_cc", "")
    composer.add_bcc, composer.places = draft.detail("add_bcc", ""), read_places(draft.detail("places", []))
    typed = draft.detail("later_at", "")
    moment = _time(typed)
    if moment and timezone.is_aware(moment):  # a planned reply that was taken back
        typed = f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"
    composer.later = Later(typed, bool(draft.detail("unless_answered")), draft.detail("later_then", ""))
    if draft.text and draft.seen_message:
        composer.seen, composer.seen_event = draft.seen_message, draft.seen_event or composer.seen_event


def first_time(composer: Composer, principal: Principal) -> bool:
    """False when this very form has been sent already (a double click, a repeat after a lost answer).

    Call it in the transaction of the sending: what is rolled back may be tried again.
    """
    who = principal.agent.pk if principal.agent else 0
    return hit("desk:write", f"{who}:{composer.once}", limit=1, seconds=ONCE_SECONDS)


def too_long() -> str:
    """Said of a text that is longer than a message may be."""
    return _("The text is too long; at most %(n)d characters.") % {"n": MAX_TEXT}
