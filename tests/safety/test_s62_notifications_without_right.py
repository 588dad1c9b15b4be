"""S62: a notification to someone whose right was removed between event and send holds no content."""

from __future__ import annotations

import email
from email import policy
from pathlib import Path

import pytest
from django.conf import settings

from tests.cast import TEST, Cast, make_cast
from tresen.core.tickets.content import Content
from tresen.core.tickets.services import add_note, update_ticket
from tresen.service.notifications.choosing import choose
from tresen.service.notifications.jobs import mail_news
from tresen.service.notifications.kinds import Kind, Ways
from tresen.service.notifications.models import Notification

MARK = "canary-subject-4711"


@pytest.fixture
def cast(db: None) -> Cast:
    """Two teams that do not see each other's tickets; anna wants all her news by mail."""
    cast = make_cast()
    choose(cast.anna, ways={kind: Ways(browser=True, mail=True) for kind in Kind}, rhythm={}, by=TEST)
    return cast


def told_outside() -> str:
    """All that lies in the outgoing folder, decoded."""
    found = []
    for path in Path(settings.DATA).glob("outgoing/**/*"):
        if path.is_file():
            mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            found.append(f"{mail['To']} {mail['Subject']} {body.get_content() if body else ''}")
    return "\n".join(found)


def test_who_lost_the_right_is_told_nothing_by_mail_page_bell_or_browser(cast: Cast) -> None:
    seen, lost = cast.ticket("still seen", assignee=cast.anna), cast.ticket(MARK)
    add_note(lost, by=TEST, agent=cast.ada, content=Content("@anna, look"))
    assert Notification.objects.filter(agent=cast.anna).count() == 2
    anna = cast.browser(cast.anna)
    assert MARK in anna.get("/desk/notifications/").content.decode()

    cast.anna.teams.clear()

    mail_news(agent_id=cast.anna.pk)
    outside = told_outside()
    assert "anna@lindhafen.example" in outside and "still seen" in outside
    assert MARK not in outside and lost.number not in outside
    page = anna.get("/desk/notifications/").content.decode()
    assert seen.number in page and MARK not in page and lost.number not in page
    fresh = anna.get("/desk/notifications/fresh/?after=0").json()
    assert fresh["unread"] == 1 and [item["url"] for item in fresh["items"] if lost.number in item["url"]] == []


def test_who_lost_every_right_gets_no_mail_at_all(cast: Cast) -> None:
    ticket = cast.ticket(MARK, assignee=cast.anna)
    before = told_outside()
    update_ticket(ticket, by=TEST, set={"assignee": cast.ada})
    cast.anna.teams.clear()
    mail_news(agent_id=cast.anna.pk)
    assert told_outside() == before


def test_who_can_no_longer_sign_in_gets_no_mail(cast: Cast) -> None:
    cast.ticket(MARK, assignee=cast.anna)
    before = told_outside()
    cast.anna.user.is_active = False
    cast.anna.user.save()
    mail_news(agent_id=cast.anna.pk)
    assert told_outside() == before
