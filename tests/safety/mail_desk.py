"""One running desk for the mail promises of a module, so that it is started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.conftest import RunningDesk
from tests.instance import Instance
from tests.outside import Sink


@pytest.fixture(scope="module")
def outside() -> Iterator[Sink]:
    """The outside's mail server."""
    sink = Sink()
    yield sink
    sink.stop()


@pytest.fixture(scope="module")
def mail_desk(outside: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk with the mailbox help@desk.example that sends to the outside."""
    folder: Path = tmp_path_factory.mktemp("desk")
    instance = Instance(folder, TRESEN_SMTP_URL=outside.url).start()
    yield RunningDesk(instance).set_up()
    instance.stop()
