"""S18: a fresh installation has no way in but the one on its console (P8)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.account.test_first_run import answers
from tresen.channels.mail.models import Mailbox
from tresen.core.people.accounts import open_first_run
from tresen.core.people.models import Agent, Role, User


def test_s18_there_is_no_account_and_no_password_to_begin_with(db: None) -> None:
    assert not User.objects.exists()
    for name in ("admin", "admin@example.org", "root", "ada@lindhafen.example"):
        for word in ("admin", "password", "changeme", ""):
            assert Client().post("/sign-in/", {"email": name, "password": word}).status_code in {422, 429}


def test_s18_setup_closes_with_the_first_administrator(db: None) -> None:
    code = open_first_run()
    assert Client().post("/first-run/", answers(code)).status_code == 302
    late = answers(code, email="eve@lindhafen.example", brand="Eve", letters="E", mailbox="eve@lindhafen.example")
    assert Client().post("/first-run/", late).status_code == 404
    assert Client().get("/first-run/").status_code == 404
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_s18_of_two_who_race_one_wins(full_size: bool, round_: int) -> None:
    code = open_first_run()
    start, codes = threading.Barrier(4), []

    def race(number: int) -> None:
        mine = answers(code, email=f"ada{number}@lindhafen.example", mailbox=f"hilfe{number}@lindhafen.example")
        start.wait()
        try:
            codes.append(Client().post("/first-run/", mine).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [302, 404, 404, 404]
    assert Agent.objects.filter(role=Role.ADMIN).count() == 1
    assert (User.objects.count(), Mailbox.objects.count()) == (1, 1)


def test_s18_debug_is_off() -> None:
    assert settings.DEBUG is False
    answer = Client(raise_request_exception=False).get("/no/such/page/")
    assert answer.status_code == 404
    assert b"urlpatterns" not in answer.content


@pytest.mark.parametrize(
    "key", ["changeme" * 5, "short-but-good-1", "django-insecure-0123456789abcdefghijklmnop", "a" * 64]
)
def test_s18_a_sample_key_does_not_start(tmp_path: Path, key: str) -> None:
    environment = {
        "PATH": os.environ["PATH"], "TRESEN_DATA": str(tmp_path), "TRESEN_SECRET_KEY": key,
        "DJANGO_SETTINGS_MODULE": "tresen.config.settings",
    }  # fmt: skip
    started = [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"]
    done = subprocess.run(started, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "key" in done.stderr
    assert key not in done.stderr
