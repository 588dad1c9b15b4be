"""Amazon SES by way of SNS: signed by Amazon's certificate, and meant for us by its topic."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tresen.channels.mail.hooks.calls import (
    Call,
    HookMail,
    Malformed,
    NotSigned,
    Taken,
    is_older_than,
    read_json,
    text_of,
)
from tresen.kit.http import Limits, NotReached, fetch

PLACE = r"https://sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?"
CERTIFICATE = re.compile(PLACE + r"/SimpleNotificationService-[A-Za-z0-9]{1,80}\.pem")
CONFIRMATION = re.compile(PLACE + r"/\?[!-~]{1,2000}")
HASHES: dict[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 - SNS' version 1
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
# SNS tries for hours with the signature of the first time.
LONGEST = timedelta(days=1)


class CertificateAway(Exception):
    """Amazon's certificate could not be fetched just now: 503, so that SNS tries again."""


def read_ses(call: Call, secret: str) -> Taken:
    """A notification with the mail in it, or the question whether we want the topic. `secret` is the topic's ARN."""
    body = read_json(call.body)
    kind = text_of(body.get("Type"))
    if kind not in SIGNED:
        raise NotSigned("not a signed notification")
    _check(body, kind)
    if not secret or text_of(body.get("TopicArn")) != secret:
        raise NotSigned("another topic")
    if kind == "SubscriptionConfirmation":
        address = text_of(body.get("SubscribeURL"))
        if not CONFIRMATION.fullmatch(address):
            raise Malformed("not Amazon's address")
        return Taken(confirm=address)
    return Taken(_mails(text_of(body.get("Message")), text_of(body.get("MessageId"))))


def _mails(message: str, name: str) -> list[HookMail]:
    notice = read_json(message.encode())
    content = text_of(notice.get("content"))
    if not content:
        if notice.get("notificationType") == "Received":
            raise Malformed("no content: let the SES rule put the mail into the notification (SNS action)")
        return []  # the test message of a new rule
    receipt, mail = (part if isinstance(part, dict) else {} for part in (notice.get("receipt"), notice.get("mail")))
    action = receipt.get("action")
    try:
        is_packed = isinstance(action, dict) and text_of(action.get("encoding")).upper() == "BASE64"
        raw = base64.b64decode(content, validate=True) if is_packed else content.encode("utf-8", "surrogateescape")
    except ValueError as fault:
        raise Malformed("the mail is not base64") from fault
    to = receipt.get("recipients")
    recipient = text_of(to[0]) if isinstance(to, list) and to else ""
    return [HookMail(raw, name, text_of(mail.get("source")), recipient)]


def _check(body: dict[str, Any], kind: str) -> None:
    address, version = text_of(body.get("SigningCertURL")), text_of(body.get("SignatureVersion"))
    if not CERTIFICATE.fullmatch(address) or version not in HASHES:
        raise NotSigned("not signed by Amazon")
    lines = [f"{name}\n{text_of(body[name])}\n" for name in SIGNED[kind] if name in body]
    try:
        signature = base64.b64decode(text_of(body.get("Signature")), validate=True)
        key = _certificate(address)
        key.verify(signature, "".join(lines).encode(), padding.PKCS1v15(), HASHES[version])
        sent = datetime.fromisoformat(text_of(body.get("Timestamp")))
        if is_older_than(sent, LONGEST):
            raise NotSigned("the signature is old")
    except (ValueError, TypeError, InvalidSignature) as fault:
        raise NotSigned("wrong signature") from fault


@lru_cache(maxsize=8)
def _certificate(address: str) -> rsa.RSAPublicKey:
    """The key in Amazon's certificate. Raises CertificateAway, ValueError."""
    try:
        answer = fetch(address, limits=Limits(seconds=10, max_bytes=64 * 1024))
    except NotReached as fault:
        raise CertificateAway from fault
    if answer.status != 200:
        raise CertificateAway
    key = x509.load_pem_x509_certificate(answer.body).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("not an RSA key")
    return key


def confirm(address: str) -> None:
    """Tells Amazon that we want the topic. Raises NotReached, ValueError."""
    if not CONFIRMATION.fullmatch(address):
        raise ValueError("not Amazon's address")
    if fetch(address).status >= 400:
        raise NotReached("Amazon does not take the confirmation")
