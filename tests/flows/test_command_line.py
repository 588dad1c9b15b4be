"""What a command says and with which code it ends when the world is not as it should be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from click import ClickException
from click.testing import CliRunner
from django.db import OperationalError

from tresen.faces.cli import checks, processes
from tresen.faces.cli import mail as mail_commands
from tresen.faces.cli.main import main


def raising(fault: BaseException) -> Callable[..., Any]:
    """A function that only raises."""

    def fail(*_arguments: object, **_named: object) -> None:
        raise fault

    return fail


def test_a_database_that_cannot_be_used_ends_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "all_faults", raising(OperationalError("no such table: x\n  LINE 1")))
    ran = CliRunner().invoke(main, ["integrity", "check"])
    assert ran.exit_code == 1
    assert ran.output.count("\n") == 1 and "no such table: x LINE 1" in ran.output


@pytest.mark.parametrize("fault", [RuntimeError("half installed"), SystemExit("wrong setting"), ImportError("x")])
def test_a_mail_that_cannot_be_taken_in_now_is_to_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    monkeypatch.setattr(mail_commands, "set_up", raising(fault))
    ran = CliRunner().invoke(
        main, ["mail", "receive", "--to", "help@desk.example", "-"], input=b"From: a@b.example\n\n"
    )
    assert ran.exit_code == 75
    assert str(fault) in ran.output


@pytest.mark.django_db
def test_a_mail_for_nobody_is_not_tried_again() -> None:
    ran = CliRunner().invoke(main, ["mail", "receive", "--to", "nobody@desk.example", "-"], input=b"x")
    assert ran.exit_code == 1
    assert "no active mailbox" in ran.output


def test_a_child_ends_with_its_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _pid, number: signals.append(number))
    monkeypatch.setattr(threading.Thread, "start", lambda self: self.run())
    # The thread that watches sees a parent that is not (or no longer) the supervisor.
    monkeypatch.setattr(os, "getppid", lambda: 1)
    processes._follow_parent(1_000_000_000)
    assert signals == [signal.SIGTERM]


def test_a_child_says_its_fault_in_one_sentence_and_ends(capfd: pytest.CaptureFixture[str]) -> None:
    supervisor = processes.Supervisor({"listen": raising(ClickException("The certificate cannot be used."))})
    supervisor._keep("listen")
    supervisor.children["listen"].join(timeout=20)
    assert supervisor.children["listen"].exitcode == 1
    assert capfd.readouterr().err == "Error: The certificate cannot be used.\n"


def test_the_wish_to_end_is_heard_at_any_moment() -> None:
    """SIGTERM at each of the first lines that the waiting supervisor runs, its library's included."""
    script = """
import os, signal, sys
from tresen.faces.cli import processes

processes.LOOK_SECONDS = 0.001
for moment in range(1, 60):
    left = moment
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def strike(frame, event, argument):
        global left
        left -= event == "line" and signal.getsignal(signal.SIGINT) == supervisor._end
        if left == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        return strike

    supervisor = processes.Supervisor({})
    sys.settrace(strike)
    supervisor.run()
    sys.settrace(None)
    print(moment, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split()[-1] == "59", done.stderr
