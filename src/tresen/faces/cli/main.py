"""`tresen`: the command line. Groups are thin; each command calls one service."""

from __future__ import annotations

import importlib
import os
from typing import Any

import click

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tresen.config.settings")

# Command → module:attribute; imported when asked for, so that `mail parse` and `clock due` start without the database.
COMMANDS = {
    "run": "processes:run",
    "web": "processes:web",
    "work": "processes:work",
    "listen": "processes:listen",
    "migrate": "upkeep:migrate",
    "doctor": "doctor:doctor",
    "admin": "people:admin",
    "token": "people:token",
    "sample": "sample.command:sample",
    "mail": "mail:mail",
    "clock": "clocks:clock",
    "search": "upkeep:search",
    "learn": "upkeep:learn",
    "integrity": "upkeep:integrity",
    "privacy": "privacy:privacy",
    "backup": "backups:backup",
    "restore": "backups:restore",
    "bench": "bench:bench",
}


class LazyGroup(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        found: Any = getattr(importlib.import_module(f"tresen.faces.cli.{module}"), attribute)
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; a database that cannot be used ends it with one sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except Exception as fault:
            from django.db import Error  # not at the top: `mail parse` needs no database

            if not isinstance(fault, Error):
                raise
            said = " ".join(str(fault).split()) or type(fault).__name__
            raise click.ClickException(
                f"The database cannot be used ({said}); see that it runs and run tresen migrate."
            ) from fault


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Tresen, the helpdesk. `tresen run` starts everything; `tresen COMMAND --help` explains a command."""


if __name__ == "__main__":
    main()
