"""What is stored is on the disk with its name, so that a loss of power takes nothing that was accepted (P14)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings

from tresen.config.environment import read_environment
from tresen.kit import files


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every file and folder that was brought to the disk, in order, by its number."""
    seen, sync = list[int](), os.fsync

    def watched(handle: int) -> None:
        seen.append(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    return seen


def numbers(*paths: Path) -> list[int]:
    return [path.stat().st_ino for path in paths]


def test_a_stored_file_is_durable_and_so_is_its_name(
    synced: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FILES", tmp_path / "files")
    place = files.path_of(files.store_bytes(b"invoice").key)
    assert synced == numbers(tmp_path, tmp_path / "files", place, place.parent)
    synced.clear()
    place.parent.rename(tmp_path / "other")  # the folders above are there from now on
    place = files.path_of(files.store_bytes(b"invoice").key)
    assert synced[-2:] == numbers(place, place.parent) and tmp_path.stat().st_ino not in synced


def test_the_secret_key_is_durable_before_it_is_used(
    synced: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRESEN_SECRET_KEY", raising=False)
    monkeypatch.setenv("TRESEN_DATA", str(tmp_path))
    key = read_environment().secret_key
    assert synced == numbers(tmp_path / "secret.key", tmp_path)
    assert read_environment().secret_key == key and (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
