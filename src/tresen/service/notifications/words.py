"""What a notification says: who, and what it is about, without a word of the message itself."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from tresen.core.knowledge.reading import best
from tresen.service.notifications.kinds import Kind
from tresen.service.notifications.models import Notification

ICONS = {
    Kind.ONCALL: "phone",
    Kind.ASSIGNED: "user", Kind.MENTION: "at", Kind.ANSWER: "reply", Kind.WOKE: "moon", Kind.UNDELIVERED: "alert",
    Kind.FOLLOWED: "eye", Kind.REVIEW: "pen", Kind.PARTNER: "shield", Kind.REMINDER: "clock",
    Kind.ARTICLE: "book", Kind.LOOK: "book", Kind.RULE: "bolt", Kind.NUDGE: "clock", Kind.RATED: "face-1",
    Kind.RETURNED: "reply", Kind.MANAGER: "stairs", Kind.SOLVED: "st-solved",
}  # fmt: skip


def subject_of(row: Notification) -> str:
    """What it is about: number and subject of a ticket, or the title of an article."""
    if row.ticket is not None:
        return f"{row.ticket.shown_number} {row.ticket.subject}"
    if row.article is None:
        return ""
    text = best(row.article.texts.all(), row.article.language, row.event.changes.get("language", ""))
    return text.newest.title if text and text.newest else ""


def place_of(row: Notification) -> str:
    """Where it is read: the ticket at the message it is about, or the article in its language."""
    if row.ticket is not None:
        mark = f"#m{row.message_id}" if row.message_id else ""
        return reverse("desk:ticket", args=[row.ticket.number]) + mark
    language = row.event.changes.get("language", "")
    own = reverse("desk:article", args=[row.article_id])
    return f"{own}?in={language}" if language else own


def _of_article(row: Notification, who: str) -> str:
    told = {"who": who}
    if row.kind == Kind.LOOK:
        return _("An article you keep is to be looked at again")
    if row.kind == Kind.REVIEW:
        return _("%(who)s asks you to review an article") % told
    if row.event.kind == "article.commented":
        return _("%(who)s remarked something on an article") % told
    if row.event.changes.get("approves"):
        return _("%(who)s approved an article") % told
    return _("%(who)s sent an article back") % told


def sentence(row: Notification) -> str:
    """In the active language. The event must have been read with it."""
    who = row.event.actor_name if row.event.actor_kind in ("agent", "contact") else ""
    told = {"who": who}
    if row.article_id is not None:
        return _of_article(row, who)
    if row.kind == Kind.ONCALL:
        return _("You are on call: a ticket needs you now")
    if row.kind == Kind.ASSIGNED:
        return _("%(who)s gave you a ticket") % told if who else _("A ticket became yours")
    if row.kind == Kind.MENTION:
        return _("%(who)s asks for your part") % told if who else _("You are asked for your part")
    if row.kind == Kind.ANSWER:
        return _("%(who)s wrote on a ticket of yours") % told if who else _("An answer on a ticket of yours")
    if row.kind == Kind.NUDGE:
        return _("%(who)s asks for more speed") % told if who else _("A customer asks for more speed")
    if row.kind == Kind.REVIEW:
        return _("%(who)s asks you to review a draft") % told if who else _("A draft waits for your review")
    if row.kind == Kind.PARTNER:
        return _("%(who)s wrote on a side thread") % told if who else _("An answer on a side thread")
    if row.kind == Kind.REMINDER:
        return _("No answer on a side thread yet")
    if row.kind == Kind.RETURNED:
        return _("%(who)s answers what you handed up") % told if who else _("An answer to what you handed up")
    if row.kind == Kind.MANAGER:
        return _("%(who)s asks for you as lead") % told if who else _("A ticket of your team needs its lead")
    if row.kind == Kind.SOLVED:
        return _("%(who)s solved a ticket you follow") % told if who else _("A ticket you follow is solved")
    if row.kind == Kind.RATED:
        facts = {
            **told,
            "rating": (row.event.changes.get("rating") or [None, "?"])[-1],
            "of": row.event.changes.get("of"),
        }
        return _("%(who)s gave a bad rating: %(rating)s of %(of)s") % facts
    if row.kind == Kind.WOKE:
        return _("A ticket is awake again")
    if row.kind == Kind.UNDELIVERED:
        return _("A reply did not arrive")
    if row.kind == Kind.RULE:
        return _("The rule “%(rule)s” points you to a ticket") % {"rule": row.event.actor_name}
    return _("%(who)s worked on a ticket you follow") % told if who else _("A ticket you follow has changed")
