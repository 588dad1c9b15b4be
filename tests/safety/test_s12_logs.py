"""S12, the log of a desk that runs: after faults at the finest level, no line holds a cookie, token, password or link
(P6)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg

from tests.flows.conftest import ADMIN, PASSWORD, RunningDesk, mail
from tests.instance import Instance
from tests.outside import Sink
from tests.visitor import Visitor


def test_s12_the_log_of_a_running_desk_holds_no_secret_after_faults(
    new_instance: Callable[..., Instance], sink: Sink
) -> None:
    desk = RunningDesk(new_instance(TRESEN_SMTP_URL=sink.url, TRESEN_LOG="DEBUG")).start()
    secrets = _secrets(desk, sink)
    _rename_tables(desk.instance, "tickets_ticketlink", "people_onetimelink", "people_apitoken")
    faults = [desk.instance.get(secrets[name])[0] for name in ("link", "invitation")]
    faults += [desk.instance.get("/api/v1/tickets", Authorization=f"Bearer {secrets['token']}")[0]]
    _rename_tables(desk.instance, "people_user")
    cookies = f"tresen={secrets['cookie']}; tresen-csrf={secrets['csrf']}"
    faults += [desk.instance.get(f"/me/?token={secrets['token']}", Cookie=cookies)[0]]
    faults += [desk.instance.get(secrets["reset"])[0]]
    assert all(status >= 500 for status in faults), faults

    log = desk.instance.log.read_text()
    for name, value in secrets.items():
        for secret in (part for part in value.split("/") if len(part) >= 16):
            where = log.find(secret[10:])
            assert where < 0, f"{name}: {log[max(0, where - 300) : where + 80]}"
    for path in ("/t/", "/invite/", "/password/reset/", "/me/", "/api/v1/tickets"):
        assert re.search(rf"ERROR \S+: .*{path}", log), f"the fault at {path} is in the log\n{log[-3000:]}"
    assert log.count("Traceback") >= len(faults)
    assert not re.search(r"pbkdf2_|argon2|set-cookie", log, re.IGNORECASE)


def _secrets(desk: RunningDesk, sink: Sink) -> dict[str, str]:
    """What this desk has given out: everything that opens something, and a password; links as paths."""
    desk.send(mail("Help.", subject="s12"))
    ada = desk.signed_in()
    cookies = {cookie.name: str(cookie.value) for cookie in ada.jar}
    ada.get("/settings/agents/invite/")
    ada.fill("main form[method=post]", email="mira@desk.example", name="Mira")
    forgetful = Visitor(desk.instance.url)
    forgetful.get("/password/forgotten/")
    forgetful.fill("main form[method=post]", email=ADMIN)

    def path(address: str) -> str:
        text = sink.wait(address)[0].text
        found = re.search(r"http://[^/\s]+(/(?:t|invite|password/reset)/\S+/)", text)
        assert found, text
        return found[1]

    return {
        "cookie": cookies["tresen"], "csrf": cookies["tresen-csrf"], "token": desk.token, "password": PASSWORD,
        "link": path("carol@shop.example"), "invitation": path("mira@desk.example"), "reset": path(ADMIN),
    }  # fmt: skip


def _rename_tables(instance: Instance, *tables: str) -> None:
    """Takes tables away, so that whatever asks for them fails with what it was asked in its hands."""
    url = instance.environment.get("TRESEN_DATABASE_URL", "")
    opened: Any = psycopg.connect(url) if url else sqlite3.connect(instance.data / "tresen.sqlite3", timeout=20)
    with closing(opened) as database:
        for table in tables:
            database.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_away"')
        database.commit()
