"""Connections to SQLite wait for the next who needs one, as at first, and never cross a fork or a new file."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tresen.kit.sqlite import base

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A database of its own, with nothing waiting before and after."""
    waiting, base._idle[:] = list(base._idle), []
    path = tmp_path / "own.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE line (word TEXT)")
    made.close()
    yield path
    while base._idle:
        base._idle.pop()[1].close()
    base._idle[:] = waiting


def wrapper(path: Path) -> Any:
    """Django's connection to that file."""
    return base.DatabaseWrapper({**connections["default"].settings_dict, "NAME": str(path)}, alias="own")


def opened(path: Path) -> Any:
    """The same, with the one below it open."""
    made = wrapper(path)
    made.ensure_connection()
    return made


def test_what_one_gives_up_the_next_one_has_as_it_was_at_first(file: Path) -> None:
    one = opened(file)
    below = one.connection
    below.execute("PRAGMA foreign_keys=OFF")
    below.execute("PRAGMA synchronous=NORMAL")
    below.execute("BEGIN IMMEDIATE")
    below.execute("INSERT INTO line VALUES ('half done')")
    one.close()
    two = opened(file)
    assert two.connection is below
    asked = [below.execute(f"PRAGMA {name}").fetchone()[0] for name in ("foreign_keys", "synchronous")]
    assert asked == [1, 2] and below.execute("SELECT count(*) FROM line").fetchone() == (0,)
    two.close()


def test_after_a_fault_and_beyond_a_few_they_are_closed(file: Path) -> None:
    many = [opened(file) for _ in range(base.MOST_IDLE + 2)]
    many[0].errors_occurred = True
    below = [one.connection for one in many]
    for one in many:
        one.close()
    assert [found for _, found in base._idle] == below[1:-1]
    for closed in (below[0], below[-1]):
        with pytest.raises(sqlite3.ProgrammingError):
            closed.execute("SELECT 1")


def test_a_file_that_was_replaced_is_opened_anew(file: Path) -> None:
    opened(file).close()
    copy = file.with_suffix(".copy")
    shutil.copy(file, copy)
    copy.replace(file)
    with sqlite3.connect(file) as new:
        new.execute("INSERT INTO line VALUES ('new')")
    new.close()
    again = opened(file)
    with again.cursor() as cursor:
        assert cursor.execute("SELECT word FROM line").fetchone() == ("new",)
    again.close()


def test_a_connection_to_a_file_that_was_replaced_while_it_was_used_does_not_wait(file: Path) -> None:
    one = opened(file)
    copy = file.with_suffix(".copy")
    shutil.copy(file, copy)
    copy.replace(file)
    one.close()
    with sqlite3.connect(file) as new:
        new.execute("INSERT INTO line VALUES ('new')")
    new.close()
    again = opened(file)
    with again.cursor() as cursor:
        assert cursor.execute("SELECT word FROM line").fetchone() == ("new",)
    again.close()


def test_a_child_process_has_none_of_its_parents(file: Path) -> None:
    opened(file).close()
    assert len(base._idle) == 1
    child = os.fork()
    if not child:
        os._exit(len(base._idle))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(base._idle) == 1
