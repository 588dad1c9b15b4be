"""Why a received mail is where it is, in words. The code and the bare facts stand beside them."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.channels.mail.models import Outcome, RawMail
from tresen.channels.mail.reasons import why_here

UNREADABLE = {
    "too_large": gettext_lazy("It is larger than mail may be; its headers alone were fetched."),
    "headers": gettext_lazy("Its head is larger than any honest mail needs."),
    "header": gettext_lazy("One line of its head is longer than any honest mail needs."),
    "comments": gettext_lazy("Its head nests comments deeper than any honest mail does."),
    "encoded_words": gettext_lazy("Its head holds more coded words than any honest mail does."),
    "depth": gettext_lazy("Its parts are nested deeper than we follow."),
    "parts": gettext_lazy("It has more parts than we open."),
    "timeout": gettext_lazy("Reading it took too long, so it was stopped."),
    "died": gettext_lazy("Reading it brought the reader down, behind its walls."),
}
REFUSALS = {
    "recipient": gettext_lazy("for an address that is not ours"),
    "size": gettext_lazy("larger than mail may be"),
    "call": gettext_lazy("calls of a mail provider, not signed or not readable"),
}
KINDS = {
    "auto_reply": gettext_lazy("A machine answered: it is kept without making a ticket."),
    "bounce": gettext_lazy("A report that a mail could not be delivered."),
    "receipt": gettext_lazy("A receipt: somebody’s program says that a mail was opened."),
    "feedback": gettext_lazy("A complaint: somebody has called a mail of ours unwanted."),
    "challenge": gettext_lazy("A filter asks whether we are human; what it says is on the ticket, if it answers one."),
}


def words_for(raw: RawMail) -> str:
    """One sentence on why the mail has its outcome."""
    reason = raw.reason if isinstance(raw.reason, dict) else {}
    if raw.discarded_at:
        return _("%(name)s deleted it; its bytes are kept for 30 days more.") % {"name": raw.discarded_by}
    if raw.outcome == Outcome.QUARANTINED:
        return str(UNREADABLE.get(str(reason.get("code")), _("It could not be read, and was kept as it came.")))
    if raw.outcome == Outcome.SUSPENDED:
        if reason.get("by") == "servers":
            return _("It has passed more than %(n)s servers, so it seems to go round in a circle.") % {
                "n": reason.get("limit", 50)
            }
        if reason.get("by") == "mailbox":
            return _("More than %(n)s new requests an hour from unknown senders; the rest waits here.") % {
                "n": reason.get("limit", 1000)
            }
        return _("More than %(n)s new requests an hour from one sender; the rest waits here.") % {
            "n": reason.get("limit", 20)
        }
    if raw.outcome == Outcome.DUPLICATE:
        return _("The same mail had come before, as number %(n)s of this list.") % {"n": reason.get("of", "?")}
    if raw.outcome == Outcome.OWN:
        return _("A mail that we sent came back unchanged.")
    if raw.outcome == Outcome.RECEIVED:
        return _("It is safe and will be read in a moment.")
    if raw.outcome == Outcome.AUTOMATIC:
        return str(KINDS.get(str(reason.get("kind")), _("Written by a machine, kept quietly.")))
    if raw.outcome == Outcome.HELD:
        return _("It names the ticket, but its sender has no proven place there. An agent decides on the ticket.")
    if raw.outcome == Outcome.REPLY:
        return why_here(reason) or _("It belongs to a ticket that was there.")
    if reason.get("rule") == "kept_as_file":
        return _("It could not be read; %(name)s made a ticket of it, with the mail as a file.") % {
            "name": reason["by"]
        }
    if reason.get("rule") in {"late", "possible", "forwarded"} or reason.get("moved_from"):
        return why_here(reason)
    return _("Nothing tied it to a ticket that was there, so it became one.")


def facts_of(raw: RawMail) -> str:
    """The facts as they were noted, for whoever wants to know it exactly."""
    return json.dumps(raw.reason, ensure_ascii=False, indent=2, sort_keys=True, default=str) if raw.reason else ""
