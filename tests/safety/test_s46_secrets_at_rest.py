"""S46: secrets lie encrypted, are never given out, and are not sent to another server (P8)."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from base64 import b32decode
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from tests.authenticator import code_of, half_in, set_up_app
from tests.cast import TEST, Cast, make_cast
from tests.setup.test_mailboxes import form, made, own
from tresen.channels.mail.dkim_keys import make_key
from tresen.channels.mail.models import Mailbox
from tresen.core.people.desk_key import OtherKey, check_key
from tresen.core.people.factor_models import AuthenticatorApp
from tresen.faces.cli import processes
from tresen.faces.cli.main import main
from tresen.kit.crypto import SealBroken, open_seal
from tresen.service.oncall.services import set_gateway
from tresen.service.webhooks.services import create_endpoint

IMAP, SMTP, POP, HOOK = "Imap-Geheim-4711", "Smtp-Geheim-4712", "Pop-Geheim-4714", "Hook-Geheim-4715"
SMS = "Sms-Geheim-4716"
ALL = (IMAP, SMTP, POP, HOOK)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(cast: Cast) -> Client:
    return cast.browser(cast.ada)


@pytest.fixture
def mailbox(cast: Cast, ada: Client) -> Mailbox:
    return made_with_secrets(cast, ada)


def made_with_secrets(cast: Cast, ada: Client) -> Mailbox:
    """A mailbox with a secret for every way in and out."""
    smtp = {"smtp_host": "smtp.lindhafen.example", "smtp_user": "support", "smtp_password": SMTP}
    pop = {"pop_host": "pop.lindhafen.example", "pop_user": "support", "pop_password": POP}
    return made(cast, ada, imap_password=IMAP, hook_password=HOOK, **smtp, **pop)


def secrets_of(cast: Cast, mailbox: Mailbox) -> tuple[str, ...]:
    """Every kind of secret that a desk keeps."""
    assert tuple(mailbox.password(way) for way in ("imap", "smtp", "pop", "hook")) == ALL
    wanted = {"name": "S46", "url": "https://hooks.example/x", "kinds": ["ticket.created"]}
    webhook = create_endpoint(set=wanted, by=TEST)[1].removeprefix("whsec_")
    set_gateway(url="https://sms.example/in", header="X-Api-Key", secret=SMS, numbers={}, by=TEST)
    signing = make_key("lindhafen.example", by=TEST)
    # The first lines of a private key are its public half.
    private = open_seal(signing.sealed, place="dkim:lindhafen.example").splitlines()[-4]
    app, codes = set_up_app(cast.browser(cast.anna))
    assert len(codes) == 10
    half_in(cast.anna.user)  # what is kept between the steps is looked at, too
    factors = (app, app.lower(), b32decode(app).hex(), *codes, *(code.replace(" ", "") for code in codes))
    return (*ALL, SMS, cast.token(cast.anna), webhook, private, *factors)


def test_s46_no_table_and_no_file_holds_a_secret(cast: Cast, ada: Client, mailbox: Mailbox) -> None:
    secrets = secrets_of(cast, mailbox)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                assert not any(secret in str(value) for secret in secrets for value in row), table
    for path in Path(settings.DATA).rglob("*"):
        if path.is_file() and "sqlite" not in path.name:
            assert not any(secret.encode() in path.read_bytes() for secret in secrets), path


@pytest.mark.sqlite_only
def test_s46_no_backup_holds_a_secret(transactional_db: None, tmp_path: Path) -> None:
    cast = make_cast()
    secrets = secrets_of(cast, made_with_secrets(cast, cast.browser(cast.ada)))
    assert CliRunner().invoke(main, ["backup", str(tmp_path / "backup.tar")]).exit_code == 0
    held = (tmp_path / "backup.tar").read_bytes()
    assert b"imap.lindhafen.example" in held, "the rows are there and can be read"
    assert not any(secret.encode() in held for secret in secrets)


def test_s46_no_page_and_no_answer_gives_one_out(cast: Cast, ada: Client, mailbox: Mailbox) -> None:
    given = {"url": "https://sms.example/in", "header": "X-Api-Key", "secret": SMS, "form": "form"}
    gateway = "/settings/on-call/gateway/"
    ada.post(gateway, given)
    told = [ada.post(gateway, given | {"template": "wrong"}).content.decode()]
    pages = ["/settings/", "/settings/mailboxes/", own(mailbox), "/settings/jobs/", "/me/", gateway]
    told += [ada.get(path).content.decode() for path in pages]
    told.append(ada.post(own(mailbox), form(mailbox, address="broken", imap_password="Typed-4713")).content.decode())
    calls = cast.calls(cast.ada)
    told += [calls.get(path).content.decode() for path in ("/agents", "/teams", "/brands", "/openapi.json")]
    for text in told:
        for secret in (*ALL, SMS, "Typed-4713", mailbox.imap_sealed, mailbox.smtp_sealed, mailbox.pop_sealed):
            assert secret not in text


@pytest.mark.parametrize("way", ["imap", "smtp", "pop"])
@pytest.mark.parametrize("host", ["imap.evil.example", "127.0.0.1", "smtp.lindhafen.example.evil.example"])
def test_s46_another_server_needs_the_secret_again(ada: Client, mailbox: Mailbox, way: str, host: str) -> None:
    answer = ada.post(own(mailbox), form(mailbox, **{f"{way}_host": host}))
    assert answer.status_code == 422
    mailbox.refresh_from_db()
    assert getattr(mailbox, f"{way}_host") != host


def test_s46_a_secret_moved_in_the_database_does_not_open(mailbox: Mailbox) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(imap_host="imap.evil.example")
    mailbox.refresh_from_db()
    with pytest.raises(SealBroken):
        mailbox.password("imap")


def test_s46_the_secret_of_an_app_moved_to_another_account_does_not_open(cast: Cast) -> None:
    secret, _ = set_up_app(cast.browser(cast.anna))
    AuthenticatorApp.objects.filter(user=cast.anna.user).update(user=cast.ada.user)
    client = half_in(cast.ada.user)
    assert client.post("/sign-in/second/", {"code": code_of(secret)}).status_code == 422
    with pytest.raises(SealBroken):
        AuthenticatorApp.objects.get().secret  # noqa: B018


def test_s46_no_page_shows_a_secret_or_a_code_again(cast: Cast, ada: Client) -> None:
    secret, codes = set_up_app(ada)
    shown = [secret, secret[:4] + " " + secret[4:8], *codes]
    for path in ("/me/", "/me/sign-in/", "/me/sign-in/app/", "/me/sign-in/codes/", f"/settings/agents/{cast.ada.pk}/"):
        text = ada.get(path).content.decode()
        assert not any(one in text for one in shown), path


def test_s46_another_provider_needs_the_secret_again(ada: Client, mailbox: Mailbox) -> None:
    assert ada.post(own(mailbox), form(mailbox, hook_provider="postmark")).status_code == 422
    Mailbox.objects.filter(pk=mailbox.pk).update(hook_provider="postmark")
    mailbox.refresh_from_db()
    with pytest.raises(SealBroken):
        mailbox.password("hook")


def test_s46_a_secret_of_one_way_is_none_of_the_other(mailbox: Mailbox) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(smtp_sealed=mailbox.imap_sealed, smtp_host=mailbox.imap_host)
    mailbox.refresh_from_db()
    with pytest.raises(SealBroken):
        mailbox.password("smtp")


def test_s46_a_database_without_its_key_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "tresen.sqlite3").write_bytes(b"")
    environment = {
        "PATH": os.environ["PATH"],
        "TRESEN_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tresen.config.settings",
    }
    started = [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"]
    done = subprocess.run(started, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "key" in done.stderr
    assert not (tmp_path / "secret.key").exists()


NEW_KEY = "a new key made by mistake, long enough 0123456789"


def test_s46_a_database_elsewhere_is_not_used_with_another_key(db: None) -> None:
    check_key()
    check_key()
    with override_settings(SECRET_KEY=NEW_KEY), pytest.raises(OtherKey):
        check_key()


@pytest.mark.parametrize("command", ["web", "work", "listen", "migrate", "doctor"])
def test_s46_no_process_starts_with_another_key(db: None, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    def started(*_arguments: object) -> None:
        raise AssertionError("started")

    for serve in ("serve_web", "serve_jobs", "serve_mail"):
        monkeypatch.setattr(processes, serve, started)
    check_key()
    with override_settings(SECRET_KEY=NEW_KEY):
        ran = CliRunner().invoke(main, [command])
    assert ran.exit_code == 1
    assert "made with another secret key" in ran.output
    assert NEW_KEY not in ran.output


def test_s46_a_backup_is_not_restored_under_another_key(db: None, tmp_path: Path) -> None:
    manifest: dict[str, Any] = {"format": 1, "database": connection.vendor, "files": {}, "key_id": "00000000"}
    data = json.dumps(manifest).encode()
    with tarfile.open(tmp_path / "backup.tar", "w") as archive:
        info = tarfile.TarInfo("manifest.json")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    with override_settings(FILES=tmp_path / "files"):
        ran = CliRunner().invoke(main, ["restore", str(tmp_path / "backup.tar")])
    assert ran.exit_code == 1
    assert "made with another secret key" in ran.output
