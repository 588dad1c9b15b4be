"""`tresen mail parse`: what the intake understands of a mail. Touches no database."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import click
import orjson

from tresen.channels.mail.box import read_headers_in_box, read_in_box
from tresen.channels.mail.reading import JOBS, read_mail
from tresen.kit.box import Box, BoxError
from tresen.kit.mime import LIMITS

WORKERS = 2
WAITING = 8


@click.command()
@click.argument("file", required=False)
@click.option("--lines", is_flag=True, help="Read file names from standard input and print one JSON object a line.")
def parse(file: str | None, lines: bool) -> None:
    """Prints what the intake understands of a mail, as one JSON object. FILE is a path, or - for standard input.

    Example: tresen mail parse request.eml
    """
    if lines == (file is not None):
        raise click.UsageError("Give one FILE (or - for standard input), or --lines with file names on standard input.")
    with Box(JOBS, size=WORKERS) as box:
        if lines:
            names = (line.rstrip("\r\n") for line in sys.stdin)
            faults = sum(_print_line(answer) for answer in _in_order(box, (name for name in names if name)))
            sys.exit(1 if faults else 0)
        # One byte more than is ever read tells that it is too much.
        raw = sys.stdin.buffer.read(LIMITS.raw + 1) if file == "-" else _read(str(file))
        answer = _answer(box, raw)
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2))
        sys.exit(1 if "error" in answer else 0)


def _read(name: str) -> bytes:
    try:
        return _bytes(name)
    except OSError as fault:
        raise click.UsageError(f"{name} cannot be read ({fault.strerror}); give the path of a mail.") from fault


def _bytes(name: str) -> bytes:
    with open(name, "rb") as file:
        return file.read(LIMITS.raw + 1)


def _in_order(box: Box, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The answers in the order of the names; as many mails are read at once as there are workers."""
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[Future[dict[str, Any]]] = deque()
        for name in names:
            waiting.append(pool.submit(_answer_file, box, name))
            if len(waiting) >= WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _answer_file(box: Box, name: str) -> dict[str, Any]:
    try:
        return _answer(box, _bytes(name))
    except (OSError, ValueError) as fault:
        return {"error": f"{name} cannot be read: {getattr(fault, 'strerror', fault)}"}


def _answer(box: Box, raw: bytes) -> dict[str, Any]:
    try:
        return read_in_box(raw, box=box)
    except BoxError:
        try:
            return read_headers_in_box(raw, box=box)
        except BoxError as fault:
            # Every key is there, as in any answer; what they would say is not known.
            return {**read_mail(b"", only_headers=True), "error": f"the mail cannot be read: {fault}"}


def _print_line(answer: dict[str, Any]) -> int:
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()
    return int("error" in answer)
