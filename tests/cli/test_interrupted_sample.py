"""A loading of the sample that was interrupted leaves no file behind: the next start removes what has no row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.models import Attachment
from tresen.faces.cli import prepare
from tresen.faces.cli.sample import ledger, loader
from tresen.kit import files

pytestmark = pytest.mark.django_db


class Interrupted(BaseException):
    """The end of the process, as far as a test can stage it."""


@pytest.fixture
def data(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    return tmp_path


def _stored(data: Path) -> set[str]:
    return {path.name for path in data.glob("files/??/*")}


def test_the_next_start_removes_the_files_of_an_interrupted_one(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = files.store_bytes(b"of somebody else, without a row yet").key

    def break_off(*_: Any) -> None:
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "_fill_outbox", break_off)
        with pytest.raises(Interrupted):
            prepare._load_sample()
    assert len(_stored(data)) > 1 and not Attachment.objects.exists()
    prepare._forget_interrupted_sample()
    assert _stored(data) == {old}
    prepare._load_sample()
    assert _stored(data) == {old, *Attachment.objects.values_list("storage_key", flat=True)}
    assert not loader.journal_of(data).exists()


def test_files_whose_rows_were_kept_stay(data: Path) -> None:
    kept: list[Attachment] = []

    def load_and_break_off() -> None:
        with files.journalled(loader.journal_of(data)):
            kept.append(prepare_file([b"kept"], filename="kept.txt"))
            kept[0].save()
            files.store_bytes(b"lost")
            raise Interrupted

    with pytest.raises(Interrupted):
        load_and_break_off()
    loader.journal_of(data).open("a").write("0123")  # a line that was cut off
    assert loader.forget_interrupted(data) == 1
    assert _stored(data) == {kept[0].storage_key}
    assert loader.forget_interrupted(data) == 0


def test_files_of_a_loading_that_goes_on_are_left_alone(data: Path) -> None:
    with files.journalled(loader.journal_of(data)):
        files.store_bytes(b"not committed yet")
        assert loader.forget_interrupted(data) == 0
        assert len(_stored(data)) == 1
