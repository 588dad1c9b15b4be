"""What mail about announcements says: our own words and the desk's, nothing that a stranger wrote."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tresen.core.announcements.choices import Kind, Stage, State
from tresen.core.announcements.models import AnnouncementMail, Subscription
from tresen.core.people.hosts import brand_url
from tresen.service.announcing.links import confirm_token, unsubscribe_token


def unsubscribe_url(mail: AnnouncementMail) -> str:
    """Where that mail's receiver says that he wants no more of it."""
    return brand_url(mail.brand, reverse("portal:status-unsubscribe", args=[unsubscribe_token(mail)]))


def news_text(mail: AnnouncementMail) -> tuple[str, str]:
    """Subject and text in the receiver's language and the brand's time zone."""
    row, update, brand = mail.announcement, mail.update, mail.brand
    with translation.override(mail.language), timezone.override(ZoneInfo(brand.timezone)):
        title = row.title
        if update is None:
            head = str(Kind(row.kind).label)
            said = [title, _when(mail), row.said_text.text]
        else:
            head = _("Over") if update.stage == Stage.SOLVED else _("Update")
            said = [title, f"{Stage(update.stage).label}.", update.said_text.text]
        why = (
            _("You get this mail because you subscribed to it.") if mail.subscription_id
            else _("You get this mail because you said that it affects you, or wrote to us about it.")
        )  # fmt: skip
        # Of what is for some organisations only there is no public page: the mail says all.
        is_public = not row.organisations.exists()
        there = [_("How it stands:") + "\n" + brand_url(brand, reverse("portal:status-one", args=[row.pk]))]
        parts = [
            _("Good day,"), *(part for part in said if part), *(there if is_public else []),
            _("Kind regards") + "\n" + brand.name,
            f"-- \n{why}\n" + _("No more of it:") + f" {unsubscribe_url(mail)}",
        ]  # fmt: skip
        return f"{head}: {title}", "\n\n".join(parts)


def _when(mail: AnnouncementMail) -> str:
    row = mail.announcement
    begin = date_format(timezone.localtime(row.begins_at), "DATETIME_FORMAT")
    if row.ends_at:
        end = date_format(timezone.localtime(row.ends_at), "DATETIME_FORMAT")
        return _("From %(begin)s until %(end)s.") % {"begin": begin, "end": end}
    return _("From %(begin)s.") % {"begin": begin} if row.state == State.PLANNED else ""


def question_text(row: Subscription) -> tuple[str, str]:
    """Subject and text of the one mail that an address gets before it is confirmed."""
    there = brand_url(row.brand, reverse("portal:status-confirm", args=[confirm_token(row)]))
    parts = [
        _("Good day,"),
        _("somebody, probably you, asked %(brand)s for news by mail to this address.") % {"brand": row.brand.name},
        _("Please confirm that you want it:") + "\n" + there,
        _("If it was not you, you need not do anything: this address gets nothing more."),
        _("Kind regards") + "\n" + row.brand.name,
    ]
    return _("Please confirm: news from %(brand)s") % {"brand": row.brand.name}, "\n\n".join(parts)
