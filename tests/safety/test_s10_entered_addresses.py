"""S10 where administrators enter addresses beside webhooks: the SMS gateway of on-call and the feeds of calendars. Each
sees all the addresses that webhooks see: on making, changing, trying and calling, nothing inside is ever spoken to."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast, make_cast
from tests.safety.hostile_urls import hostile_urls, names
from tresen.core.calendars.jobs import read_feed
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import change_calendar, create_calendar
from tresen.kit.http import NotReached, WrongUrl, client
from tresen.service.oncall.calling import raise_alert
from tresen.service.oncall.models import AlertCall, Gateway
from tresen.service.oncall.services import create_rota, set_gateway, try_gateway
from tresen.service.oncall.telling import ring
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.once
REFUSED = "This address cannot be called. Tresen calls https addresses of the public internet alone."
NO_WEB = "This is not an address of the web. It begins with https://"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection that the desk has begun to the outside; none comes to anything."""
    found: list[Any] = []

    def note(self: socket.socket, address: Any) -> None:
        found.append(address)
        raise OSError("no connection in this test")

    monkeypatch.setattr(client, "system_names", names)
    monkeypatch.setattr(client, "connect", lambda *args, **_: note(socket.socket(), args))
    return found


def saved(browser: Client, page: str, fields: dict[str, Any], name: str, url: str) -> bool:
    """Whether the form took the address; refused it says so in one of two sentences, and keeps what was typed."""
    answer = browser.post(page, {**fields, name: url})
    if answer.status_code == 302:
        return True
    shown = answer.content.decode()
    assert answer.status_code == 422 and (REFUSED in shown or NO_WEB in shown), (url, answer.status_code)
    return False


def test_s10_the_gateway_of_calls_never_speaks_to_the_inside(cast: Cast, begun: list[Any], full_size: bool) -> None:
    ada, page = cast.browser(cast.ada), "/settings/on-call/gateway/"
    rota = create_rota(set={"name": "Nights", "level": 1, "keeper": cast.ada}, by=TEST)
    raise_alert(cast.ticket())
    drain("default")
    call, fields = AlertCall.objects.get(), {"form": "json", "template": '{"text": "{{text}}"}'}
    taken = 0
    for url in [url for url in hostile_urls(8025) if url.strip()][:: 1 if full_size else 4]:
        set_gateway(url="https://sms.example/in", numbers={}, template=fields["template"], by=TEST)
        if not saved(ada, page, fields, "url", url):
            with pytest.raises(WrongUrl):
                set_gateway(url=url.strip(), numbers={}, by=TEST)
            assert Gateway.objects.get().url == "https://sms.example/in"
            # Where it got into the database some other way, the guard still stands at sending.
            Gateway.objects.update(url=url[:500])
        taken += Gateway.objects.get().url.startswith("https://") and "sms.example" not in Gateway.objects.get().url
        assert try_gateway(cast.ada, by=TEST)
        drain("calls-out")
        assert Gateway.objects.get().trial_status is None and Gateway.objects.get().trial_said == ""
        with pytest.raises(NotReached) as fault:
            ring(call.pk)
        assert str(fault.value) == "the address could not be reached"
    assert begun == [] and taken and rota.alerts.exists()


def test_s10_feeds_of_calendars_never_read_the_inside(cast: Cast, begun: list[Any], full_size: bool) -> None:
    ada = cast.browser(cast.ada)
    week = {"name": "Office", "timezone": "Europe/Berlin", "weekly": {"mon": [["09:00", "17:00"]]}}
    office = create_calendar(set=week, by=TEST)
    page = f"/settings/calendars/{office.pk}/"
    fields = {"name": "Office", "timezone": "Europe/Berlin", "hours-mon": "9-17", "is_active": "on"}
    taken = 0
    for number, url in enumerate([url for url in hostile_urls(8025) if url.strip()][:: 1 if full_size else 8]):
        Calendar.objects.filter(pk=office.pk).update(feed_url="", feed_fault="")
        took = saved(ada, page, fields, "feed_url", url)
        assert saved(ada, "/settings/calendars/new/", {**fields, "name": f"N {number}"}, "feed_url", url) == took
        taken += took
        if not took:
            with pytest.raises(WrongUrl):
                change_calendar(office, set={"feed_url": url.strip()}, by=TEST)
            Calendar.objects.filter(pk=office.pk).update(feed_url=url[:500])
        read_feed(calendar_id=office.pk)
        assert Calendar.objects.get(pk=office.pk).feed_fault == "unreached", url
    assert begun == [] and taken
