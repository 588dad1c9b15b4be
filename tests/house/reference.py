"""`make docs`: the reference pages that are made from the code, written to build/docs.

commands.md     every command of the command line with its options, as --help says them
actions.md      every action of the desk: its names in all languages, its key, where it applies
openapi.json    the REST interface
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
import django

from tests.house.source import ROOT

TARGET = ROOT / "build" / "docs"


def commands(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    """Every command below `command` with the text of its help, groups before their members."""
    context = click.Context(command, info_name=path, terminal_width=110, max_content_width=110)
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            if member:
                yield from commands(member, f"{path} {name}")


def actions() -> str:
    """The table of actions as a page."""
    from django.utils import translation

    from tresen.kit.actions import all_actions
    from tresen.kit.keys import caps

    lines = ["# Actions", "", "What one can do at the desk: by its key, or by its name in the palette (Ctrl K).", ""]
    lines += ["| key | action | Deutsch | Polski | where |", "| --- | --- | --- | --- | --- |"]
    for action in all_actions():
        names = []
        for language in ("en", "de", "pl"):
            with translation.override(language):
                names.append(str(action.label))
        with translation.override("en"):
            key = " ".join(caps(action.key, "Ctrl"))
            lines.append(f"| {f'`{key}`' if key else ''} | {' | '.join(names)} | {action.where.label} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write all pages and say where they lie."""
    django.setup()
    from django.test import Client

    from tresen.faces.cli.main import main as tresen

    TARGET.mkdir(parents=True, exist_ok=True)
    pages = [f"## {path}\n\n```\n{words}\n```\n" for path, words in commands(tresen, "tresen")]
    (TARGET / "commands.md").write_text("# Commands\n\n" + "\n".join(pages))
    (TARGET / "actions.md").write_text(actions())
    answer = Client().get("/api/v1/openapi.json")
    (TARGET / "openapi.json").write_text(json.dumps(json.loads(answer.content), indent=1, ensure_ascii=False) + "\n")
    print(f"See {TARGET.relative_to(ROOT)}/.")


if __name__ == "__main__":
    main()
