"""The settings that come from the environment (docs/configuration in README), read once and typed.

Everything else is data and is changed in the settings screens without a restart.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tresen.kit.files import sync_folder


class EnvironmentFault(Exception):
    """A setting is missing or cannot be used; the message says which and what to do."""


LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SAMPLE_KEYS = frozenset({"changeme", "secret", "insecure", "django-insecure", "example", "test"})


@dataclass(frozen=True)
class Environment:
    """What the outside told this process."""

    data: Path
    database_url: str
    base_url: str
    secret_key: str
    files: Path
    trusted_proxies: tuple[str, ...]
    smtp_url: str
    listen_smtp: str
    listen_lmtp: str
    listen_tls_cert: str
    listen_tls_key: str
    log_level: str
    outbound_allow: tuple[str, ...] = ()
    outbound_proxy: str = ""


def read_environment() -> Environment:
    """Reads TRESEN_*; makes the data folder and, on first start, the secret key in it.

    Raises EnvironmentFault with one sentence and the way out.
    """
    data = Path(os.environ.get("TRESEN_DATA", "var")).absolute()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise EnvironmentFault(f"The data folder {data} cannot be made ({fault}); set TRESEN_DATA.") from fault
    files_url = os.environ.get("TRESEN_FILES_URL", "")
    if files_url.startswith("s3://"):
        raise EnvironmentFault(
            "TRESEN_FILES_URL cannot be used: this release keeps files in a local folder; give a path."
        )
    port = os.environ.get("PORT", "8000")
    return Environment(
        data=data,
        database_url=os.environ.get("TRESEN_DATABASE_URL", ""),
        base_url=os.environ.get("TRESEN_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        secret_key=_secret_key(data),
        files=Path(files_url.removeprefix("file://")).absolute() if files_url else data / "files",
        trusted_proxies=_networks("TRESEN_TRUSTED_PROXIES"),
        smtp_url=os.environ.get("TRESEN_SMTP_URL", ""),
        listen_smtp=os.environ.get("TRESEN_LISTEN_SMTP", "127.0.0.1:8025"),
        listen_lmtp=os.environ.get("TRESEN_LISTEN_LMTP", ""),
        listen_tls_cert=os.environ.get("TRESEN_LISTEN_TLS_CERT", ""),
        listen_tls_key=os.environ.get("TRESEN_LISTEN_TLS_KEY", ""),
        log_level=_log_level(os.environ.get("TRESEN_LOG", "INFO")),
        outbound_allow=_networks("TRESEN_OUTBOUND_ALLOW"),
        outbound_proxy=_proxy(os.environ.get("TRESEN_OUTBOUND_PROXY", "")),
    )


def _networks(name: str) -> tuple[str, ...]:
    networks = tuple(n.strip() for n in os.environ.get(name, "").split(",") if n.strip())
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as fault:
            raise EnvironmentFault(
                f"{name} names {network}, which is no address or network; write it like 10.0.0.0/8."
            ) from fault
    return networks


def _proxy(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme != "http" or not parts.hostname):
        raise EnvironmentFault("TRESEN_OUTBOUND_PROXY cannot be used; write it like http://proxy.example:3128.")
    return url


def _log_level(name: str) -> str:
    level = name.upper()
    if level not in LOG_LEVELS:
        raise EnvironmentFault(f"TRESEN_LOG cannot be {name}; give one of {', '.join(LOG_LEVELS)}.")
    return level


def _secret_key(data: Path) -> str:
    """The key from TRESEN_SECRET_KEY, TRESEN_SECRET_KEY_FILE or the data folder (made there once, mode 600)."""
    key = os.environ.get("TRESEN_SECRET_KEY", "")
    named = os.environ.get("TRESEN_SECRET_KEY_FILE", "")
    if not key and named:
        try:
            key = Path(named).read_text().strip()
        except OSError as fault:
            raise EnvironmentFault(
                f"TRESEN_SECRET_KEY_FILE {named} cannot be read ({fault}); give a file that can."
            ) from fault
        if not key:
            raise EnvironmentFault(f"TRESEN_SECRET_KEY_FILE {named} is empty; put at least 32 random characters in it.")
    if not key:
        key = _own_key(data / "secret.key", database_there=(data / "tresen.sqlite3").exists())
    lowered = key.lower()
    if len(key) < 32 or len(set(key)) < 8 or any(lowered.startswith(sample) for sample in SAMPLE_KEYS):
        raise EnvironmentFault("The secret key is too short or a sample; give at least 32 random characters.")
    return key


def _own_key(path: Path, *, database_there: bool) -> str:
    """The key kept in the data folder. A database without its key is a fault: a new key would lock its secrets."""
    if path.exists():
        return path.read_text().strip()
    if database_there:
        raise EnvironmentFault(f"There is a database but its key {path} is missing; put the key back before starting.")
    key = secrets.token_urlsafe(48)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of ours was first
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)  # before anything is sealed with it
    return key


def database_settings(url: str, data: Path) -> dict[str, object]:
    """Django's DATABASES entry for a URL; SQLite in the data folder when the URL is empty.

    SQLite: IMMEDIATE so that two writers queue instead of failing, synchronous=FULL so that an accepted mail
    survives the loss of power. Both with a pool of connections, since each request has its own thread: our own for
    SQLite (kit/sqlite), the driver's for PostgreSQL.
    """
    if not url or url.startswith("sqlite:"):
        path = unquote(url.removeprefix("sqlite://")) if url else str(data / "tresen.sqlite3")
        return {
            "ENGINE": "tresen.kit.sqlite",
            "NAME": path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-16000;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise EnvironmentFault("TRESEN_DATABASE_URL cannot be used; begin it with postgresql:// or sqlite://.")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16, "timeout": 20}},
    }
