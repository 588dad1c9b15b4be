"""A desk on which commands are run, started once for this folder by each worker of the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.conftest import RunningDesk
from tests.instance import Instance


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A running desk after its first run; its mail goes to the outgoing folder."""
    instance = Instance(tmp_path_factory.mktemp("cli"))
    yield RunningDesk(instance).start()
    instance.stop()
