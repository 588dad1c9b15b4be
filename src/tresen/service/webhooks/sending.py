"""Calls leave: one endpoint at a time gets one, several endpoints at once, so that a slow one delays nobody else.

A call that fails is tried again for three days. Whoever answers 410 is called no more; so is who takes no call at all
for three days.
"""

from __future__ import annotations

import random
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from tresen.kit import clock
from tresen.kit.crypto import SealBroken
from tresen.kit.http import Answer, Limits, NotReached, fetch
from tresen.service.webhooks.models import Delivery, DeliveryState, Endpoint
from tresen.service.webhooks.services import note_failing, secrets_of, stop_endpoint
from tresen.service.webhooks.signing import headers

# Seconds until the next try, after the first, the second … (three days in all).
RETRIES = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
# So long no call at all was taken before an endpoint is called no more.
FAILS_FOR = timedelta(days=3)
LIMITS = Limits(seconds=15, max_bytes=64 * 1024)
AT_ONCE = 8
# A call that is under way belongs to nobody else meanwhile.
CLAIMED = timedelta(seconds=60)
LONGEST_SECONDS = 40
# While calls are under way it looks so often for others that have come meanwhile.
LOOKS_AGAIN_SECONDS = 0.5
GONE, TOO_MANY = 410, 429


@dataclass(frozen=True)
class Outcome:
    """What an endpoint answered; without `status` it was not reached."""

    status: int | None
    detail: str = ""
    wait: int = 0

    @property
    def is_good(self) -> bool:
        """It has taken the call."""
        return self.status is not None and 200 <= self.status < 300


def send_due() -> bool:
    """Sends what is due, for at most forty seconds; whether there is more."""
    ends = time.monotonic() + LONGEST_SECONDS
    flying: dict[Future[Outcome], Delivery] = {}
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="webhooks") as pool:
        while True:
            busy = {delivery.endpoint_id for delivery in flying.values()}
            goes_on = time.monotonic() < ends
            for delivery in _claim(busy, AT_ONCE - len(flying)) if goes_on else ():
                flying[pool.submit(call, delivery)] = delivery
            if not flying:
                return not goes_on and _due().exists()
            done, _running = wait(flying, timeout=LOOKS_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                settle(flying.pop(future), future.result())


def next_due_seconds() -> float | None:
    """How long until the next call is due; None where none waits."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, endpoint__is_active=True).order_by("due_at")
    first = rows.values_list("due_at", flat=True).first()
    return None if first is None else max(0.0, (first - clock.now()).total_seconds())


def _due() -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, endpoint__is_active=True, due_at__lte=clock.now())
    return rows.select_related("endpoint").order_by("due_at", "pk")


def _claim(busy: set[int], room: int) -> list[Delivery]:
    """The next call of each endpoint that gets none now."""
    found: dict[int, Delivery] = {}
    for delivery in _due().exclude(endpoint__in=busy)[: room * 20] if room else ():
        if delivery.endpoint_id in found or len(found) >= room:
            continue
        mine = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, due_at=delivery.due_at)
        if mine.update(due_at=clock.now() + CLAIMED):
            found[delivery.endpoint_id] = delivery
    for delivery in found.values():
        delivery.signed_by = _secrets(delivery.endpoint)  # type: ignore[attr-defined]
    return list(found.values())


def _secrets(endpoint: Endpoint) -> list[str]:
    try:
        return secrets_of(endpoint)
    except SealBroken:
        return []


def call(delivery: Delivery) -> Outcome:
    """Calls the endpoint once. Touches no database: it runs beside others."""
    secrets: list[str] = delivery.signed_by  # type: ignore[attr-defined]
    if not secrets:
        return Outcome(None, "the secret cannot be opened")
    body, second = delivery.body.encode(), int(clock.now().timestamp())
    said = headers(secrets, key=delivery.key, second=second, body=body)
    try:
        answer = fetch(delivery.endpoint.url, method="POST", headers=said, body=body, limits=LIMITS)
    except NotReached as fault:
        return Outcome(None, str(fault))
    return Outcome(answer.status, wait=_asked_to_wait(answer))


def _asked_to_wait(answer: Answer) -> int:
    said = answer.headers.get("retry-after", "")
    return min(int(said), 86_400) if said.isascii() and said.isdigit() and len(said) < 7 else 0


def settle(delivery: Delivery, outcome: Outcome) -> None:
    """Notes what became of a call, and when it is tried again."""
    at, endpoint = clock.now(), delivery.endpoint
    delivery.attempts += 1
    delivery.status, delivery.detail = outcome.status, outcome.detail[:200]
    if outcome.is_good:
        delivery.state, delivery.ended_at = DeliveryState.DELIVERED, at
        Endpoint.objects.filter(pk=endpoint.pk).exclude(failing_since=None).update(failing_since=None)
    elif outcome.status == GONE:
        delivery.state, delivery.ended_at = DeliveryState.GIVEN_UP, at
        stop_endpoint(endpoint, why="gone")
    else:
        note_failing(endpoint)
        if delivery.attempts > len(RETRIES):
            delivery.state, delivery.ended_at = DeliveryState.GIVEN_UP, at
            if Endpoint.objects.filter(pk=endpoint.pk, failing_since__lte=at - FAILS_FOR).exists():
                stop_endpoint(endpoint, why="failing")
        else:
            pause = RETRIES[delivery.attempts - 1] * random.uniform(1, 1.2)  # noqa: S311
            delivery.due_at = at + timedelta(seconds=max(pause, outcome.wait))
    delivery.save(update_fields=["attempts", "status", "detail", "state", "ended_at", "due_at"])
