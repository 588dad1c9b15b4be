"""Styles are joined, modules hashed, and a first load stays small."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders, storage
from django.core.files.storage import FileSystemStorage
from django.test import override_settings

from tests.look.pages import draw
from tresen.kit import assets
from tresen.kit.templatetags.kit import face_css, face_js


@pytest.fixture
def collected(tmp_path: Path) -> Iterator[assets.JoinedStaticFilesStorage]:
    """The storage after `collectstatic`, standing in for the one of this test run."""
    from django.core.management import call_command

    backend = {"staticfiles": {"BACKEND": "tresen.kit.assets.JoinedStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=str(tmp_path), STORAGES=backend, DEBUG=False):
        kept = storage.staticfiles_storage._wrapped
        storage.staticfiles_storage._setup()
        call_command("collectstatic", interactive=False, verbosity=0)
        yield storage.staticfiles_storage._wrapped
    storage.staticfiles_storage._wrapped = kept


def test_a_face_loads_one_joined_style_sheet_and_hashed_modules(collected: assets.JoinedStaticFilesStorage) -> None:
    links = str(face_css("desk"))
    assert links.count("<link") == 1
    name = collected.stored_name("kit/css/desk.css")
    assert name in links
    assert name != "kit/css/desk.css"
    entry = collected.open(collected.stored_name("kit/js/desk.js")).read().decode()
    assert collected.stored_name("kit/js/key-map.js").rpartition("/")[2] in entry


def test_the_first_load_of_the_desk_is_below_90_kb(collected: assets.JoinedStaticFilesStorage) -> None:
    names = ["kit/css/desk.css", *assets.modules("desk"), *assets.LIBRARIES["desk"], assets.SPRITE, "kit/favicon.svg"]
    static = sum(len(gzip.compress(collected.open(collected.stored_name(name)).read(), 9)) for name in names)
    page = len(gzip.compress(draw("desk").encode()))
    assert static + page < 90_000
    own = sum(len(collected.open(collected.stored_name(name)).read()) for name in assets.MODULES["desk"])
    assert own < 15_000


def test_before_anything_is_collected_the_sources_are_named_one_by_one(tmp_path: Path) -> None:
    links = str(face_css("desk"))
    assert links.count("<link") == len(assets.style_sources("desk"))
    assert 'type="module" src="/static/kit/js/desk.js"' in str(face_js("desk"))
    assert assets.JoinedStaticFilesStorage(location=str(tmp_path)).stored_name("kit/icons.svg") == "kit/icons.svg"


@pytest.mark.parametrize("face", list(assets.BUNDLES))
def test_every_source_and_module_a_face_names_is_there(face: str) -> None:
    named = [*assets.style_sources(face), *assets.modules(face), *assets.LIBRARIES[face]]
    assert [name for name in named if not finders.find(name)] == []


def test_every_style_file_belongs_to_a_face() -> None:
    root = Path(str(finders.find("kit/css/base.css"))).parents[2]
    files = {str(path.relative_to(root)) for path in (root / "kit/css").rglob("*.css")}
    assert files - {name for face in assets.BUNDLES for name in assets.BUNDLES[face]} == set()


def test_stripping_keeps_strings_and_meaning() -> None:
    source = (
        '/* a */ .x > .y,\n  .z { content: " · {"; /* b */\n  inset: calc(1px + 2px) 0; }\n\n@media (a) { .q { b: c } }'
    )
    assert assets.strip_css(source) == ('.x > .y, .z{content: " · {";inset: calc(1px + 2px) 0;}@media (a){.q{b: c}}\n')


def test_a_source_that_is_missing_stops_collecting(tmp_path: Path) -> None:
    made = assets.JoinedStaticFilesStorage(location=str(tmp_path))
    with pytest.raises(ValueError, match=r"reset\.css"):
        list(made.post_process({"x.css": (FileSystemStorage(str(tmp_path)), "x.css")}))


def test_literal_colours_and_durations_stand_in_the_tokens_alone() -> None:
    import re

    root = Path(str(finders.find("kit/css/base.css"))).parent
    literal = re.compile(r"#[0-9a-f]{3,8}\b|\boklch\((?!from)|\brgba?\(|\bhsla?\(|\b\d+m?s\b", re.IGNORECASE)
    found = [
        f"{path.name}: {line.strip()}"
        for path in root.rglob("*.css")
        if path.name != "tokens.css"
        for line in path.read_text().splitlines()
        if not line.lstrip().startswith("/*") and literal.search(re.sub(r"/\*.*?\*/", "", line))
    ]
    assert found == []
