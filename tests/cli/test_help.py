"""Every command explains itself with an example, and ends with 2 when it is used wrongly."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from tresen.faces.cli.main import main


def _commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            assert member, name
            yield from _commands(member, (*words, name))


ALL = list(_commands(main))
SINGLE = [words for words, command in ALL if not isinstance(command, click.Group)]
GROUPS = [words for words, command in ALL if isinstance(command, click.Group)]
# What scripts rely on (docs, contract); more may come.
PROMISED = """
run web work listen migrate doctor backup restore
admin-create admin-reset-factors token-create token-list token-revoke sample-load
mail-parse mail-receive mail-fetch mail-ledger mail-retry integrity-check
""".split()


def test_the_promised_commands_are_there() -> None:
    assert set(PROMISED) <= {"-".join(words) for words in SINGLE}


@pytest.mark.parametrize("words", SINGLE, ids=" ".join)
def test_a_command_explains_itself_with_an_example(words: tuple[str, ...]) -> None:
    ran = CliRunner().invoke(main, [*words, "--help"], terminal_width=200)
    assert ran.exit_code == 0
    told = " ".join(ran.output.split())
    assert "Example: " in told and f"tresen {' '.join(words)}" in told.partition("Example: ")[2], ran.output


@pytest.mark.parametrize("words", GROUPS, ids=" ".join)
def test_a_group_says_what_its_commands_do(words: tuple[str, ...]) -> None:
    ran = CliRunner().invoke(main, [*words, "--help"], terminal_width=200)
    assert ran.exit_code == 0
    # The name of each command and at least one word about it.
    listed = [line.split() for line in ran.output.partition("Commands:")[2].strip().splitlines()]
    assert listed and all(len(line) > 1 for line in listed), ran.output


@pytest.mark.parametrize("words", [*SINGLE, *GROUPS], ids=" ".join)
def test_a_wrong_option_is_wrong_use(words: tuple[str, ...]) -> None:
    ran = CliRunner().invoke(main, [*words, "--no-such-option"])
    assert ran.exit_code == 2 and "--no-such-option" in ran.output


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["token", "nonsense"], ["admin", "create"], ["token", "create"], ["token", "revoke", "x"],
     ["token", "create", "--agent", "a@b.example", "--days", "0"], ["mail", "receive", "-"], ["mail", "retry", "x"],
     ["restore", "/no/such/file.tar"], ["backup"], ["run", "--port", "x"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_is_told_apart_from_a_fault(words: list[str]) -> None:
    ran = CliRunner().invoke(main, words)
    assert ran.exit_code == 2, ran.output
    assert "Error: " in ran.output and "Traceback" not in ran.output
