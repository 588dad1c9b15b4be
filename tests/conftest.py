"""What every test stands on: a database of its own, a clock far from UTC, no network but loopback, cheap passwords.

`TRESEN_TEST_DATABASE=sqlite|postgres` chooses the engine (sqlite). For PostgreSQL a throw-away cluster is started once
and shared by all workers of the run. The environment is set while this file is imported, before any settings are read.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.exim import Exim
from tests.instance import Instance, tables
from tests.measured import MeasuredTable
from tests.once import PLACE
from tests.order import dealt_out
from tests.outside import Dovecot, Sink
from tests.postgres import Cluster
from tresen.kit.memory import collect_less_often

ENGINE = os.environ.setdefault("TRESEN_TEST_DATABASE", "sqlite")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
FULL_SIZE = os.environ.get("TRESEN_TEST_FULL", "") == "1"
IN_CI = os.environ.get("CI", "").lower() == "true"
TIME_ZONE = "Pacific/Chatham"
# What a page has asked for since it was loaded, and how many rows its list has.
ASKED = """() => [document.querySelectorAll("li.row").length, ...performance.getEntriesByType("resource").filter(
    one => ["xmlhttprequest", "fetch"].includes(one.initiatorType)).map(
    one => `${one.responseStatus} ${one.name} ${one.startTime | 0}+${one.duration | 0}`)].join("\\n")"""
LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0")
# The first has no windows to draw and costs half as much.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

if ENGINE not in {"sqlite", "postgres"}:
    raise pytest.UsageError(f"TRESEN_TEST_DATABASE is {ENGINE!r}; it must be sqlite or postgres.")


def find_chromium() -> str | None:
    """The path of the browser, or None where none is installed."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def find_dovecot() -> str | None:
    """The path of the IMAP server, or None where none is installed."""
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def find_exim() -> str | None:
    """The path of the mail server, or None where none is installed."""
    return shutil.which("exim4", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


OUTSIDE_PARTS = {
    "browser": ("Chromium", find_chromium),
    "imap": ("dovecot", find_dovecot),
    "smtp": ("exim4", find_exim),
}


class NetworkBlocked(RuntimeError):
    """A test tried to leave this machine. Not an OSError, so that no code takes it for an ordinary failure."""


def _guard_network() -> None:
    """Let Python's sockets reach loopback and unix sockets only, for the whole run."""
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    resolve = socket.getaddrinfo

    def check(address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if isinstance(host, bytes):
            host = host.decode()
        if host and not str(host).startswith(LOOPBACK):
            raise NetworkBlocked(f"tests may not reach {address!r}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        check(rest[-1])
        return sendto(self, data, *rest)

    def guarded_resolve(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not name.replace(".", "").isdigit() and ":" not in name:
            check((name,))
        return resolve(host, *rest, **named)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.socket.sendto = guarded_sendto  # type: ignore[assignment, method-assign]
    socket.getaddrinfo = guarded_resolve


def _set_environment() -> Cluster | None:
    """Point the settings at this run's own data folder and database; the cluster if this process started one."""
    for name in [name for name in os.environ if name.startswith("TRESEN_")]:
        if not name.startswith("TRESEN_TEST_") and not (WORKER and name == "TRESEN_DATABASE_URL"):
            del os.environ[name]
    if not WORKER:
        os.environ[PLACE] = tempfile.mkdtemp(prefix="tresen-shared-")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tresen.config.settings",
        TRESEN_DATA=str(DATA),
        TRESEN_SECRET_KEY="0f3b9c71d2e84a56-only-for-tests-8e21c47d90ab",
        TRESEN_LOG="WARNING",
        TZ=TIME_ZONE,
    )
    time.tzset()
    if ENGINE == "sqlite" or WORKER:
        return None
    cluster = Cluster()
    os.environ["TRESEN_DATABASE_URL"] = cluster.url
    os.environ["PATH"] += f"{os.pathsep}{cluster.binaries}"  # pg_dump and pg_restore, for backups
    return cluster


def _set_up_django() -> None:
    """Load the product's own settings and change only what tests must have otherwise."""
    import django
    from django.conf import settings

    if settings.configured:
        raise pytest.UsageError(
            "The settings were read before the tests had set their environment; unset DJANGO_SETTINGS_MODULE."
        )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TIME_ZONE = TIME_ZONE
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    if ENGINE == "sqlite":
        # A file, not memory: threads and child processes of a test see the same database.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(DATA / "test.sqlite3")
    django.setup()
    from tests.lighter import lighten

    lighten()
    # A worker that inherited it would read the settings, and with them the data folder, before its own conftest.
    del os.environ["DJANGO_SETTINGS_MODULE"]


DATA = Path(tempfile.mkdtemp(prefix=f"tresen-test-{WORKER or 'main'}-"))
(DATA / "static").mkdir()  # what WhiteNoise looks for; tests serve from the sources
CLUSTER = _set_environment()
_guard_network()
_set_up_django()


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations that changed, once for all workers."""
    if not WORKER:
        from tresen.kit.translations import compile_catalogues

        compile_catalogues()
        if FULL_SIZE:
            config.pluginmanager.register(MeasuredTable(ENGINE))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what the run made, also after Ctrl-C."""
    shutil.rmtree(DATA, ignore_errors=True)
    if not WORKER:
        shutil.rmtree(os.environ[PLACE], ignore_errors=True)
    if CLUSTER:
        CLUSTER.stop()


def pytest_report_header(config: pytest.Config) -> str:
    """Say which database the run uses."""
    where = f"PostgreSQL, {CLUSTER.binaries}" if CLUSTER else "SQLite"
    return f"database: {where}; time zone: {TIME_ZONE}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other database engine, and the full-size tests of `make test-full`."""
    unwanted = ["postgres_only" if ENGINE == "sqlite" else "sqlite_only"] + ([] if FULL_SIZE else ["full"])
    dropped = [
        item
        for item in items
        if any(item.get_closest_marker(marker) for marker in unwanted) or _is_told_elsewhere(item)
    ]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    kept = [item for item in items if item not in dropped]
    items[:] = dealt_out(kept) if WORKER else kept


def _is_told_elsewhere(item: pytest.Item) -> bool:
    """Whether it is a story of several kinds that is told on the other engine; in full size all are told on both."""
    turn = item.get_closest_marker("in_turn")
    return bool(turn) and not FULL_SIZE and turn.args != (ENGINE,)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A part that needs a program from outside is skipped where it is missing, but fails in CI."""
    for marker, (program, find) in OUTSIDE_PARTS.items():
        if item.get_closest_marker(marker) and not find():
            if IN_CI:
                pytest.fail(f"{program} is not installed, and CI=true leaves nothing out", pytrace=False)
            pytest.skip(f"{program} is not installed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A test that failed in the browser tells what stood on its page, what its console told and what was refused."""
    report: Any = yield
    page = getattr(item, "funcargs", {}).get("page")
    if hasattr(page, "url") and report.when == "call" and report.failed:
        told = [page.url, *getattr(page, "complaints", ()), *getattr(page, "refused", ())]
        told += [f"no answer yet: {address}" for address in getattr(page, "waiting", ())]
        with suppress(Exception):  # the page may be gone, and the fault of the test is what counts
            told.append(str(page.evaluate(ASKED)))
            told.append(page.inner_text("body", timeout=1_000)[:4_000])
        report.sections.append(("the page", "\n".join(told)))
    return report  # type: ignore[no-any-return]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded stays to the end: looking through it for cycles again and again costs a sixth of the run."""
    gc.collect()
    gc.freeze()
    collect_less_often()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was left out."""
    skipped = terminalreporter.stats.get("skipped", [])
    for program, find in OUTSIDE_PARTS.values():
        count = sum(f"{program} is not installed" in str(report.longrepr) for report in skipped)
        if count and not find():
            terminalreporter.write_line(
                f"NOT TESTED: {count} tests need {program}, which is not installed (.ci/run installs it).",
                yellow=True,
                bold=True,
            )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The worker's database begins as a copy of tables that one of them has made."""
    from django.conf import settings

    own = settings.DATABASES["default"]["TEST"]
    model = tables()
    if ENGINE == "sqlite":
        shutil.copy(model / "data" / "tresen.sqlite3", own["NAME"])
    else:
        own["TEMPLATE"] = "model_tables"


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """What is there is not made anew, and goes with the folder or the cluster."""
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The rows of the migrations are remembered before the first test."""
    from tests.first_rows import keep_first_rows

    with django_db_blocker.unblock():
        keep_first_rows()


@pytest.fixture(autouse=True)
def _fresh_state() -> Iterator[None]:
    """No test inherits the language, the time zone, the cache or the outgoing mail of the one before."""
    from django.core.cache import cache
    from django.utils import timezone, translation

    yield
    for mail in DATA.glob("outgoing/*/*"):
        mail.unlink(missing_ok=True)
    translation.deactivate()
    timezone.deactivate()
    cache.clear()


@pytest.fixture(scope="session")
def full_size() -> bool:
    """Whether a safety test runs with the numbers as promised (make test-full) or with about a tenth of them."""
    return FULL_SIZE


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser's path; for tests marked `browser`, which are skipped (in CI: fail) without one."""
    path = find_chromium()
    assert path, "mark tests that use the browser with @pytest.mark.browser"
    return path


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Any]:
    """A running headless Chromium (playwright's sync Browser), shared by the tests of one worker."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, and Django would refuse the database in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def dovecot_path() -> str:
    """The IMAP server's path; for tests marked `imap`, which are skipped (in CI: fail) without one."""
    path = find_dovecot()
    assert path, "mark tests that use the IMAP server with @pytest.mark.imap"
    return path


@pytest.fixture
def sink() -> Iterator[Sink]:
    """The outside's SMTP server; it keeps what we send (`sink.wait(address)`)."""
    server = Sink()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def dovecot(dovecot_path: str) -> Iterator[Dovecot]:
    """A real IMAP server for tests marked `imap`; take a user name of your own in each test."""
    server = Dovecot(dovecot_path)
    yield server
    server.stop()


@pytest.fixture
def new_exim() -> Iterator[Callable[..., Exim]]:
    """Starts real mail servers of the outside, for tests marked `smtp`: `new_exim(reports_to=port)`."""
    program = find_exim()
    assert program, "mark tests that use the mail server with @pytest.mark.smtp"
    made: list[Exim] = []

    def start(**named: int) -> Exim:
        made.append(Exim(program, **named))
        return made[-1]

    yield start
    for server in made:
        server.stop()


@pytest.fixture
def new_instance(tmp_path: Path) -> Iterator[Callable[..., Instance]]:
    """Makes installations of their own: `new_instance(TRESEN_SMTP_URL=sink.url).start()`; all end with the test."""
    made: list[Instance] = []

    def make(**environment: str) -> Instance:
        folder = tmp_path / f"instance{len(made)}"
        folder.mkdir()
        made.append(Instance(folder, **environment))
        return made[-1]

    yield make
    for instance in made:
        instance.stop()
