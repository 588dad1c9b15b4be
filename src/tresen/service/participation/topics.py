"""What a person gets that is no answer, and can do without (table TOPICS)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tresen.core.announcements.affected import no_more_mail
from tresen.core.announcements.choices import LASTING
from tresen.core.announcements.models import Affected, Subscription
from tresen.core.announcements.subscriptions import unsubscribe
from tresen.core.people.models import Contact, Identity
from tresen.core.people.topics import Topic
from tresen.kit.wiring import table
from tresen.spine.events.actors import Actor


def topics_of(contact: Contact) -> list[tuple[Topic, bool]]:
    """Those he is asked about, each with whether he gets it now."""
    return [(topic, topic.wants(contact)) for topic in table("TOPICS") if topic.is_offered(contact)]


def choose(contact: Contact, wanted: Collection[str], *, offered: Collection[str] | None = None, by: Actor) -> None:
    """From now on he gets these topics, of those he is asked about, and no others. `offered`: what he has chosen from,
    else all; what came since he opened the page stays as it is."""
    with transaction.atomic():
        Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
        for topic, is_wanted in topics_of(contact):
            if is_wanted != (topic.name in wanted) and (offered is None or topic.name in offered):
                topic.choose(contact, topic.name in wanted, by)


def _subscriptions(contact: Contact) -> list[Subscription]:
    """Those of his confirmed addresses."""
    own = Identity.objects.filter(contact=contact, kind="mail", verified_at__isnull=False).values("folded")
    return list(Subscription.objects.filter(folded__in=own, confirmed_at__isnull=False))


def _hears_news(contact: Contact) -> bool:
    return bool(_subscriptions(contact)) or _affected(contact).exists()


def _affected(contact: Contact) -> QuerySet[Affected]:
    """What he said ‘me too’ to, as long as it lasts."""
    return Affected.objects.filter(contact=contact, wants_mail=True, announcement__state__in=LASTING)


def _choose_news(contact: Contact, wanted: bool, by: Actor) -> None:
    """Ends all of them; a new one is asked for where the news stand."""
    for row in [] if wanted else _subscriptions(contact):
        unsubscribe(row, by=by)
    for said in [] if wanted else _affected(contact):
        no_more_mail(said, by=by)


ANNOUNCEMENTS = Topic(
    "announcements", _("Announcements and the state of our services"),
    _("What you have subscribed to: planned work, disturbances, news. You subscribe again on the status page."),
    _hears_news, _choose_news, _hears_news,
)  # fmt: skip
