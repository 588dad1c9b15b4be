"""S47: a call verifies with the public library, what was tampered with does not; two secrets during a change; no
redirect is followed; http is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.cast import TEST, Cast, make_cast
from tests.safety.receiver import Receiver
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.webhooks.models import Delivery, Endpoint
from tresen.service.webhooks.services import WrongUrl, change_endpoint, create_endpoint, replace_secret
from tresen.spine.jobs.worker import drain


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.OUTBOUND_ALLOW = ["127.0.0.1/32"]
    return make_cast()


def test_s47_calls_verify_and_what_was_changed_does_not(cast: Cast) -> None:
    with Receiver() as other:
        kinds = ["ticket.created", "ticket.changed"]
        endpoint, secret = create_endpoint(set={"name": "Other", "url": other.url, "kinds": kinds}, by=TEST)
        ticket = cast.ticket("Secret subject", "Secret text")
        update_ticket(ticket, by=TEST, set={"priority": 4})
        drain()
        (said, body), (second, _body) = other.got
        assert json.loads(body)["data"]["ticket"] == ticket.number and b"Secret" not in body
        Webhook(secret).verify(body, said)
        for wrong in (
            (body + b" ", said), (body, {**said, "webhook-timestamp": str(int(said["webhook-timestamp"]) + 1)}),
            (body, {**said, "webhook-id": second["webhook-id"]}),
        ):  # fmt: skip
            with pytest.raises(WebhookVerificationError):
                Webhook(secret).verify(*wrong)
        fresh = replace_secret(endpoint, by=TEST)
        update_ticket(ticket, by=TEST, set={"priority": 1})
        drain()
        said, body = other.got[-1]
        Webhook(secret).verify(body, said)
        Webhook(fresh).verify(body, said)


def test_s47_after_its_day_the_old_secret_signs_no_more(cast: Cast, time_machine: Any) -> None:
    start = clock.now()
    time_machine.move_to(start, tick=False)
    with Receiver() as other:
        values = {"name": "Other", "url": other.url, "kinds": ["ticket.created"]}
        endpoint, old = create_endpoint(set=values, by=TEST)
        fresh = replace_secret(endpoint, by=TEST)
        for hours, still in ((23, True), (25, False)):
            time_machine.move_to(start + timedelta(hours=hours), tick=False)
            cast.ticket()
            drain("hooks-out")
            said, body = other.got[-1]
            Webhook(fresh).verify(body, said)
            if still:
                Webhook(old).verify(body, said)
            else:
                with pytest.raises(WebhookVerificationError):
                    Webhook(old).verify(body, said)
        assert len(other.got) == 2


def test_s47_no_redirect_is_followed_and_http_is_refused(cast: Cast, settings: Any) -> None:
    with Receiver() as inside, Receiver(answers=[302], headers={"Location": inside.url}) as other:
        create_endpoint(set={"name": "Other", "url": other.url, "kinds": ["ticket.created"]}, by=TEST)
        cast.ticket()
        drain()
        assert len(other.got) == 1 and inside.got == []
        assert Delivery.objects.get().status == 302
    settings.OUTBOUND_ALLOW = []
    for url in ("http://hooks.example/in", "https://hooks.example:8443/in", "ftp://hooks.example/in"):
        with pytest.raises(WrongUrl):
            create_endpoint(set={"name": url, "url": url, "kinds": []}, by=TEST)
        with pytest.raises(WrongUrl):
            change_endpoint(Endpoint.objects.get(), set={"url": url}, by=TEST)


def test_s47_the_secret_is_shown_once_and_lies_sealed(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    made = ada.post("/settings/webhooks/new/", {"name": "Other", "url": "https://hooks.example/in", "is_active": "on"})
    page = made.content.decode()
    assert made.status_code == 200 and "whsec_" in page
    endpoint = Endpoint.objects.get()
    assert "whsec_" not in endpoint.sealed
    place = f"/settings/webhooks/{endpoint.pk}/"
    assert "whsec_" not in ada.get(place).content.decode()
    assert "whsec_" in ada.post(f"{place}act/", {"do": "secret"}).content.decode()
    assert ada.post(f"{place}act/", {"do": "delete"}).status_code == 302 and not Endpoint.objects.exists()
