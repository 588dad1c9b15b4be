"""S13: what an untrusted peer claims about itself is ignored; links are built from the configured address (P6)."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.authenticator import Device, asked_to_make
from tests.cast import Cast, make_cast
from tests.outbox import account_mails
from tresen.core.people.models import Session
from tresen.spine.jobs.worker import drain

CLAIMS = {
    "X-Remote-User": "ada@lindhafen.example", "Remote-User": "ada@lindhafen.example",
    "X-Forwarded-User": "ada@lindhafen.example", "X-Forwarded-For": "203.0.113.7", "X-Real-IP": "203.0.113.7",
    "Forwarded": "for=203.0.113.7;host=evil.example;proto=https", "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_s13_no_header_signs_anybody_in(cast: Cast) -> None:
    assert Client(headers=CLAIMS).get("/settings/").status_code == 302
    assert Client(headers=CLAIMS).get("/me/").url.startswith("/sign-in/")


def test_s13_the_noted_address_is_the_peers_own(cast: Cast) -> None:
    client = Client(headers=CLAIMS)
    client.post("/sign-in/", {"email": "anna@lindhafen.example", "password": "correct-horse-battery"})
    assert Session.objects.get(user=cast.anna.user).address == "127.0.0.1"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "[::1]:9", "xn--evil-0ra.example"])
def test_s13_links_in_mail_are_built_from_the_configured_address(cast: Cast, host: str) -> None:
    client = Client(headers={**CLAIMS, "Host": host})
    assert client.post("/password/forgotten/", {"email": "anna@lindhafen.example"}).status_code == 200
    drain("mail-out")
    text = account_mails()[-1].text
    assert f"{settings.BASE_URL}/password/reset/" in text
    assert "evil" not in text


def test_s13_passkeys_belong_to_the_configured_address(cast: Cast, settings: Any) -> None:
    settings.BASE_URL = "https://desk.example"
    evil = {**CLAIMS, "Host": "evil.example", "Origin": "https://evil.example"}
    assert Client(headers=evil).post("/sign-in/passkey/").json()["rpId"] == "desk.example"
    anna = cast.browser(cast.anna)
    both = Device(origin="https://evil.example", rp_id="evil.example")
    for device in (both, Device(origin="https://evil.example"), Device(rp_id="evil.example")):
        options = asked_to_make(anna)
        assert options["rp"]["id"] == "desk.example"
        anna.post("/me/sign-in/passkey/", {"credential": device.make(options)}, headers=evil)
        assert not cast.anna.user.passkeys.exists()


def test_s13_redirects_stay_here_whatever_the_host_claims(cast: Cast) -> None:
    answer = Client(headers={**CLAIMS, "Host": "evil.example"}).get("/settings/")
    assert answer.url.startswith("/sign-in/?next=")
