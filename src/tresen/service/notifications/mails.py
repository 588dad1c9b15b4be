"""The mail that tells an agent his news: one for all that waits, of what he sees at the moment in which it leaves.

It holds no text of messages, but for the words of a solution or an answer to what somebody handed up, as far as he sees
them in that moment: who wants to read, opens the ticket or article, and is let in or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.channels.mail.account_mail import send_account_mail
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.kit import clock
from tresen.kit.times import exact
from tresen.service.notifications.choosing import zone_of
from tresen.service.notifications.models import Notification
from tresen.service.notifications.solutions import cut, words_of
from tresen.service.notifications.words import place_of, sentence, subject_of

MOST_LINES = 40
MOST_SAID = 1000


def send_news(agent: Agent) -> None:
    """Sends what waits for him and was not read meanwhile; nothing where nothing is left. Raises transport.Deferred."""
    waiting = Notification.objects.filter(agent=agent, by_mail=True, mailed_at=None)
    keys = list(waiting.values_list("pk", flat=True))
    principal = Principal.of_agent(agent)
    seen = Notification.objects.visible_to(principal).unread().filter(pk__in=keys)
    rows = list(seen.with_subjects().order_by("pk"))
    if rows:
        with translation.override(agent.user.language), timezone.override(zone_of(agent)):
            subject, text = _words(rows, words_of(rows, principal))
        send_account_mail(to=agent.user.email, language=agent.user.language, subject=subject, text=text)
    Notification.objects.filter(pk__in=keys).update(mailed_at=clock.now())


def _words(rows: Sequence[Notification], said: Mapping[int, str]) -> tuple[str, str]:
    if len(rows) == 1:
        subject = f"{sentence(rows[0])}: {subject_of(rows[0])}"
    else:
        subject = ngettext("%(n)s news from the desk", "%(n)s news from the desk", len(rows)) % {"n": len(rows)}
    lines = []
    for row in rows[:MOST_LINES]:
        address = settings.BASE_URL + place_of(row)
        head = f"{sentence(row)}, {exact(row.at)}\n{subject_of(row)}\n{address}"
        quoted = [f"> {line}".rstrip() for line in cut(said.get(row.pk, ""), MOST_SAID).splitlines()]
        lines.append("\n".join([head, *quoted]))
    if len(rows) > MOST_LINES:
        lines.append(_("And %(n)s more news.") % {"n": len(rows) - MOST_LINES})
    own = settings.BASE_URL + reverse("account:notifications")
    lines.append(_("When and of what you are told by mail: %(address)s") % {"address": own})
    return subject, "\n\n".join(lines) + "\n"
