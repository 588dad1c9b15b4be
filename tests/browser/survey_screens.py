"""The screens of surveys and of what came of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from tests.browser.sample_desk import SampleDesk
from tresen.kit.crypto import _derived, mac128
from tresen.service.surveys.links import PURPOSE


def token(desk: SampleDesk) -> str:
    """The token of somebody who was asked lately, as it stands in his mail."""
    with sqlite3.connect(desk.instance.data / "tresen.sqlite3") as database:
        row = database.execute(
            "SELECT id, ticket_id, contact_id FROM surveys_asked WHERE state = 'asked' ORDER BY asked_at DESC"
        ).fetchone()
    secret = (desk.instance.data / "secret.key").read_text().strip()
    return f"{row[0]}-{mac128(_derived(secret, PURPOSE), *(str(part) for part in row))}"


def survey_screens(
    at: Callable[..., Any], by_link: Callable[..., Any], sent: Callable[..., Any]
) -> list[tuple[Any, ...]]:
    """All of them: address, role, how to get there, state."""

    def behind(rest: str) -> Callable[[SampleDesk, Any], None]:
        return lambda desk, page: page.goto(f"{desk.url}/survey/{token(desk)}/{rest}")

    return [
        ("desk:satisfaction", "admin", at("/desk/satisfaction/?first=2020-01-01"), ""),
        ("desk:satisfaction", "admin", at("/desk/satisfaction/?first=2020-01-01&last=2020-02-01"), "empty"),
        ("setup:surveys", "admin", at("/settings/surveys/"), ""),
        ("setup:survey-of-all", "admin", at("/settings/surveys/all/")),
        ("setup:survey", "admin", by_link("/settings/surveys/", r"/settings/surveys/\d+/$")),
        ("setup:survey", "admin", sent("/settings/surveys/all/", "form.s-form", query="colour:red"), "wrong"),
        ("portal:survey-chosen", "guest", behind("4/")),
        ("portal:survey", "guest", behind("?sent")),
        ("portal:survey", "guest", at("/survey/1-aaaaaaaaaaaaaaaaaaaaaaaaaa/"), "dead"),
        ("portal:preferences", "customer", at("/preferences/"), ""),
        ("portal:preferences-link", "guest", at("/preferences/1-aaaaaaaaaaaaaaaaaaaaaaaaaa/"), "dead"),
        ("portal:own-data", "guest", at("/my-data/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"), "dead"),
        ("portal:survey-stop", "guest", behind("stop/")),
    ]
