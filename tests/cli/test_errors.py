"""What a command says when it cannot do its work: a sentence, what to do, and the right exit code."""

from __future__ import annotations

import ast
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

import tresen.faces.cli as cli
from tests.instance import Instance
from tresen.faces.cli.main import main

SOURCES = sorted(Path(next(iter(cli.__path__))).rglob("*.py"))
RAISED = {"ClickException", "UsageError", "BadParameter"}


def _messages() -> Iterator[tuple[str, list[ast.expr]]]:
    """Where an error is raised with words of its own, and their parts."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RAISED:
                words = node.args[0]
                if isinstance(words, (ast.Constant, ast.JoinedStr)):
                    parts: list[ast.expr] = list(words.values) if isinstance(words, ast.JoinedStr) else [words]
                    yield f"{path.name}:{node.lineno}", parts


def test_every_error_is_a_sentence() -> None:
    found = list(_messages())
    assert len(found) > 20
    wrong = {
        place: ast.unparse(ast.JoinedStr(values=parts))
        for place, parts in found
        if (isinstance(parts[0], ast.Constant) and not str(parts[0].value)[:1].isupper())
        or not (isinstance(parts[-1], ast.Constant) and str(parts[-1].value).endswith("."))
    }
    assert wrong == {}


def test_every_error_says_what_to_do() -> None:
    silent = [
        place
        for place, parts in _messages()
        if not any(
            mark in str(part.value) for part in parts if isinstance(part, ast.Constant) for mark in (";", ", or")
        )
        and not str(getattr(parts[0], "value", "")).startswith("Give ")
    ]
    assert silent == []


@pytest.mark.parametrize("command", ["run", "web"])
@pytest.mark.parametrize("port", ["0", "70000", "x"])
def test_an_impossible_port_is_wrong_use(command: str, port: str) -> None:
    ran = CliRunner().invoke(main, [command, "--port", port])
    assert ran.exit_code == 2 and "--port" in ran.output and "Traceback" not in ran.output


def test_an_impossible_port_in_the_environment_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    ran = CliRunner().invoke(main, ["run"])
    assert ran.exit_code == 2 and "Error: " in ran.output


@pytest.mark.parametrize(
    ("name", "value", "command"),
    [
        ("TRESEN_LOG", "loud", "migrate"), ("TRESEN_TRUSTED_PROXIES", "proxy.example", "migrate"),
        ("TRESEN_DATABASE_URL", "mysql://x/y", "migrate"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_one_sentence_that_names_it(tmp_path: Path, name: str, value: str, command: str) -> None:
    environment = {**os.environ, "TRESEN_DATA": str(tmp_path), name: value}
    ran = subprocess.run(
        [sys.executable, "-m", "tresen.faces.cli.main", command], env=environment, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 1 and ran.stdout == ""
    assert ran.stderr.startswith("Error: ") and name in ran.stderr and ran.stderr.count("\n") == 1, ran.stderr


def _stands_for(name: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = import_module(f"tresen.core.tickets.migrations.{name}").Migration.replaces
    return found


@pytest.mark.sqlite_only
@pytest.mark.parametrize("lacking", [1, 10])
def test_a_database_of_an_older_development_version_is_told_what_to_do(tmp_path: Path, lacking: int) -> None:
    instance = Instance(tmp_path, TRESEN_SECRET_KEY=secrets.token_urlsafe(48))
    instance.data.mkdir()
    with closing(sqlite3.connect(instance.data / "tresen.sqlite3")) as old:
        old.execute("CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied text)")
        known = [one for part in ("0001_tables", "0002_first_rows") for one in _stands_for(part)]
        for app, name in known[:-lacking]:
            old.execute("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-11-22')", (app, name))
        old.commit()
    done = instance.cli("migrate")
    assert done.returncode == 1 and "28 November 2026" in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_a_listener_without_a_possible_address_says_so_in_one_sentence(new_instance: Callable[..., Instance]) -> None:
    ran = new_instance(TRESEN_LISTEN_SMTP="nowhere").prepare().cli("listen")
    assert ran.returncode == 1 and "TRESEN_LISTEN_SMTP" in ran.stderr and "Traceback" not in ran.stderr, ran.stderr


def test_a_taken_door_for_mail_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        instance = Instance(tmp_path, TRESEN_LISTEN_SMTP=f"127.0.0.1:{port}")
        done = instance.cli("run", "--port", str(instance.port))
    assert done.returncode == 1 and not done.stdout
    assert f"127.0.0.1:{port}" in done.stderr and "TRESEN_LISTEN_SMTP" in done.stderr
