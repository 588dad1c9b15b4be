"""What everybody at the desk must know before they work: mail does not leave, nothing is encrypted, mail waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.channels.mail.mailboxes import outgoing_is_set_up
from tresen.channels.mail.received import open_mail
from tresen.channels.mail.troubles import known_troubles, together
from tresen.core.announcements.models import Announcement
from tresen.core.people.permissions import can
from tresen.core.people.principals import principal_of
from tresen.faces.desk.lists.column import column_of
from tresen.kit.context import Face
from tresen.service.search.health import FEW, missing_texts

MOST_TROUBLES = 3


@dataclass(frozen=True)
class Banner:
    """A sentence above the list; only who may mend it gets the link."""

    text: str
    tone: str = "warn"
    action_url: str = ""
    action_label: str = ""


def banners_for(request: HttpRequest) -> list[Banner]:
    """What has to be said now; mostly nothing."""
    principal, found = principal_of(request), known_troubles_now(request)
    if not outgoing_is_set_up():
        text = _("No outgoing mail server is set: answers are written to the outgoing folder and reach nobody.")
        found.append(Banner(text, "warn", *_link(can(principal, "mailbox.manage"), "setup:mailboxes", _("Mailboxes"))))
    if Face(request).is_unencrypted:
        found.append(Banner(_("This desk is reached over plain HTTP: passwords and tickets can be read on the way.")))
    if (missing := missing_texts()) is None:
        text = _("The search index is lost: words are not found until it is rebuilt (tresen search rebuild).")
        found.append(Banner(text, "bad"))
    elif missing > FEW:
        text = ngettext(
            "Search is incomplete: %(n)s text is not found yet.",
            "Search is incomplete: %(n)s texts are not found yet.",
            missing,
        )
        found.append(Banner(text % {"n": missing}))
    if can(principal, "mail.handle") and (waiting := open_mail(principal).count()):
        text = ngettext("%(n)s mail could not be taken in.", "%(n)s mails could not be taken in.", waiting)
        found.append(Banner(text % {"n": waiting}, "warn", *_link(True, "setup:ledger", _("Look at them"))))
    if can(principal, "desk.operate"):
        found += [Banner(one.words, "bad", one.path, _("Have a look")) for one in together(known_troubles())]
    return found


def known_troubles_now(request: HttpRequest) -> list[Banner]:
    """Disturbances and works that customers are told of now; asked for only where there are some."""
    if not column_of(request).troubles:
        return []
    rows = Announcement.objects.visible_to(principal_of(request)).known_troubles().worst_first()
    return [
        Banner(f"{row.get_kind_display()}: {row.title}", "warn" if row.is_disturbance else "info",
               reverse("desk:announcement", args=[row.pk]), _("Have a look"))
        for row in rows[:MOST_TROUBLES]
    ]  # fmt: skip


def _link(may: bool, name: str, label: str) -> tuple[str, str]:
    try:
        return (reverse(name), label) if may else ("", "")
    except NoReverseMatch:
        return ("", "")
