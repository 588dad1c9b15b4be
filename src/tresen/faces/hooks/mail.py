"""`/hooks/mail/KEY/`: a mail provider brings mail. 200 only when it is safely stored."""

from __future__ import annotations

import logging

import orjson
from django.conf import settings
from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tresen.channels.mail.hooks.calls import Call, Malformed, NotSigned
from tresen.channels.mail.hooks.sns import CertificateAway
from tresen.channels.mail.hooks.taking import mailbox_of, take_call
from tresen.channels.mail.spool import count_refusal
from tresen.kit.bodies import answers_refused_bodies, refused_body
from tresen.kit.crypto import SealBroken

log = logging.getLogger("tresen.hooks")
# A mail of 36 MB, as base64 inside JSON.
MOST_BYTES = 52 * 1024 * 1024
AGAIN_SECONDS = 60


@answers_refused_bodies
@csrf_exempt  # a signature stands for it
@never_cache
@require_http_methods(["HEAD", "POST"])
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """401 without a valid signature, 400 for what is signed but no mail, 413 beyond the size, 503 to try again."""
    try:
        mailbox = mailbox_of(key)
        if mailbox is None:
            return _answer(404, error="there is no such address")
        if request.method == "HEAD":  # some providers look whether somebody is there
            return _answer(200)
        body = _body(request)
        if body is None:
            count_refusal("size")
            return _answer(413, error="larger than a mail may be")
        headers = {name.lower(): value for name, value in request.headers.items()}
        stored = take_call(mailbox, Call(headers, body, f"{settings.BASE_URL}{request.path}"))
    except NotSigned as fault:
        log.warning("a call of a mail provider was refused: %s", fault)
        return _answer(401, error="not signed by whom it should be")
    except Malformed as fault:
        return _answer(400, error=str(fault))
    except (DatabaseFault, OSError, MemoryError, CertificateAway, SealBroken) as fault:
        log.error("the mail of a provider could not be stored: %s", fault)
        return _answer(503, error="cannot be stored just now")
    return _answer(200, stored=stored)


def _body(request: HttpRequest) -> bytes | None:
    """The body as it came; None when it is too large."""
    if refused_body(request):
        return None
    body: bytes = request.read(MOST_BYTES + 1)
    return body if len(body) <= MOST_BYTES else None


def _answer(status: int, **what: object) -> HttpResponse:
    answer = HttpResponse(orjson.dumps(what), status=status, content_type="application/json")
    if status == 503:
        answer.headers["Retry-After"] = str(AGAIN_SECONDS)
    return answer
