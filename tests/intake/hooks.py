"""Calls as the mail providers send them, signed by keys of our own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings

from tresen.kit import clock

TOPIC = "arn:aws:sns:eu-central-1:123456789012:helpdesk-mail"
CERTIFICATE_URL = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())
AMAZON_KEY = rsa.generate_private_key(65537, 2048)
OWN_SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
SECRETS = {
    "mailgun": "key-mailgun-1234567890",
    "sendgrid": base64.b64encode(
        SENDGRID_KEY.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).decode(),
    "postmark": "tresen:a-long-password",
    "mandrill": "mandrill-webhook-key",
    "ses": TOPIC,
    "signed": OWN_SECRET,
}


@dataclass
class Sent:
    """A call: what a test client posts."""

    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)


def amazon_certificate() -> bytes:
    """What Amazon would give at CERTIFICATE_URL."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = clock.now()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(AMAZON_KEY.public_key())
    made = made.serial_number(7).not_valid_before(now.replace(year=now.year - 1))
    made = made.not_valid_after(now.replace(year=now.year + 1))
    return made.sign(AMAZON_KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def stamp(ago: float) -> str:
    """Seconds since 1970, so many seconds ago."""
    return str(int(clock.now().timestamp() - ago))


def multipart(fields: dict[str, bytes]) -> tuple[bytes, str]:
    """A form with parts (RFC 7578)."""
    mark = b"----tresen-boundary"
    parts = [
        b"--" + mark + b'\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + value + b"\r\n"
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--" + mark + b"--\r\n", f'multipart/form-data; boundary="{mark.decode()}"'


def mailgun(raw: bytes, *, secret: str, name: str, ago: float, url: str) -> Sent:
    at = stamp(ago)
    signature = hmac.new(secret.encode(), f"{at}{name}".encode(), "sha256").hexdigest()
    fields = {
        "recipient": b"help@desk.example", "sender": b"carol@shop.example", "timestamp": at.encode(),
        "token": name.encode(), "signature": signature.encode(), "body-mime": raw,
    }  # fmt: skip
    return Sent(*multipart(fields))


def sendgrid(raw: bytes, *, secret: str, name: str, ago: float, url: str) -> Sent:
    at = stamp(ago)
    envelope = json.dumps({"to": ["help@desk.example"], "from": "carol@shop.example", "x": name}).encode()
    body, kind = multipart({"email": raw, "envelope": envelope})
    key = SENDGRID_KEY if secret == SECRETS["sendgrid"] else ec.generate_private_key(ec.SECP256R1())
    signature = base64.b64encode(key.sign(at.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    head = "X-Twilio-Email-Event-Webhook-"
    return Sent(body, kind, {f"{head}Signature": signature, f"{head}Timestamp": at})


def postmark(raw: bytes, *, secret: str, name: str, ago: float, url: str) -> Sent:
    body = {"MessageID": name, "OriginalRecipient": "help@desk.example", "RawEmail": raw.decode()}
    login = "Basic " + base64.b64encode(secret.encode()).decode()
    return Sent(json.dumps(body).encode(), "application/json", {"Authorization": login})


def mandrill(raw: bytes, *, secret: str, name: str, ago: float, url: str) -> Sent:
    msg = {"raw_msg": raw.decode(), "email": "help@desk.example"}
    events = json.dumps([{"event": "inbound", "ts": name, "msg": msg}])
    signed = hmac.new(secret.encode(), f"{url}mandrill_events{events}".encode(), "sha1").digest()
    return Sent(urlencode({"mandrill_events": events}).encode(), "application/x-www-form-urlencoded",
                {"X-Mandrill-Signature": base64.b64encode(signed).decode()})  # fmt: skip


def ses(raw: bytes, *, secret: str, name: str, ago: float, url: str, **more: Any) -> Sent:
    notice = {
        "notificationType": "Received", "content": base64.b64encode(raw).decode(), "mail": {"source": "c@shop.example"},
        "receipt": {"recipients": ["help@desk.example"], "action": {"type": "SNS", "encoding": "BASE64"}},
    }  # fmt: skip
    at = clock.now().fromtimestamp(clock.now().timestamp() - ago, clock.now().tzinfo)
    body: dict[str, Any] = {
        "Type": "Notification", "MessageId": name, "TopicArn": secret, "Message": json.dumps(notice),
        "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "SignatureVersion": "2", "SigningCertURL": CERTIFICATE_URL,
        **more,
    }  # fmt: skip
    order = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
    text = "".join(f"{key}\n{body[key]}\n" for key in order if key in body)
    signature = AMAZON_KEY.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return Sent(json.dumps({**body, "Signature": base64.b64encode(signature).decode()}).encode(), "text/plain")


def signed(raw: bytes, *, secret: str, name: str, ago: float, url: str) -> Sent:
    at, key = stamp(ago), base64.b64decode(secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.new(key, f"{name}.{at}.".encode() + raw, hashlib.sha256).digest()).decode()
    return Sent(raw, "message/rfc822",
                {"Webhook-Id": name, "Webhook-Timestamp": at,
                 "Webhook-Signature": f"v1,AAAA v1,{signature}"})  # fmt: skip


PROVIDERS = {
    "mailgun": mailgun, "sendgrid": sendgrid, "postmark": postmark, "mandrill": mandrill, "ses": ses, "signed": signed,
}  # fmt: skip


def call(provider: str, raw: bytes, *, key: str, secret: str = "", name: str = "call-1", ago: float = 0) -> Sent:
    """What that provider sends for one mail to the address with `key`."""
    url = f"{settings.BASE_URL}/hooks/mail/{key}/"
    return PROVIDERS[provider](raw, secret=secret or SECRETS[provider], name=name, ago=ago, url=url)
