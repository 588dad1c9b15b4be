"""Writing to a partner: what came with the form, what is wrong with it, and what is given back."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tresen.channels.mail.bodies import MAX_ATTACHED_BYTES
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Agent
from tresen.core.tickets.draft_models import DraftKind
from tresen.core.tickets.drafts import MAX_TEXT, StaleDraft, Writing
from tresen.core.tickets.models import Attachment, Draft, Ticket
from tresen.core.tickets.planning import LONGEST_AHEAD
from tresen.core.tickets.services import default_recipients
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.sides import MOST_PEOPLE
from tresen.faces.desk.access import StaffRequest
from tresen.faces.desk.ticket.checking import may_join
from tresen.faces.desk.ticket.uploads import kept_uploads, take_files
from tresen.faces.desk.ticket.writing import LARGEST_VERSION, clean_text, number_in
from tresen.kit import clock


@dataclass
class SideDraft:
    """What stands in the form: empty, a draft, or what was typed and could not be sent."""

    to: str = ""
    subject: str = ""
    text: str = ""
    remind: str = ""
    waits: bool = True
    remind_at: datetime | None = None
    uploads: list[Attachment] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    # Over which version of its draft it is written, by which page and how manyth time.
    version: int = 0
    once: str = field(default_factory=lambda: uuid.uuid4().hex)
    turn: int = 0
    # The keys of the files that the page shows, and what was written elsewhere meanwhile.
    shown: set[str] = field(default_factory=set)
    elsewhere: Draft | None = None

    @property
    def addresses(self) -> list[str]:
        """Those typed, each once."""
        return list(dict.fromkeys(fold_mail(word) for word in re.split(r"[\s,;]+", self.to) if word))

    @property
    def details(self) -> dict[str, Any]:
        """What a draft keeps besides the text."""
        return {"side_to": self.to, "side_subject": self.subject, "side_remind": self.remind,
                "side_waits_not": not self.waits}  # fmt: skip

    @property
    def writing(self) -> Writing:
        """What is kept of it."""
        return Writing(self.text, self.details, version=self.version, writer=self.once, turn=self.turn)

    def meets(self, stale: StaleDraft) -> None:
        """Somebody wrote in it elsewhere meanwhile: it is shown, and the next try knows it."""
        self.elsewhere, self.version = stale.draft, stale.draft.version
        self.uploads += stale.files
        self.errors.append(_("This draft was changed in another window or on another device meanwhile."))


def kept_side(ticket: Ticket, agent: Agent | None, side: SideThread | None) -> SideDraft:
    """What the agent has begun to write to a partner here."""
    rows = Draft.objects.filter(ticket=ticket, agent=agent, kind=DraftKind.SIDE, side=side)
    found = rows.prefetch_related("files__draft").first()
    if found is None:
        return SideDraft()
    return SideDraft(
        to=found.detail("side_to", ""), subject=found.detail("side_subject", ""), text=found.text,
        remind=found.detail("side_remind", ""), waits=not found.detail("side_waits_not"), version=found.version,
        uploads=list(found.files.all()),
    )  # fmt: skip


def read_side(request: StaffRequest) -> SideDraft:
    """The form as it came, its files already in the store."""
    data = request.POST
    draft = SideDraft(
        to=" ".join(clean_text(data.get("to", "")).split())[:1000],
        subject=" ".join(clean_text(data.get("subject", "")).split())[:300],
        text=clean_text(data.get("text", "")), remind=clean_text(data.get("remind", ""))[:40],
        waits=data.get("waits") == "on", shown={*data.getlist("upload"), *data.getlist("shown_file")},
        version=min(number_in(data, "version"), LARGEST_VERSION), turn=min(number_in(data, "turn"), LARGEST_VERSION),
        once=clean_text(data.get("once", ""))[:64] or uuid.uuid4().hex,
    )  # fmt: skip
    draft.uploads = kept_uploads(request.principal, data.getlist("upload"))
    found = take_files(request.FILES, agent=request.principal.agent, into=draft.uploads)
    draft.errors += [problem for problem, _status in found]
    return draft


def check_side(draft: SideDraft, ticket: Ticket, *, is_new: bool) -> None:
    """Looks for everything that stands against sending."""
    if not draft.text:
        draft.errors.append(_("There is no text yet."))
    if len(draft.text) > MAX_TEXT:
        draft.errors.append(_("The text is too long; at most %(n)d characters.") % {"n": MAX_TEXT})
    if sum(file.size for file in draft.uploads) > MAX_ATTACHED_BYTES:
        most = {"limit": filesizeformat(MAX_ATTACHED_BYTES)}
        draft.errors.append(_("Files for a partner leave with the mail: at most %(limit)s together.") % most)
    if draft.remind:
        _read_reminder(draft)
    if is_new:
        _check_new(draft, ticket)


def _read_reminder(draft: SideDraft) -> None:
    try:
        typed = parse_datetime(draft.remind)
    except ValueError:
        typed = None
    draft.remind_at = timezone.make_aware(typed) if typed and timezone.is_naive(typed) else None
    if draft.remind_at is None or not clock.now() < draft.remind_at <= clock.now() + LONGEST_AHEAD:
        draft.errors.append(_("Choose a time for the reminder that is ahead, at most a year."))


def _check_new(draft: SideDraft, ticket: Ticket) -> None:
    if not draft.subject:
        draft.errors.append(_("Write a subject. The partner does not see that of the ticket."))
    if not 1 <= len(draft.addresses) <= MOST_PEOPLE:
        draft.errors.append(_("Write one to %(n)d mail addresses.") % {"n": MOST_PEOPLE})
    on_ticket = {fold_mail(row["address"]) for row in default_recipients(ticket)}
    for address in draft.addresses[:MOST_PEOPLE]:
        if address in on_ticket:
            draft.errors.append(
                _("%(address)s takes part in the ticket itself: write to it there.") % {"address": address}
            )
        elif not may_join(address):
            wrong = _("“%(address)s” is no mail address of somebody outside.")
            draft.errors.append(wrong % {"address": address})
