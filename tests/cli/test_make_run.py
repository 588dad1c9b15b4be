"""`make run`, the one command of a newcomer: with everything installed, an empty folder becomes a desk that answers."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.instance import Instance
from tests.outside import wait_for
from tests.postgres import die_with_parent

# Alone on a machine it takes some seconds; beside the rest of the suite it may take several times that.
MOST_SECONDS = 60


@pytest.mark.sqlite_only
def test_make_run_makes_an_empty_folder_a_desk_that_answers(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    desk = Instance(tmp_path)
    own = {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TRESEN_LISTEN_SMTP"}
    environment = {name: value for name, value in desk.environment.items() if name in own}
    command = ["make", "run", f"PORT={desk.port}", f"TRESEN_DATA={desk.data}", "SAMPLE=0"]
    began = time.monotonic()
    with desk.log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, preexec_fn=die_with_parent(),
        )  # fmt: skip
    try:
        wait_for(lambda: process.poll() is not None or _is_ready(desk), seconds=MOST_SECONDS, what="/readyz")
        seconds = time.monotonic() - began
        assert process.poll() is None, desk.log.read_text()
        assert f"http://127.0.0.1:{desk.port}/first-run/ with the code" in desk.log.read_text()
        assert desk.get("/first-run/")[0] == 200
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
    record_property("seconds from make run to an answer, empty folder", round(seconds, 1))
    assert (desk.data / "secret.key").stat().st_mode & 0o777 == 0o600
    wait_for(lambda: not _is_ready(desk), what="the desk to end with its make")


def _is_ready(desk: Instance) -> bool:
    try:
        return desk.get("/readyz")[0] == 200
    except OSError:
        return False
