"""The certificate of the listener: from TRESEN_LISTEN_TLS_CERT, or made by ourselves in the data folder."""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

OWN_DAYS = 3650
RENEW_DAYS = 30


class CertificateFault(Exception):
    """The certificate or key cannot be used; the message says why."""


class Certificates:
    """The TLS context for sessions; made anew when the files have changed."""

    def __init__(self) -> None:
        self._marks: tuple[object, ...] = ()
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """The context of now. Files that cannot be used any more leave the former one in place.

        Raises CertificateFault when there is none yet.
        """
        certificate, key = paths()
        try:
            marks = tuple((str(path), path.stat().st_mtime_ns) for path in (certificate, key))
            if marks != self._marks or self._context is None:
                made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                made.minimum_version = ssl.TLSVersion.TLSv1_2
                made.load_cert_chain(certificate, key)
                self._marks, self._context = marks, made
        except (OSError, ValueError) as fault:  # ssl.SSLError is an OSError
            if self._context is None:
                raise CertificateFault(f"{certificate}: {fault}") from fault
        return self._context


def paths() -> tuple[Path, Path]:
    """Files of certificate and key; where none are named, our own (made here if need be). Raises CertificateFault."""
    named, key = settings.ENVIRONMENT.listen_tls_cert, settings.ENVIRONMENT.listen_tls_key
    if named:
        return Path(named), Path(key or named)
    own = Path(settings.DATA) / "listen-tls.pem"
    until = valid_until(own) if own.exists() else None
    if until is None or until < datetime.now(UTC) + timedelta(days=RENEW_DAYS):
        try:
            _make(own)
        except OSError as fault:
            raise CertificateFault(f"{own}: {fault}") from fault
    return own, own


def valid_until(path: Path) -> datetime | None:
    """When the first certificate in the file ends; None when it cannot be read."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None


def _make(path: Path) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, settings.MAIL_HOST[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=OWN_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(settings.MAIL_HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret + certificate.public_bytes(pem))
    draft.replace(path)
