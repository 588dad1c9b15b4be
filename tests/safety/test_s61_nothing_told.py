"""S61: no stack trace, version, repository, setting, list of files or source, whatever is asked and however (P8)."""

from __future__ import annotations

import re
import smtplib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
import psycopg
import pytest

from tests.flows.conftest import RunningDesk
from tests.outside import Sink
from tests.safety.plain_http import Answer, ask
from tests.safety.test_s08_object_matrix import routes

pytestmark = pytest.mark.once

SECRET_HEADER = "only-the-browser-knows-this"
# What tells a stranger what runs here, or how.
WORDS = (
    "traceback", "site-packages", "dist-packages", "/src/tresen", 'file "', "exception", "operationalerror", "psycopg",
    "programmingerror", "sqlite3.", "no such table", "uvicorn", "hypercorn", "httptools", "whitenoise", "werkzeug",
    "aiosmtpd", "cpython", "python/", "secret_key", "django_settings", "installed_apps", "sqlite format", "-----begin",
    "[core]", "ref: refs/", "x-powered-by",
)  # fmt: skip
SOURCE = re.compile(r"\.py\b")
# What the administrator's pages may name, and nobody else's.
SETTINGS = re.compile(r"TRESEN_[A-Z]")
HIDDEN = """
.git .git/HEAD .git/config .git/index .gitignore .gitattributes .svn/entries .hg/requires .env .env.local
.DS_Store .htaccess .htpasswd .ssh/id_rsa .bash_history .aws/credentials .npmrc .pypirc .netrc .env.production
secret.key tresen.sqlite3 tresen.sqlite3-wal tresen.sqlite3-shm sample.json outgoing/ outgoing/new/ log.txt log/ logs/
var/secret.key data/secret.key backup.tar backup/ dump.sql database db.sqlite3 config.json settings.py manage.py
pyproject.toml requirements.txt requirements/ uv.lock Makefile Dockerfile docker-compose.yml CHANGELOG.md README.md
src/tresen/config/settings.py tresen/config/settings.py src/ tests/ docs/ node_modules/ package.json SECURITY.md
media/ uploads/ upload/ files/ file/ attachments/ storage/ static/ static/kit/ static/kit/css/ static/desk/ assets/
static/.fingerprint static/staticfiles.json static-names/staticfiles.json static.fingerprint static/kit/css/..
static/kit/../../secret.key static/../secret.key static/%2e%2e/secret.key static/..%2fsecret.key
static/..%5csecret.key static/%2e%2e%2fsecret.key static/..%252fsecret.key static/....//secret.key static/%00
static/..;/secret.key static//etc/passwd static/kit/css/%2e%2e/%2e%2e/%2e%2e/secret.key static/..%c0%afsecret.key
admin/ admin/login/ __debug__/ debug/ server-status server-info phpinfo.php actuator/env metrics console/ graphql
swagger.json api/schema/ api/v1/openapi.yaml api-docs elmah.axd trace.axd .well-known/ cgi-bin/ wp-login.php
../secret.key ../../etc/passwd %2e%2e/%2e%2e/etc/passwd ..%2f..%2fetc%2fpasswd /etc/passwd //etc/passwd ;/secret.key
""".split()
BELOW = ("", "desk/", "settings/", "api/v1/", "files/", "t/", "me/", "requests/")
STRANGE = {"str": ("x", "%00", "%ff%fe", "..%2f..", "A" * 4000, "%F0%9F%92%A9"), "int": ("1", "0", "9" * 25)}
METHODS = ("OPTIONS", "TRACE", "TRACK", "PROPFIND", "CONNECT")
QUERIES = (
    "?cursor=%00&q=%00&query=%00&page=%ff&limit=-1&before=%F0%9F&mine=%00&all=%00&next=%00&outcome=%00",
    "?cursor[]=1&q=%22&query=status:&sort=__class__&lang=%00&limit=9999999999999999999999&page=1e9&next=//x",
)


def told_at(text: str) -> int | None:
    """Where a text tells what runs here, in letters of any case; None where it does not. One pattern of all the words
    would take twenty times as long."""
    small = text.lower()
    for word in WORDS:
        if (place := small.find(word)) >= 0:
            return place
    found = SOURCE.search(small)
    return found.start() if found else None


@dataclass(frozen=True)
class Prober:
    """Asks a running desk, as nobody, as its administrator, and as a program with a token."""

    desk: RunningDesk
    cookie: str

    def ask(self, method: str, path: str | bytes, body: bytes = b"", *, who: str = "nobody", **headers: str) -> Answer:
        """One request; fails the test when the server hangs up without an answer, or tells something."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if who == "admin":
            named.setdefault("Cookie", self.cookie)
        if who == "program":
            named.setdefault("Authorization", f"Bearer {self.desk.token}")
        answer = ask(self.desk.instance.port, method, path, named, body)
        assert answer, (method, path, "no answer")
        self.tells_nothing(answer, (who, method, path))
        return answer

    def tells_nothing(self, answer: Answer, where: Any) -> None:
        """Looks at every byte of an answer."""
        # A redirect to the address with its slash at the end names what was asked, and nothing else.
        asked = where[2] if isinstance(where[2], str) else ""
        told = answer.all_of_it.replace(f"location: {asked}/", "location:") if asked else answer.all_of_it
        found = told_at(told)
        assert found is None, (*where, told[max(0, found - 200) : found + 200])
        assert "django" not in told.replace("django_htmx", "").replace("csrfmiddlewaretoken", "").lower(), where
        assert django.get_version() not in told and version("tresen") not in told, where
        assert where[0] == "admin" or not SETTINGS.search(told), where
        assert not {"server", "x-powered-by", "via", "x-runtime", "x-debug"} & set(answer.headers), where


@pytest.fixture(scope="module")
def prober(mail_desk: RunningDesk, outside: Sink) -> Iterator[Prober]:
    cookies = "; ".join(f"{c.name}={c.value}" for c in mail_desk.signed_in().jar)
    yield Prober(mail_desk, cookies)


def _addresses(strange: int) -> list[tuple[str, str]]:
    """Name and path of every address of the product, its parameters filled with one of the strange values."""
    found = []
    for route in routes():

        def fill(match: re.Match[str]) -> str:
            if match[1] == "uuid:":
                return "00000000-0000-4000-8000-000000000000"
            values = STRANGE["int" if match[1] == "int:" else "str"]
            return values[strange % len(values)]

        found.append((route.name, "/" + re.sub(r"<(\w+:)?\w+>", fill, route.template)))
    return found


def _some(addresses: list[tuple[str, str]], number: int, full_size: bool) -> list[tuple[str, str]]:
    """All in full size; else every third, so that three neighbours with their numbers have asked them all."""
    return addresses if full_size else addresses[number % 3 :: 3]


def test_s61_no_address_answers_a_strange_parameter_with_a_fault(prober: Prober, full_size: bool) -> None:
    for strange in range(6):
        for name, path in _some(_addresses(strange), strange, full_size):
            for who in ("program",) if name.startswith("api:") else ("nobody", "admin"):
                answer = prober.ask("GET", path, who=who)
                assert answer.status < 500, (who, path, answer.status)


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_s61_no_address_answers_a_strange_query_with_a_fault(prober: Prober, number: int, full_size: bool) -> None:
    query = QUERIES[number]
    for name, path in _some(_addresses(0), number, full_size):
        for who in ("program",) if name.startswith("api:") else ("nobody", "admin"):
            assert prober.ask("GET", path + query, who=who).status < 500, (who, path)


@pytest.mark.parametrize("method", METHODS)
def test_s61_no_method_shows_source_or_gives_back_what_was_sent(prober: Prober, method: str, full_size: bool) -> None:
    for name, path in _some(_addresses(0), METHODS.index(method), full_size):
        answer = prober.ask(method, path, who="admin", X_Secret=SECRET_HEADER)
        assert answer.status in {200, 204, 302, 400, 401, 403, 404, 405, 501}, (name, answer.status)
        assert SECRET_HEADER not in answer.all_of_it and prober.cookie not in answer.all_of_it, name
        if method == "OPTIONS":
            assert "access-control-allow-origin" not in answer.headers, name
        else:
            assert answer.status not in {200, 204}, (method, name)


def test_s61_hidden_files_are_not_there(prober: Prober, full_size: bool) -> None:
    key = (prober.desk.instance.data / "secret.key").read_text().strip()
    for below in BELOW if full_size else BELOW[:1]:
        for path in HIDDEN:
            answer = prober.ask("GET", f"/{below}{path}")
            where = f"/{below}{path} answers {answer.status}"
            assert answer.status in {301, 302, 400, 401, 404}, where
            assert key not in answer.all_of_it and "root:x:" not in answer.all_of_it, where
            if answer.status in {301, 302}:
                assert re.match(r"/(sign-in/\?next=|static/|$)|/[^/]", answer.headers["location"]), (
                    where,
                    answer.headers,
                )


def test_s61_hidden_files_are_not_there_for_an_administrator(prober: Prober, full_size: bool) -> None:
    for path in HIDDEN if full_size else HIDDEN[::3]:
        for below in BELOW if full_size else ("settings/",):
            status = prober.ask("GET", f"/{below}{path}", who="admin").status
            assert status in {301, 302, 400, 401, 404}, (below, path, status)


def test_s61_static_files_are_served_one_by_one_only(prober: Prober) -> None:
    page = prober.ask("GET", "/sign-in/").body.decode()
    style = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert style and prober.ask("GET", style.group(1)).status == 200
    folder = style.group(1)
    while folder := folder.rstrip("/").rpartition("/")[0]:
        for name in ("", "index.html", ".", "*", "?C=M;O=A"):
            assert prober.ask("GET", f"{folder}/{name}").status == 404, f"{folder}/{name}"


JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TICKETS, SIGN_IN, NEW = "/api/v1/tickets", "/sign-in/", "/requests/new/"
BROKEN: dict[str, tuple[str, str, dict[str, str], bytes]] = {
    "a body that is no JSON": ("POST", TICKETS, JSON, b"{"),
    "JSON that is not an object": ("POST", TICKETS, JSON, b"[[[[1]]]]"),
    "deep JSON": ("POST", TICKETS, JSON, b"[" * 100_000),
    "huge numbers": ("POST", TICKETS, JSON, b'{"subject":' + b"9" * 5000 + b"}"),
    "bytes that are no text": ("POST", TICKETS, JSON, b'{"subject":"\xff\xfe"}'),
    "lone surrogates": ("POST", TICKETS, JSON, b'{"subject":"\\ud800","body_text":"\\udfff"}'),
    "NUL in text": ("POST", TICKETS, JSON, b'{"subject":"\\u0000","body_text":"a\\u0000"}'),
    "another type": ("POST", TICKETS, {"Content-Type": "application/xml"}, b"<x/>"),
    "no boundary": ("POST", NEW, {"Content-Type": "multipart/form-data"}, b"x"),
    "a boundary that never comes": ("POST", NEW, {"Content-Type": "multipart/form-data; boundary=a"}, b"--b\r\n"),
    "an unknown charset": ("POST", SIGN_IN, {"Content-Type": FORM["Content-Type"] + "; charset=x-evil"}, b"a=b"),
    "too many fields": ("POST", SIGN_IN, FORM, b"a=b&" * 5000),
    "NUL in a form": ("POST", SIGN_IN, FORM, b"email=%00&password=%00"),
    "no form token": ("POST", SIGN_IN, FORM, b"email=a&password=b"),
    "a session that is none": ("GET", "/desk/", {"Cookie": "tresen=\x01\x02; tresen-csrf=%00"}, b""),
    "a language that is none": ("GET", "/", {"Cookie": "tresen-language=../../x"}, b""),
    "another host": ("GET", "/", {"Host": "evil.example"}, b""),
    "a host that is none": ("GET", "/desk/", {"Host": "a b<script>"}, b""),
    "strange languages": ("GET", "/", {"Accept-Language": "x" * 600 + ";q=a,;;,*"}, b""),
    "strange htmx headers": ("GET", SIGN_IN, {"HX-Request": "true", "HX-Current-URL": "http://[::1"}, b""),
    "strange conditions": ("GET", "/api/v1/openapi.json", {"If-None-Match": '"', "Range": "bytes=-"}, b""),
    "a strange key": ("POST", "/api/v1/teams", {**JSON, "Idempotency-Key": "\xff" * 300}, b'{"name":"a"}'),
    "a token in bytes": ("GET", TICKETS, {"Authorization": "Bearer \xff\xfe"}, b""),
    "a body with a GET": ("GET", "/desk/", JSON, b"{"),
    "a length that is none": ("POST", SIGN_IN, {"Content-Length": "-1"}, b""),
    "a long address": ("GET", "/" + "a" * 60_000, {}, b""),
    "a long header": ("GET", "/", {"X-Long": "a" * 60_000}, b""),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_s61_a_broken_request_is_told_nothing(prober: Prober, name: str) -> None:
    method, path, headers, body = BROKEN[name]
    for who in ("program",) if path.startswith("/api/") else ("nobody", "admin"):
        named = {key.replace("-", "_"): value for key, value in headers.items()}
        assert prober.ask(method, path, body, who=who, **named).status < 500, (who, name)


def test_s61_the_mail_door_names_no_program_and_no_version(mail_desk: RunningDesk) -> None:
    with smtplib.SMTP("127.0.0.1", mail_desk.instance.smtp_port, timeout=20) as server:
        said = [server.docmd(*words) for words in (("EHLO", "a.example"), ("HELP",), ("FOO",), ("VRFY", "root"))]
        server.send(b"MAIL FROM:<\xff\xfe>\r\n")
        said.append(server.getreply())
        said += [server.docmd(*words) for words in (("RCPT", "TO:<root>"), ("DATA",), ("EXPN", "x"), ("X" * 600,))]
    for code, words in said:
        assert told_at(words.decode(errors="replace")) is None, (code, words)
        assert not re.search(rb"\d+\.\d+\.\d{2,}", words), (code, words)


def test_s61_z_a_real_fault_is_told_in_general_words_only(prober: Prober) -> None:
    """Last, for it breaks the desk: a table is gone, and every page that needs it says so in its own way."""
    _drop_table(prober.desk.instance.data, prober.desk.instance.environment)
    told = {}
    for path, who in (("/desk/search/?q=x", "admin"), ("/api/v1/tickets", "program"), (f"/t/{'A' * 43}/", "nobody")):
        for language in ("en", "de", "pl"):
            cookie = {"Cookie": f"{prober.cookie}; tresen-language={language}"} if who == "admin" else {}
            answer = prober.ask("GET", path, who=who, Accept_Language=language, **cookie)
            assert answer.status in {404, 500, 503} if who == "nobody" else answer.status in {500, 503}, path
            assert answer.headers.get("content-language", language) == language, path
            told[path, language] = answer.body
    assert len(set(told.values())) == len(told), "each in its own language"
    assert "Traceback" in prober.desk.instance.log.read_text(), "whoever runs the desk finds the fault in its log"


def _drop_table(data: Path, environment: dict[str, str]) -> None:
    url = environment.get("TRESEN_DATABASE_URL", "")
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TABLE tickets_ticket CASCADE")
        return
    database = sqlite3.connect(data / "tresen.sqlite3", timeout=20)
    database.execute("DROP TABLE tickets_ticket")
    database.commit()
    database.close()
