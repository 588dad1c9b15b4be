"""`/healthz` and `/readyz`."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.db import DatabaseError
from django.test import Client

from tests.cast import json
from tresen.faces.api import health
from tresen.kit import clock
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import beat


def test_alive_asks_nobody() -> None:
    assert json(Client().get("/healthz"), 200) == {"alive": True}


@pytest.mark.django_db
def test_ready_with_a_worker_and_nothing_overdue() -> None:
    beat("w1", "worker")
    body = json(Client().get("/readyz"), 200)
    assert body["ready"] is True
    assert set(body["checks"]) == {"database", "migrations", "worker", "jobs", "disk"}


@pytest.mark.django_db
def test_not_ready_without_a_sign_of_life() -> None:
    body = json(Client().get("/readyz"), 503)
    assert body["ready"] is False
    assert "no worker" in body["checks"]["worker"]["reason"]


@pytest.mark.django_db
def test_not_ready_while_a_job_waits_too_long() -> None:
    beat("w1", "worker")
    long_ago = clock.now() - timedelta(minutes=6)
    Job.objects.create(name="x", run_at=long_ago, created_at=long_ago)
    assert "waits for 36" in json(Client().get("/readyz"), 503)["checks"]["jobs"]["reason"]


@pytest.mark.django_db
def test_not_ready_on_a_schema_of_another_release() -> None:
    beat("w1", "worker")
    with mock.patch.object(health, "_is_migrated", return_value=False):
        assert "tresen migrate" in json(Client().get("/readyz"), 503)["checks"]["migrations"]["reason"]


@pytest.mark.django_db
def test_a_database_that_is_gone_is_a_reason_not_a_crash() -> None:
    beat("w1", "worker")
    with mock.patch.dict(health.CHECKS, {"database": mock.Mock(side_effect=DatabaseError("password for host x"))}):
        response = Client().get("/readyz")
    assert json(response, 503)["checks"]["database"] == {"ok": False, "reason": "cannot be asked"}


@pytest.mark.django_db
def test_nothing_tells_the_version() -> None:
    beat("w1", "worker")
    for path in ("/healthz", "/readyz"):
        response = Client().get(path)
        assert b"0.1" not in response.content and b"jango" not in response.content
        assert "Server" not in response.headers and "X-Powered-By" not in response.headers
