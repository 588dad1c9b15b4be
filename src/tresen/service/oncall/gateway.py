"""The SMS gateway: a call leaves as a POST whose body an administrator has written, with names in double braces.

A template of JSON is read as JSON first and filled in text by text; one of form fields line by line. So no value can
break out of its place, whatever stands in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Agent
from tresen.kit import clock
from tresen.kit.crypto import SealBroken, open_seal, seal
from tresen.kit.http import Answer, Limits, NotReached, fetch
from tresen.kit.placeholders import Place, fill, has_name, unknown_names
from tresen.service.oncall.models import BodyForm, Gateway

# What a template can say of a call.
NAMES: dict[str, Any] = {
    "to": _("the telephone of whoever is called, digits alone with a plus in front"),
    "name": _("who is called"),
    "text": _("a sentence with the ticket’s number and the way to acknowledge, in the person’s language"),
    "ticket": _("the ticket’s number"),
    "rota": _("the rota"),
    "link": _("the way to acknowledge"),
    "call": _("the call’s own number, the same at every try"),
}
USUAL = {
    BodyForm.JSON: '{"to": "{{to}}", "text": "{{text}}", "ticket": "{{ticket}}", "call": "{{call}}"}',
    BodyForm.FORM: "To={{to}}\nBody={{text}}",
}
MOST_TEMPLATE = 2000
# Brackets inside each other.
MOST_DEEP = 20
HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
# Those that HTTP or the desk itself sets.
TAKEN = {"host", "connection", "content-length", "content-type", "transfer-encoding", "te", "upgrade", "expect",
         "idempotency-key"}  # fmt: skip
SECRET = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,498}[\x21-\x7e])?")
MOST_SAID = 300
MASK = "•••"
# A trial that takes longer has come to grief somewhere: another may begin.
TRIAL_SECONDS = 30
LIMITS = Limits(seconds=15, max_bytes=64 * 1024)


class WrongTemplate(ValueError):
    """`why`: empty, json, unsent (read, but JSON cannot be made of it), line (a form field without a name), names
    (`what` has those that are none) or silent (neither the text nor the link is in it)."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why)
        self.why, self.what = why, what


class WrongSecret(ValueError):
    """`why`: header (no name of one, or one that is taken), secret (no printable line), needed (it has none, or leads
    to another server than the one that has it)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def check_header(header: str, secret: str | None) -> None:
    """Raises WrongSecret for what cannot stand in the head of a request."""
    if header and (not HEADER.fullmatch(header) or header.lower() in TAKEN):
        raise WrongSecret("header")
    if secret and not SECRET.fullmatch(secret):
        raise WrongSecret("secret")


def check_template(form: str, template: str) -> None:
    """Raises WrongTemplate for one that could not be filled in and sent."""
    if not template.strip() or len(template) > MOST_TEMPLATE:
        raise WrongTemplate("empty")
    body_of(form, template, dict.fromkeys(NAMES, "x"))
    if unknown := [name for text in _texts(form, template) for name in unknown_names(text, NAMES)]:
        raise WrongTemplate("names", ", ".join(dict.fromkeys(unknown)))
    if not _says(form, template, "text") and not _says(form, template, "link"):
        raise WrongTemplate("silent")


def body_of(form: str, template: str, values: Mapping[str, str]) -> tuple[str, bytes]:
    """Content type and body. Raises WrongTemplate."""
    read = _read(form, template)
    if form == BodyForm.JSON:
        try:
            return "application/json", json.dumps(_filled(read, values), ensure_ascii=False, allow_nan=False).encode()
        except ValueError as fault:
            raise WrongTemplate("unsent", str(MOST_DEEP)) from fault
    pairs = [(name, fill(text, values, place=Place.TEXT)) for name, text in read]
    return "application/x-www-form-urlencoded", urlencode(pairs).encode()


def _read(form: str, template: str) -> Any:
    """What JSON says, or the fields of a form."""
    if form == BodyForm.JSON:
        try:
            return json.loads(template)
        except (ValueError, RecursionError) as fault:
            raise WrongTemplate("json", str(getattr(fault, "lineno", 1))) from fault
    lines = [line.partition("=") for line in template.splitlines() if line.strip()]
    if bad := [name for name, equals, _text in lines if not equals or not name.strip()]:
        raise WrongTemplate("line", bad[0].strip()[:80])
    return [(name.strip(), text.strip()) for name, _equals, text in lines]


def _filled(part: Any, values: Mapping[str, str], deep: int = 0) -> Any:
    """Texts filled in; names of fields stay as they are. Raises ValueError for what lies too deep."""
    if deep > MOST_DEEP:
        raise ValueError("too deep")
    if isinstance(part, str):
        return fill(part, values, place=Place.TEXT)
    if isinstance(part, list):
        return [_filled(one, values, deep + 1) for one in part]
    if isinstance(part, dict):
        return {name: _filled(one, values, deep + 1) for name, one in part.items()}
    return part


def _texts(form: str, template: str) -> list[str]:
    """The texts that are filled in."""
    read = _read(form, template)
    if form != BodyForm.JSON:
        return [text for _name, text in read]
    found, left = [], [read]
    while left:
        part = left.pop()
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, list | dict):
            left.extend(part.values() if isinstance(part, dict) else part)
    return found


def _says(form: str, template: str, name: str) -> bool:
    return any(has_name(text, name) for text in _texts(form, template))


def dialled(number: str) -> str:
    """A number as machines dial it: `+49 (0)40 12-3` is `+4940123`."""
    return re.sub(r"\(0\)|[^0-9+]", "", number)


def seal_secret(url: str, secret: str) -> str:
    """The secret, bound to the server for which it was entered."""
    return seal(secret, place=_place(url))


def leads_elsewhere(old: str, new: str) -> bool:
    """Whether an address names another server, which must not get the secret of the first."""
    return _place(old) != _place(new)


def send(gateway: Gateway, values: Mapping[str, str]) -> Answer:
    """One call through the guard. Raises NotReached, WrongTemplate, SealBroken."""
    kind, body = body_of(gateway.form, gateway.template, values)
    headers = {"Content-Type": kind, "Idempotency-Key": values["call"]}
    if gateway.header and gateway.sealed:
        headers[gateway.header] = open_seal(gateway.sealed, place=_place(gateway.url))
    return fetch(gateway.url, method="POST", headers=headers, body=body, limits=LIMITS)


def needs_number(gateway: Gateway) -> bool:
    """Whether a call without a telephone's number would reach nobody."""
    try:
        return _says(gateway.form, gateway.template, "to")
    except WrongTemplate:
        return False


def without_number(keys: Collection[int]) -> list[str]:
    """Names of those who can sign in and have no number, where one is needed: their telephones never ring."""
    row = Gateway.objects.exclude(url="").first()
    if row is None or not needs_number(row):
        return []
    bare = [key for key in keys if not dialled(row.numbers.get(str(key), ""))]
    return list(Agent.objects.active().filter(pk__in=bare).order_by("user__name").values_list("user__name", flat=True))


def is_trying(gateway: Gateway) -> bool:
    """Whether a trial is under way and may still end."""
    since = gateway.tried_at
    return since is not None and gateway.trial_ended_at is None and not is_late(since)


def is_late(since: datetime) -> bool:
    """Whether a trial that began then should have ended."""
    return clock.now() - since > timedelta(seconds=TRIAL_SECONDS)


def run_trial(gateway: Gateway, values: Mapping[str, str], *, since: datetime) -> None:
    """Sends a call that only says that it is one, and keeps what was answered: the status and, of a public server, the
    words without the secret. A later trial keeps its own answer."""
    status, said = None, ""
    try:
        answer = send(gateway, values)
    except (NotReached, WrongTemplate, SealBroken):
        pass
    else:
        # What a service inside says is for whoever runs it, not for whoever may enter its address here.
        status, said = answer.status, shown_of(answer.body, gateway) if answer.is_outside else ""
    rows = Gateway.objects.filter(pk=gateway.pk, tried_at=since)
    rows.update(trial_status=status, trial_said=said, trial_ended_at=clock.now())


def shown_of(body: bytes, gateway: Gateway) -> str:
    """The beginning of an answer as plain text; the secret, or a part of it, is masked where it comes back, also
    escaped as JSON, HTML or addresses have it."""
    text = body.decode("utf-8", "replace")
    if gateway.sealed:
        secret = open_seal(gateway.sealed, place=_place(gateway.url))
        for part in [secret, *sorted(secret.split(), key=len, reverse=True)]:
            if len(part) > 3 or part == secret:
                text = _spellings(part).sub(MASK, text.replace(part, MASK))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_SAID]


def _spellings(secret: str) -> re.Pattern[str]:
    """Each letter as it is or escaped, the longer way first and never tried again: it takes no time."""
    letters = []
    for letter in secret:
        code, plain = ord(letter), re.escape(letter)
        ways = [f"%{code:02x}", rf"\\u00{code:02x}", f"&#x0*{code:x};", f"&#0*{code};", rf"\\{plain}",
                re.escape(escape(letter)), plain, *([r"\+"] if letter == " " else [])]  # fmt: skip
        letters.append("(?>" + "|".join(ways) + ")")
    return re.compile("".join(letters), re.IGNORECASE)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"oncall.gateway:{parts.scheme}://{parts.netloc}".lower()
