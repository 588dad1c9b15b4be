"""`tresen doctor` looks at everything the desk stands on and says what to do; 1 when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk
from tests.instance import Instance
from tests.outside import free_port

Ran = tuple[int, dict[str, str], str]


def _doctor(instance: Instance) -> Ran:
    """Exit code, and each finding: its words and ok, or what to do."""
    ran = instance.cli("doctor")
    assert "Traceback" not in ran.stderr, ran.stderr
    found: dict[str, str] = {}
    last = ""
    for line in ran.stdout.splitlines():
        if line.startswith(("ok  ", "FAIL")):
            last = line[4:].strip()
            found[last] = "ok" if line.startswith("ok") else ""
        else:
            found[last] += line.strip()
    return ran.returncode, found, ran.stdout + ran.stderr


def _told(found: dict[str, str], words: str) -> str:
    """What is said of the one finding that contains these words."""
    matching = [advice for what, advice in found.items() if re.search(words, what)]
    assert len(matching) == 1, (words, found)
    return matching[0]


def test_a_running_desk_is_well(desk: RunningDesk) -> None:
    _code, found, told = _doctor(desk.instance)
    for words in (
        "^data folder .*mode", "secret key", "can be written", "^address", "^database (sqlite|postgresql)$", "^clock",
        "schema, 0 steps", "worker is alive", "listener is alive", "oldest job", "0 jobs have failed",
        f"mailbox {MAILBOX}$",
    ):  # fmt: skip
        assert _told(found, words) == "ok", told
    assert "outgoing" in told and "TRESEN_SMTP_URL" in told, "where mail goes as long as there is no relay"
    assert [what for what in found if what.startswith("box for hostile mail")], "which walls stand"


def test_it_ends_with_1_when_and_only_when_something_is_wrong(desk: RunningDesk) -> None:
    code, found, told = _doctor(desk.instance)
    wrong = [what for what, advice in found.items() if advice != "ok"]
    # The disk of the machine that runs the tests may truly be full.
    assert all(what.startswith("disk") for what in wrong), told
    assert code == (1 if wrong else 0)


def test_a_desk_that_does_not_run_is_told_how_to_start(new_instance: Callable[..., Instance]) -> None:
    instance = new_instance().prepare()
    code, found, told = _doctor(instance)
    assert code == 1
    assert "tresen run" in _told(found, "worker is alive"), told
    assert "tresen run" in _told(found, "listener is alive")


def test_a_desk_without_its_tables_is_told_to_migrate(new_instance: Callable[..., Instance]) -> None:
    code, found, told = _doctor(new_instance())
    assert code == 1
    assert "tresen migrate" in _told(found, "^schema, [1-9]"), told


def test_folders_and_keys_that_others_can_read_are_named(new_instance: Callable[..., Instance]) -> None:
    instance = new_instance().prepare()
    instance.data.chmod(0o755)
    (instance.data / "secret.key").chmod(0o644)
    code, found, _ = _doctor(instance)
    assert code == 1
    assert f"chmod 700 {instance.data}" in _told(found, "^data folder .*mode 755")
    assert "chmod 600" in _told(found, "secret key, mode 644")


def test_a_database_that_does_not_answer_is_named(new_instance: Callable[..., Instance]) -> None:
    instance = new_instance()
    instance.environment["TRESEN_DATABASE_URL"] = f"postgresql://tresen@127.0.0.1:{free_port()}/tresen"
    code, found, told = _doctor(instance)
    assert code == 1
    assert "TRESEN_DATABASE_URL" in _told(found, "^database: .*refused"), told
    assert "Is the server running" in told and "pool" not in told, "the reason, once"


def test_an_address_in_the_clear_is_named(new_instance: Callable[..., Instance]) -> None:
    instance = new_instance(TRESEN_BASE_URL="http://help.lindhafen.example").prepare()
    _code, found, told = _doctor(instance)
    assert "https" in _told(found, "^address http://help.lindhafen.example"), told


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TRESEN_SECRET_KEY", "changeme", "secret key"), ("TRESEN_DATABASE_URL", "mysql://x/y", "TRESEN_DATABASE_URL"),
        ("TRESEN_FILES_URL", "s3://bucket", "TRESEN_FILES_URL"),
        ("TRESEN_SECRET_KEY_FILE", "/no/such/file", "cannot be read"),
    ],
)  # fmt: skip
def test_an_environment_that_cannot_work_is_one_sentence(
    new_instance: Callable[..., Instance], name: str, value: str, words: str
) -> None:
    ran = new_instance(**{name: value}).cli("doctor")
    assert ran.returncode != 0 and ran.stdout == ""
    assert words in ran.stderr and len(ran.stderr.strip().splitlines()) == 1, ran.stderr
