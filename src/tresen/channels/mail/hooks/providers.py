"""What each provider sends when mail comes in, and how it signs: one small function each. Where there is a choice, the
mail itself is taken (raw MIME), never the provider's reading of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tresen.channels.mail.hooks.calls import (
    Call,
    HookMail,
    Malformed,
    NotSigned,
    Taken,
    check_fresh,
    read_form,
    read_json,
    text_of,
)
from tresen.channels.mail.hooks.sns import read_ses
from tresen.channels.mail.models import HookProvider

# Of our own senders we ask what Standard Webhooks asks.
OWN_SECONDS = 300


def read_mailgun(call: Call, secret: str) -> Taken:
    """Mailgun, a route that forwards MIME (an address that ends in `mime`). The secret is the signing key."""
    form = read_form(call)
    stamp, token = text_of(form.get("timestamp")), text_of(form.get("token"))
    expected = hmac.new(secret.encode(), f"{stamp}{token}".encode(), "sha256").hexdigest()
    if not token or not _same(expected, text_of(form.get("signature"))):
        raise NotSigned("wrong signature")
    check_fresh(stamp)
    raw = form.get("body-mime")
    if not raw:
        raise Malformed("no body-mime: let the route forward to an address that ends in mime")
    return Taken([HookMail(raw, token, text_of(form.get("sender")), text_of(form.get("recipient")))])


def read_sendgrid(call: Call, secret: str) -> Taken:
    """SendGrid Inbound Parse with raw mail and a signed webhook. The secret is its public key."""
    stamp = call.headers.get("x-twilio-email-event-webhook-timestamp", "")
    try:
        key = load_der_public_key(base64.b64decode(secret))
        assert isinstance(key, ec.EllipticCurvePublicKey)
        signature = base64.b64decode(call.headers.get("x-twilio-email-event-webhook-signature", ""))
        key.verify(signature, stamp.encode() + call.body, ec.ECDSA(hashes.SHA256()))
    except (ValueError, AssertionError, InvalidSignature, UnsupportedAlgorithm) as fault:
        raise NotSigned("wrong signature") from fault
    check_fresh(stamp)
    form = read_form(call)
    raw = form.get("email")
    if not raw:
        raise Malformed("no email: let SendGrid post the raw, full MIME message")
    envelope = read_json(form.get("envelope") or b"{}")
    to = envelope.get("to")
    replay = hashlib.sha256(stamp.encode() + call.body).hexdigest()
    recipient = text_of(to[0]) if isinstance(to, list) and to else ""
    return Taken([HookMail(raw, replay, text_of(envelope.get("from")), recipient)])


def read_postmark(call: Call, secret: str) -> Taken:
    """Postmark with raw mail. It does not sign; the secret is user:password, which it sends with each call."""
    kind, _, given = call.headers.get("authorization", "").partition(" ")
    expected = base64.b64encode(secret.encode()).decode()
    if kind.lower() != "basic" or not _same(expected, given.strip()):
        raise NotSigned("wrong user or password")
    body = read_json(call.body)
    raw, name = text_of(body.get("RawEmail")), text_of(body.get("MessageID"))
    if not raw or not name:
        raise Malformed("no RawEmail: let Postmark include the raw email content")
    return Taken([HookMail(_bytes(raw), name, "", text_of(body.get("OriginalRecipient")))])


def read_mandrill(call: Call, secret: str) -> Taken:
    """Mailchimp Transactional (Mandrill). The secret is the key of the webhook; several mails may come at once."""
    form = read_form(call)
    signed = call.url.encode() + b"".join(name.encode() + form[name] for name in sorted(form))
    expected = base64.b64encode(hmac.new(secret.encode(), signed, "sha1").digest()).decode()
    if not _same(expected, call.headers.get("x-mandrill-signature", "")):
        raise NotSigned("wrong signature")
    events = read_json(b'{"events":' + form.get("mandrill_events", b"[]") + b"}").get("events")
    mails = []
    for event in events if isinstance(events, list) else []:
        mail = event.get("msg") if isinstance(event, dict) and event.get("event") == "inbound" else None
        if isinstance(mail, dict) and (raw := text_of(mail.get("raw_msg"))):
            replay = hashlib.sha256(f"{event.get('ts')}\0{raw}".encode("utf-8", "surrogatepass")).hexdigest()
            mails.append(HookMail(_bytes(raw), replay, "", text_of(mail.get("email"))))
    return Taken(mails)


def read_signed(call: Call, secret: str) -> Taken:
    """Whoever signs by Standard Webhooks: the body is the mail itself. The secret may begin with `whsec_`."""
    name, stamp = call.headers.get("webhook-id", ""), call.headers.get("webhook-timestamp", "")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError as fault:
        raise NotSigned("the stored secret is not base64") from fault
    expected = base64.b64encode(hmac.new(key, f"{name}.{stamp}.".encode() + call.body, "sha256").digest()).decode()
    given = call.headers.get("webhook-signature", "").split()[:10]
    if not name or not any(_same(f"v1,{expected}", one) for one in given):
        raise NotSigned("wrong signature")
    check_fresh(stamp, seconds=OWN_SECONDS)
    if not call.body.strip():
        raise Malformed("no mail")
    return Taken([HookMail(call.body, name)])


READERS: dict[str, Callable[[Call, str], Taken]] = {
    HookProvider.MAILGUN: read_mailgun,
    HookProvider.SENDGRID: read_sendgrid,
    HookProvider.POSTMARK: read_postmark,
    HookProvider.MANDRILL: read_mandrill,
    HookProvider.SES: read_ses,
    HookProvider.SIGNED: read_signed,
}


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def _bytes(raw: str) -> bytes:
    """A mail that came inside JSON. Such providers decode 8-bit mail as UTF-8 before they wrap it."""
    return raw.encode("utf-8", "surrogateescape")
