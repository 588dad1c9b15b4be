"""Endpoints are made, changed, tried; calls are put into the outbox in the transaction of what they tell."""

from __future__ import annotations

import secrets as random
from datetime import timedelta
from typing import Any

from django.db import transaction

from tresen.core.people.refusals import save_named
from tresen.kit import clock
from tresen.kit.crypto import open_seal, seal
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.kit.http import WrongUrl, check_url
from tresen.service.webhooks.kinds import KINDS, TRIAL, body_of
from tresen.service.webhooks.models import Delivery, DeliveryState, Endpoint
from tresen.service.webhooks.signing import new_secret
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import differences
from tresen.spine.events.services import record

FIELDS = ("name", "url", "kinds", "is_active")
OLD_SECRET_COUNTS = timedelta(hours=24)
BY = Actor.system("webhooks")


class WrongEndpoint(ValueError):
    """A field cannot have that value; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"wrong value for {field}")
        self.field = field


def endpoint_values(endpoint: Endpoint) -> dict[str, Any]:
    """What a form shows of an endpoint, for its mark."""
    return values_of(endpoint, FIELDS)


@transaction.atomic
def create_endpoint(*, set: dict[str, Any], by: Actor) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which is shown this once. Event `webhook.created`. Raises WrongUrl, WrongEndpoint,
    NameTaken."""
    endpoint = Endpoint(created_at=clock.now())
    _put(endpoint, set)
    save_named(endpoint)
    secret = _new_secret(endpoint)
    record("webhook.created", stream=endpoint, by=by, changes={"name": [None, endpoint.name]})
    return endpoint, secret


@transaction.atomic
def change_endpoint(endpoint: Endpoint, *, set: dict[str, Any], by: Actor, expected: str = "") -> Endpoint:
    """Changes FIELDS. Event `webhook.changed`, none when nothing changes. Raises WrongUrl, WrongEndpoint, NameTaken,
    ChangedMeanwhile."""
    locked = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    before = endpoint_values(locked)
    refuse_if_changed(before, expected)
    _put(locked, set)
    changes = differences(before, endpoint_values(locked))
    if changes:
        if "is_active" in changes and locked.is_active:
            locked.stopped_why, locked.failing_since = "", None
        save_named(locked)
        record("webhook.changed", stream=locked, by=by, changes=changes)
        if locked.is_active:
            _send_soon()
    return locked


@transaction.atomic
def replace_secret(endpoint: Endpoint, *, by: Actor) -> str:
    """A new secret, shown this once; the old one signs besides for a day. Event `webhook.secret_replaced`."""
    locked = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.old_secret, locked.old_until = locked.sealed, clock.now() + OLD_SECRET_COUNTS
    secret = _new_secret(locked)
    record("webhook.secret_replaced", stream=locked, by=by)
    return secret


@transaction.atomic
def delete_endpoint(endpoint: Endpoint, *, by: Actor) -> None:
    """The endpoint is gone with its log. Event `webhook.deleted`."""
    locked = Endpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
    if locked is not None:
        record("webhook.deleted", stream=locked, by=by, changes={"name": locked.name})
        locked.delete()


def secrets_of(endpoint: Endpoint) -> list[str]:
    """The secrets that sign now. Raises SealBroken."""
    sealed = [endpoint.sealed]
    if endpoint.old_secret and endpoint.old_until and endpoint.old_until > clock.now():
        sealed.append(endpoint.old_secret)
    return [open_seal(one, place=_place(endpoint)) for one in sealed]


def queue(endpoint: Endpoint, kind: str, data: dict[str, Any]) -> Delivery:
    """A call goes into the outbox, in the caller's transaction."""
    at = clock.now()
    made = Delivery.objects.create(
        endpoint=endpoint, key=f"msg_{random.token_hex(16)}", kind=kind, body=body_of(kind, at, data), due_at=at,
        created_at=at,
    )  # fmt: skip
    _send_soon()
    return made


@transaction.atomic
def try_out(endpoint: Endpoint) -> Delivery:
    """A call that says nothing but that it is one."""
    return queue(endpoint, TRIAL, {"name": endpoint.name})


@transaction.atomic
def send_again(delivery: Delivery, *, by: Actor) -> None:
    """The same call once more, under the same id. Event `webhook.sent_again`."""
    found = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    found.state, found.attempts, found.due_at, found.ended_at = DeliveryState.WAITING, 0, clock.now(), None
    found.save(update_fields=["state", "attempts", "due_at", "ended_at"])
    record("webhook.sent_again", stream=found.endpoint, by=by, changes={"call": found.key})
    _send_soon()


@transaction.atomic
def stop_endpoint(endpoint: Endpoint, *, why: str) -> None:
    """The desk calls it no more. Event `webhook.stopped`; the administrators are told (alarms.py)."""
    if Endpoint.objects.filter(pk=endpoint.pk, is_active=True).update(is_active=False, stopped_why=why):
        record("webhook.stopped", stream=endpoint, by=BY, changes={"name": endpoint.name, "why": why})


def note_failing(endpoint: Endpoint) -> None:
    """A call has failed: since when that goes on is kept."""
    Endpoint.objects.filter(pk=endpoint.pk, failing_since=None).update(failing_since=clock.now())


def _send_soon() -> None:
    from tresen.service.webhooks.jobs import send

    send.enqueue(key="webhooks.send")


def _new_secret(endpoint: Endpoint) -> str:
    secret = new_secret()
    endpoint.sealed = seal(secret, place=_place(endpoint))
    endpoint.save()
    return secret


def _place(endpoint: Endpoint) -> str:
    return f"webhook:{endpoint.pk}"


def _put(endpoint: Endpoint, wanted: dict[str, Any]) -> None:
    for field, value in wanted.items():
        if field not in FIELDS:
            raise WrongEndpoint(field)
        setattr(endpoint, field, value)
    endpoint.name = " ".join(str(endpoint.name).replace("\0", "").split())
    endpoint.url = str(endpoint.url).strip()
    if not 0 < len(endpoint.name) <= 80:
        raise WrongEndpoint("name")
    if len(endpoint.url) > 2000 or "\0" in endpoint.url:
        raise WrongUrl
    if not isinstance(endpoint.kinds, list) or not {*endpoint.kinds} <= {*KINDS}:
        raise WrongEndpoint("kinds")
    check_url(endpoint.url)
