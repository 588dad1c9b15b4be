"""Writing a reply or a note: what came with the form, what is wrong with it, and what is given back."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.channels.mail.models import Mailbox
from tresen.core.people.identities import fold_mail, is_mail_address
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.people.services import agent_by_mail
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.models import Attachment, Message, Status, Ticket
from tresen.core.tickets.planning import LONGEST_AHEAD
from tresen.core.tickets.rows import MAX_PARTICIPANTS
from tresen.core.tickets.services import default_recipients
from tresen.kit import clock
from tresen.kit.files import FileTooLarge
from tresen.spine.limits.services import hit

MAX_TEXT = 200_000
ONCE_SECONDS = 2 * 24 * 3600
THEN = {"waiting": StatusCategory.WAITING, "solved": StatusCategory.SOLVED}


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
        try:
            typed = parse_datetime(self.typed)
        except ValueError:  # the 31st of June
            typed = None
        if typed is None or timezone.is_aware(typed):
            return _("Choose a day and a time at which it leaves.")
        self.at = timezone.make_aware(typed)
        ahead = self.at - clock.now()
        if ahead <= timedelta():
            return _("That time is over. Choose a later one, or send at once.")
        return _("At most a year ahead, please.") if ahead > LONGEST_AHEAD else ""


@dataclass
class Draft:
    """What stands in the composer: empty, or what was typed and could not be sent."""

    seen: int
    kind: str = "reply"
    reply_text: str = ""
    note_text: str = ""
    chosen: list[str] | None = None
    # Addresses that join the ticket in copy with this reply, as they were typed.
    add_cc: str = ""
    uploads: list[Attachment] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    newer: Message | None = None
    then: str = "send"
    anyway: bool = False
    sent: str = ""
    once: str = field(default_factory=lambda: uuid.uuid4().hex)
    later: Later = field(default_factory=lambda: Later())
    status: int = 200

    @property
    def text(self) -> str:
        """What is to be sent."""
        return self.note_text if self.kind == "note" else self.reply_text

    def refuse(self, text: str, status: int = 422) -> None:
        """Something is wrong; `text` says what and what to do."""
        self.errors.append(text)
        self.status = max(self.status, status)


def read_draft(request: HttpRequest, principal: Principal) -> Draft:
    """The form as it came, with its files already in the store, so that they survive a second try."""
    data = request.POST
    anyway = data.get("anyway", "")
    seen = data.get("seen", "")
    draft = Draft(
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 18 else 0,
        kind="note" if data.get("kind") == "note" else "reply",
        reply_text=clean_text(data.get("reply_text", "")), note_text=clean_text(data.get("note_text", "")),
        chosen=data.getlist("to")[:50],
        add_cc=" ".join(clean_text(data.get("add_cc", "")).split())[:1000],
        then=anyway or data.get("then", "send"), anyway=bool(anyway),
        once=data.get("once", "")[:64] or uuid.uuid4().hex,
        later=Later(data.get("later_at", "")[:40], data.get("unless_answered") == "on", data.get("later_then", "")),
    )  # fmt: skip
    draft.uploads = kept_uploads(principal, data.getlist("upload"))
    for problem, status in take_files(request.FILES, agent=principal.agent, into=draft.uploads):
        draft.refuse(problem, status)
    return draft


def clean_text(text: str) -> str:
    """A typed text: line ends as we keep them, without NUL (PostgreSQL cannot hold it) and blanks at the end."""
    return text.replace("\r\n", "\n").replace("\0", "").rstrip()


def kept_uploads(principal: Principal, keys: list[str]) -> list[Attachment]:
    """The agent's own files that were uploaded with an earlier try."""
    wanted = []
    for key in keys[: settings.MAX_FILES]:
        try:
            wanted.append(uuid.UUID(key))
        except ValueError:
            continue
    if not wanted or principal.agent is None:
        return []
    mine = Attachment.objects.visible_to(principal).filter(message=None, uploaded_by=principal.agent, pk__in=wanted)
    return list(mine.order_by("created_at"))


def take_files(
    uploaded: MultiValueDict[str, UploadedFile], *, agent: Agent | None, into: list[Attachment]
) -> list[tuple[str, int]]:
    """Stores the files of a form in `into`; those too many or too large are left out: (words, status) for each."""
    problems: list[tuple[str, int]] = []
    for file in uploaded.getlist("files"):
        if len(into) >= settings.MAX_FILES:
            most = ngettext("At most %(n)d file at once.", "At most %(n)d files at once.", settings.MAX_FILES)
            problems.append((most % {"n": settings.MAX_FILES}, 413))
            break
        try:
            row = prepare_file(
                file.chunks(), filename=file.name or "", limit=settings.MAX_FILE_BYTES, uploaded_by=agent
            )
        except FileTooLarge:
            facts = {"name": file.name, "limit": filesizeformat(settings.MAX_FILE_BYTES)}
            problems.append((_("“%(name)s” is larger than %(limit)s and was left out.") % facts, 413))
            continue
        row.save()
        into.append(row)
    return problems


def check_draft(draft: Draft, ticket: Ticket) -> list[dict[str, str]]:
    """Looks for everything that stands against sending; the answer is who gets it (empty for a note)."""
    if not draft.text:
        draft.refuse(_("There is no text yet."))
    if len(draft.text) > MAX_TEXT:
        draft.refuse(_("The text is too long; at most %(n)d characters.") % {"n": MAX_TEXT})
    if draft.kind == "note":
        return []
    if draft.then == "later" and (wrong := draft.later.understand()):
        draft.refuse(wrong)
    possible = default_recipients(ticket)
    chosen = [r for r in possible if r["address"] in (draft.chosen or [])]
    for wrong in [address for address in new_copies(draft) if not may_join(address)]:
        draft.refuse(_("“%(address)s” cannot be taken in copy. Write whole mail addresses of people outside.")
                     % {"address": wrong})  # fmt: skip
    if ticket.participants.count() + len(new_copies(draft)) > MAX_PARTICIPANTS:
        draft.refuse(_("A ticket has at most 48 people."))
    if possible and not chosen and not draft.add_cc:
        draft.refuse(_("Choose at least one recipient, or keep it as a note."))
    if not draft.errors and not draft.anyway:
        draft.newer = newer_message(ticket, draft.seen)
        if draft.newer:
            # The answer shows it, so the next try has seen it.
            draft.status, draft.seen = 409, draft.newer.pk
    return chosen


def new_copies(draft: Draft) -> list[str]:
    """The addresses that are to join, each once."""
    return list(dict.fromkeys(word for word in re.split(r"[\s,;]+", draft.add_cc) if word))[:20]


def may_join(address: str) -> bool:
    """A whole address of somebody outside: neither a colleague's nor one of our mailboxes."""
    folded = fold_mail(address)
    ours = Mailbox.objects.filter(address=folded).exists()
    return is_mail_address(address) and not ours and agent_by_mail(folded) is None


def newer_message(ticket: Ticket, seen: int) -> Message | None:
    """What the customer has written, or a colleague answered, since the page was drawn, if anything."""
    written = Message.objects.filter(ticket=ticket, kind__in=["received", "reply"], is_held=False, is_automatic=False)
    return written.filter(pk__gt=seen).order_by("-pk").first()


def fields_after(draft: Draft) -> dict[str, Any]:
    """What changes together with the reply."""
    category = THEN.get(draft.later.then if draft.then == "later" else draft.then)
    return {"status": Status.objects.default_of(category)} if category else {}


def first_time(draft: Draft, principal: Principal) -> bool:
    """False when this very form has been sent already (a double click, a repeat after a lost answer).

    Call it in the transaction of the sending: what is rolled back may be tried again.
    """
    who = principal.agent.pk if principal.agent else 0
    return hit("desk:write", f"{who}:{draft.once}", limit=1, seconds=ONCE_SECONDS)
