"""`Idempotency-Key`: the same write, sent again, happens once and is answered the same.

The key's row is written first in the transaction of the change. A twin at the same moment waits for its unique key,
a process that dies takes row and change with it: there is no state in between.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tresen.core.people.models import Agent
from tresen.faces.api.jobs import KEPT_HOURS
from tresen.faces.api.models import IdempotentRequest
from tresen.faces.api.problems import Problem
from tresen.kit import clock
from tresen.kit.faults import fault_point

MAX_KEY = 255
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("Content-Type", "ETag", "Location")


@dataclass(frozen=True)
class Keyed:
    """A write that carries a key: who sent it, and what it was."""

    agent: Agent
    key: str
    fingerprint: str = ""

    def asking(self, fingerprint: str) -> Keyed:
        """The same key, now that it is known what was asked."""
        return replace(self, fingerprint=fingerprint)


def read_key(request: HttpRequest, agent: Agent) -> Keyed | None:
    """The key of a request. Raises Problem for one that is empty, too long or not plain ASCII."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        raise Problem("wrong-input", _("An Idempotency-Key has 1 to 255 plain characters."))
    return Keyed(agent, key)


def keep_key(request: HttpRequest, keyed: Keyed | None) -> None:
    """Puts the key on the request, where `once` finds it."""
    request.keyed = keyed  # type: ignore[attr-defined]


def key_of(request: HttpRequest) -> Keyed | None:
    """The key of the request, if it carries one."""
    return getattr(request, "keyed", None)


def fingerprint(request: HttpRequest, body: bytes) -> str:
    """What was asked: method, address, body. `body` may stand for one that is too large to keep at hand."""
    asked = f"{request.method}\0{request.get_full_path()}\0{request.content_type}\0".encode("utf-8", "surrogatepass")
    return hashlib.sha256(asked + body).hexdigest()


def earlier_answer(keyed: Keyed) -> HttpResponse | None:
    """The answer that the same request got before. Raises Problem (422) when the key was used for another one."""
    over = clock.now() - timedelta(hours=KEPT_HOURS)
    row = IdempotentRequest.objects.filter(agent=keyed.agent, key=keyed.key, created_at__gte=over).first()
    if row is None:
        return None
    if row.fingerprint != keyed.fingerprint:
        detail = _("This Idempotency-Key was already used for a request that differs. Use a new key.")
        raise Problem("key-reused", detail)
    return HttpResponse(row.body, status=row.status, headers={**row.headers, REPLAYED: "true"})


def once(request: HttpRequest, act: Callable[[], HttpResponse], *, stands_for: bytes | None = None) -> HttpResponse:
    """Does the write and answers; with a key it is done once, and the answer is kept in the same transaction.

    `act` makes the change and its answer; it is not kept when it raises. `stands_for`: what to compare instead of the
    body.
    """
    keyed = key_of(request)
    if keyed is None:
        return act()
    if stands_for is not None:
        keyed = keyed.asking(fingerprint(request, stands_for))
        if answered := earlier_answer(keyed):
            return answered
    with transaction.atomic():
        row = _take(keyed)
        if row is None:
            answered = earlier_answer(keyed)
            if answered is None:
                raise Problem("conflict", _("A request with this key is being worked on. Please try again."))
            return answered
        response = act()
        row.status, row.body = response.status_code, response.content.decode()
        row.headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        row.save(update_fields=["status", "body", "headers"])
        fault_point("api:before_commit")
    fault_point("api:after_commit")
    return response


def _take(keyed: Keyed) -> IdempotentRequest | None:
    """The key's new row, or None when another request has it. Waits for one that is being written."""
    over = clock.now() - timedelta(hours=KEPT_HOURS)
    IdempotentRequest.objects.filter(agent=keyed.agent, key=keyed.key, created_at__lt=over).delete()
    try:
        with transaction.atomic():
            return IdempotentRequest.objects.create(
                agent=keyed.agent, key=keyed.key, fingerprint=keyed.fingerprint, created_at=clock.now()
            )
    except IntegrityError:
        return None
