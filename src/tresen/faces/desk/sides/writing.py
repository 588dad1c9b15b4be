"""Writing to a partner: what came with the form, what is wrong with it, and what is given back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tresen.channels.mail.bodies import MAX_ATTACHED_BYTES
from tresen.core.people.identities import fold_mail
from tresen.core.tickets.drafts import MAX_TEXT
from tresen.core.tickets.models import Attachment, Ticket
from tresen.core.tickets.planning import LONGEST_AHEAD
from tresen.core.tickets.services import default_recipients
from tresen.core.tickets.sides import MOST_PEOPLE
from tresen.faces.desk.access import StaffRequest
from tresen.faces.desk.ticket.checking import may_join
from tresen.faces.desk.ticket.uploads import kept_uploads, take_files
from tresen.faces.desk.ticket.writing import clean_text
from tresen.kit import clock


@dataclass
class SideDraft:
    """What stands in the form: empty, or what was typed and could not be sent."""

    to: str = ""
    subject: str = ""
    text: str = ""
    remind: str = ""
    waits: bool = True
    remind_at: datetime | None = None
    uploads: list[Attachment] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        """Those typed, each once."""
        return list(dict.fromkeys(fold_mail(word) for word in re.split(r"[\s,;]+", self.to) if word))


def read_side(request: StaffRequest) -> SideDraft:
    """The form as it came, its files already in the store."""
    data = request.POST
    draft = SideDraft(
        to=" ".join(clean_text(data.get("to", "")).split())[:1000],
        subject=" ".join(clean_text(data.get("subject", "")).split())[:300],
        text=clean_text(data.get("text", "")), remind=data.get("remind", "")[:40], waits=data.get("waits") == "on",
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
