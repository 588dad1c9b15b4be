"""Signing in without a password: device and browser flow, renewing, withdrawing; with a provider of our own and a real
Dovecot that looks tokens up there."""

from __future__ import annotations

import dataclasses
import smtplib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.conf import settings
from django.test import Client, override_settings

from tests.cast import Cast, make_cast
from tests.intake.conftest import mail
from tests.oauth_server import OAuthServer
from tests.outside import Dovecot, free_port
from tests.setup.test_mailboxes import form
from tresen.channels.mail.fetcher import fetch_all
from tresen.channels.mail.models import Mailbox, RawMail, SignIn
from tresen.channels.mail.oauth.models import OAuthApp, OAuthGrant, OAuthRequest
from tresen.channels.mail.oauth.providers import PROVIDERS, Server
from tresen.channels.mail.oauth.registrations import register
from tresen.channels.mail.oauth.tokens import ProviderAway, SignInNeeded, access_token, token_for
from tresen.channels.mail.transport import open_relay, relay_for
from tresen.core.people.brands import change_brand, create_brand
from tresen.core.people.models import Agent, User
from tresen.core.people.roles import create_role
from tresen.kit import clock
from tresen.kit.crypto import SealBroken
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "help@lindhafen.example"
BY = Actor.system("test")


@pytest.fixture(scope="module")
def provider() -> Iterator[OAuthServer]:
    server = OAuthServer(user=ADDRESS)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def mail_server(dovecot_path: str, provider: OAuthServer) -> Iterator[Dovecot]:
    server = Dovecot(dovecot_path, tokens_at=provider.url)
    yield server
    server.stop()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(cast: Cast) -> Client:
    return cast.browser(cast.ada)


@pytest.fixture(autouse=True)
def _here(provider: OAuthServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both providers stand on this machine; the guard of outgoing HTTP lets us through to it."""
    provider.revoke()
    provider.approved = provider.away = False
    provider.lasts, provider.client_secret = 3600, ""
    provider.calls.clear()
    for key, known in list(PROVIDERS.items()):
        changed = dataclasses.replace(
            known, token=f"{provider.url}/{{tenant}}/token", devices=known.devices and f"{provider.url}/devicecode",
            browser=known.browser and f"{provider.url}/auth",
            servers={way: Server("127.0.0.1", 1, "plain") for way in ("imap", "pop", "smtp")},
        )  # fmt: skip
        monkeypatch.setitem(PROVIDERS, key, changed)
    with override_settings(OUTBOUND_ALLOW=("127.0.0.0/8",)):
        yield


def served_by(server: Dovecot) -> None:
    """The providers' mail servers are this one."""
    for key, known in list(PROVIDERS.items()):
        servers = {"imap": server.port, "pop": server.pop_port, "smtp": 1}
        PROVIDERS[key] = dataclasses.replace(
            known, servers={way: Server("127.0.0.1", port, "plain") for way, port in servers.items()}
        )


def signed_in(ada: Client, provider: OAuthServer, *, way: str = "imap", how: str = "microsoft") -> Mailbox:
    """The desk's mailbox, through the settings: registered, chosen, let in by its owner."""
    fields = {f"{how}-client_id": provider.client_id, f"{how}-secret": provider.client_secret}
    assert ada.post("/settings/mail/providers/", {"provider": how, **fields}).status_code == 302
    box = Mailbox.objects.get()
    assert ada.post(f"/settings/mailboxes/{box.pk}/", form(box, incoming=way, sign_in=how)).status_code == 302
    page = f"/settings/mailboxes/{box.pk}/sign-in/"
    assert ada.post(page).status_code == 302
    asked = OAuthRequest.objects.get()
    if how == "microsoft":
        assert "ABCD-EFGH" in ada.get(page).content.decode()
        provider.approved = True
        Job.objects.filter(name="mail.device_sign_in").update(run_at=clock.now())
        drain("default")
    else:
        back = provider.say_yes(asked.address)
        assert ada.get("/settings/mail/sign-in/back/", back).headers["Location"] == f"/settings/mailboxes/{box.pk}/"
    assert "signed in" in ada.get(page).content.decode()
    box.refresh_from_db()
    return box


@pytest.mark.imap
@pytest.mark.parametrize("how", ["microsoft", "google"])
@pytest.mark.parametrize("way", ["imap", "pop"])
def test_a_mailbox_is_fetched_with_a_token(
    ada: Client, provider: OAuthServer, mail_server: Dovecot, way: str, how: str
) -> None:
    served_by(mail_server)
    provider.client_secret = "client-geheim" if how == "google" else ""
    signed_in(ada, provider, way=way, how=how)
    fetch_all()
    before = RawMail.objects.count()
    mail_server.deliver(ADDRESS, mail("By token", subject=f"{way} {how}"))
    assert fetch_all() == {ADDRESS: 1}
    assert RawMail.objects.count() == before + 1


@pytest.mark.imap
def test_a_token_near_its_end_is_renewed_and_the_new_refresh_token_kept(
    ada: Client, provider: OAuthServer, mail_server: Dovecot
) -> None:
    served_by(mail_server)
    box = signed_in(ada, provider)
    first = access_token(box)
    assert access_token(box) == first, "one that is good is used again"
    for _ in range(2):  # the provider ends a refresh token with its use
        OAuthGrant.objects.update(access_until=clock.now() + timedelta(minutes=4))
        second = access_token(box)
        assert second != first
        first = second
    assert isinstance(fetch_all()[ADDRESS], int)


@pytest.mark.imap
def test_a_token_that_the_mail_server_no_longer_takes_is_renewed_at_the_next_try(
    ada: Client, provider: OAuthServer, mail_server: Dovecot
) -> None:
    served_by(mail_server)
    box = signed_in(ada, provider)
    fetch_all()
    provider.revoke(refresh=False)
    assert isinstance(fetch_all()[ADDRESS], str), "told at the mailbox"
    box.refresh_from_db()
    assert box.fault
    assert isinstance(fetch_all()[ADDRESS], int), "and mended by itself"


@pytest.mark.imap
def test_r24_a_permission_that_was_withdrawn_is_said_and_touches_no_other_mailbox(
    cast: Cast, ada: Client, provider: OAuthServer, mail_server: Dovecot
) -> None:
    served_by(mail_server)
    box = signed_in(ada, provider)
    other = Mailbox(address="sales@desk.example", brand=box.brand, incoming="imap", imap_host="127.0.0.1",
                    imap_port=mail_server.port, imap_security="plain", imap_user="sales")  # fmt: skip
    other.set_password("imap", mail_server.password)
    other.save()
    fetch_all()
    provider.revoke()
    OAuthGrant.objects.update(access_until=None)
    mail_server.deliver("sales", mail("Order", subject="order"))
    results = fetch_all()
    assert "withdrawn" in str(results[ADDRESS]) and results["sales@desk.example"] == 1
    box.refresh_from_db()
    assert "SignInNeeded" in box.fault
    with pytest.raises(SignInNeeded):
        access_token(box)


def test_a_provider_that_is_away_is_asked_again_later(ada: Client, provider: OAuthServer) -> None:
    box = signed_in(ada, provider)
    OAuthGrant.objects.update(access_until=None)
    provider.away = True
    with pytest.raises(ProviderAway):
        access_token(box)
    provider.away = False
    assert access_token(box)


def test_mail_leaves_with_a_token(ada: Client, provider: OAuthServer) -> None:
    taken: list[Any] = []

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    class Taker:
        async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
            said = smtplib.base64.b64decode(args[1]).decode() if len(args) > 1 else ""  # type: ignore[attr-defined]
            token = said.partition("auth=Bearer ")[2].rstrip("\1")
            return AuthResult(success=token in provider.access, handled=False)

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            taken.append(envelope)
            return "250 OK"

    port = free_port()
    controller = Controller(Taker(), hostname="127.0.0.1", port=port, authenticator=check, auth_require_tls=False,
                            auth_required=True)  # fmt: skip
    controller.start()
    try:
        for key, known in list(PROVIDERS.items()):
            servers = {**known.servers, "smtp": Server("127.0.0.1", port, "plain")}
            PROVIDERS[key] = dataclasses.replace(known, servers=servers)
        box = signed_in(ada, provider, way="listener")
        relay = relay_for(box)
        assert relay
        with open_relay(relay) as server:
            server.sendmail(ADDRESS, ["carol@shop.example"], mail("Out"))
        assert len(taken) == 1
        provider.revoke(refresh=False)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            open_relay(relay)
        with open_relay(relay) as server:  # the token was forgotten, and another asked for
            server.noop()
    finally:
        controller.stop()


def test_s46_tokens_and_secrets_lie_sealed_and_open_at_no_other_place(
    cast: Cast, ada: Client, provider: OAuthServer
) -> None:
    provider.client_secret = "client-geheim"
    box = signed_in(ada, provider)
    secrets = {provider.client_secret, *provider.access, *provider.refresh}
    rows = [*OAuthGrant.objects.values_list(), *OAuthApp.objects.values_list(), *Event.objects.values_list("changes")]
    assert not any(secret in str(row) for secret in secrets for row in rows)
    for path in (
        "/settings/mail/providers/",
        f"/settings/mailboxes/{box.pk}/",
        f"/settings/mailboxes/{box.pk}/sign-in/",
    ):
        text = ada.get(path).content.decode()
        assert not any(secret in text for secret in secrets), path
    Mailbox.objects.filter(pk=box.pk).update(imap_host="imap.evil.example")
    box.refresh_from_db()
    with pytest.raises(SealBroken):
        token_for(box, "imap")
    grant = OAuthGrant.objects.get()
    grant.provider = "google"
    with pytest.raises(SealBroken):
        grant.opened("refresh")


def test_s46_no_setting_leads_a_token_to_another_server(ada: Client, provider: OAuthServer) -> None:
    box = signed_in(ada, provider)
    changed = form(box, imap_host="imap.evil.example", smtp_host="smtp.evil.example", smtp_port=26)
    assert ada.post(f"/settings/mailboxes/{box.pk}/", changed).status_code == 302
    box.refresh_from_db()
    assert (box.imap_host, box.smtp_host, box.smtp_port) == ("127.0.0.1", "127.0.0.1", 1)
    assert ada.post(f"/settings/mailboxes/{box.pk}/", form(box, sign_in="google")).status_code == 302
    assert not OAuthGrant.objects.exists(), "another provider asks for a permission of its own"


def test_s46_another_client_does_not_inherit_the_secret(ada: Client, provider: OAuthServer) -> None:
    post: Callable[..., Any] = lambda **fields: ada.post(  # noqa: E731
        "/settings/mail/providers/", {"provider": "google", **{f"google-{k}": v for k, v in fields.items()}}
    )
    assert post(client_id="one", secret="geheim").status_code == 302
    assert post(client_id="two").status_code == 422
    assert post(client_id="two", secret="anders").status_code == 302
    assert OAuthApp.objects.get().secret == "anders"
    assert "geheim" not in ada.get("/settings/mail/providers/").content.decode()


@pytest.mark.parametrize("tenant", ["../../evil", "a/b", "a?b", "login.evil.example/x", "a#b", "a@b"])
def test_a_directory_cannot_lead_elsewhere(ada: Client, tenant: str) -> None:
    fields = {"provider": "microsoft", "microsoft-client_id": "one", "microsoft-tenant": tenant}
    assert ada.post("/settings/mail/providers/", fields).status_code == 422
    assert not OAuthApp.objects.exists()


def test_an_answer_nobody_asked_for_signs_nobody_in(cast: Cast, ada: Client, provider: OAuthServer) -> None:
    register("google", client_id=provider.client_id, by=BY)
    box = Mailbox.objects.get()
    ada.post(f"/settings/mailboxes/{box.pk}/", form(box, sign_in="google"))
    ada.post(f"/settings/mailboxes/{box.pk}/sign-in/")
    right = provider.say_yes(OAuthRequest.objects.get().address)
    back = "/settings/mail/sign-in/back/"
    cast.piotr.role_id = "admin"
    cast.piotr.save()
    ada.get(back, {**right, "state": "x" * 43})
    ada.get(back, {"state": "", "code": right["code"]})
    ada.get(back, {"state": right["state"], "error": "access_denied"})
    cast.browser(cast.piotr).get(back, right)
    assert not OAuthGrant.objects.exists() and not provider.calls
    assert ada.get(back, right).status_code == 302 and OAuthGrant.objects.exists()
    OAuthGrant.objects.all().delete()
    ada.get(back, right)
    assert not OAuthGrant.objects.exists(), "an answer counts once"


@pytest.mark.parametrize("how", ["microsoft", "google"])
def test_s25_a_sign_in_that_was_begun_before_links_for_new_passwords_left_by_the_mailbox_is_an_administrators(
    cast: Cast, provider: OAuthServer, how: str
) -> None:
    register(how, client_id=provider.client_id, by=BY)
    Agent.objects.filter(pk=cast.piotr.pk).update(role=create_role(name="Post", rights=["set_mail"], by=BY))
    other = create_brand(set={"name": "Other", "letters": "O"}, by=BY)
    box = Mailbox.objects.create(address="other@desk.example", brand=other, sign_in=how)
    piotr, page = cast.browser(cast.piotr), f"/settings/mailboxes/{box.pk}/sign-in/"

    def chosen() -> str:
        """He says at the provider which account it is; what the desk tells him."""
        assert piotr.post(page).status_code == 302
        change_brand(other, set={"is_default": is_default}, by=BY)
        if how == "google":
            return str(piotr.get("/settings/mail/sign-in/back/", provider.say_yes(OAuthRequest.objects.get().address),
                                 follow=True).content.decode())  # fmt: skip
        provider.approved = True
        Job.objects.filter(name="mail.device_sign_in").update(run_at=clock.now())
        drain("default")
        return str(piotr.get(page).content.decode())

    is_default = True
    words = chosen()
    assert not OAuthGrant.objects.exists() and "nly an administrator" in words
    assert "did not let us in" not in words, "the provider did"
    if how == "microsoft":
        User.objects.filter(pk=cast.piotr.user_id).update(language="de")
        assert "Das kann nur die Administration ändern." in piotr.get(page).content.decode()
    change_brand(cast.brand, set={"is_default": True}, by=BY)
    is_default = False
    chosen()
    assert OAuthGrant.objects.get().mailbox == box, "elsewhere he may"


def test_a_code_that_was_never_typed_ends(ada: Client, provider: OAuthServer) -> None:
    register("microsoft", client_id=provider.client_id, by=BY)
    box = Mailbox.objects.get()
    ada.post(f"/settings/mailboxes/{box.pk}/", form(box, sign_in="microsoft"))
    page = f"/settings/mailboxes/{box.pk}/sign-in/"
    ada.post(page)
    Job.objects.update(run_at=clock.now())
    drain("default")
    assert Job.objects.filter(name="mail.device_sign_in").exists(), "it asks again"
    provider.devices.clear()
    Job.objects.update(run_at=clock.now())
    drain("default")
    assert not Job.objects.filter(name="mail.device_sign_in").exists()
    assert "did not let us in" in ada.get(page).content.decode()


def test_without_a_registration_it_says_where_to_register(ada: Client) -> None:
    box = Mailbox.objects.get()
    ada.post(f"/settings/mailboxes/{box.pk}/", form(box, sign_in="google"))
    page = ada.get(f"/settings/mailboxes/{box.pk}/sign-in/").content.decode()
    assert "not registered" in page and "/settings/mail/providers/" in page
    assert ada.post(f"/settings/mailboxes/{box.pk}/sign-in/").status_code == 502
    assert settings.BASE_URL in ada.get("/settings/mail/providers/").content.decode()
    assert "does not let Tresen in yet" in ada.get(f"/settings/mailboxes/{box.pk}/").content.decode()
    assert SignIn.GOOGLE in PROVIDERS
