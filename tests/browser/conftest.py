"""The sample desk, started once for everything that looks at it in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.sample_desk import SampleDesk


@pytest.fixture(scope="session")
def sample_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleDesk]:
    """The running sample desk."""
    made = SampleDesk(tmp_path_factory.mktemp("sample"))
    yield made
    made.instance.stop()
