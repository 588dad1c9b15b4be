"""`make shots`: a picture of every screen in light and dark, wide and on a phone, in three languages, with an index.
Axe looks at each in light and in dark.

Not collected by `make test`: it is named on the command line, with the folder in TRESEN_TEST_SHOTS.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looking import PHONE, WIDE, axe_faults
from tests.browser.sample_desk import LANGUAGES, SampleDesk
from tests.browser.screens import SCREENS, Screen, visit

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
FOLDER = Path(os.environ.get("TRESEN_TEST_SHOTS", "build/screens")).absolute()
THEMES, SIZES = ("light", "dark"), {"wide": WIDE, "phone": PHONE}
HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Every screen</title><style>
body { font: 14px/1.5 system-ui; margin: 2rem; color-scheme: light dark }
section { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start; margin-block-end: 3rem }
figure { margin: 0 } img { border: 1px solid #8884; height: 20rem } h2 { flex-basis: 100%; margin: 0 }
</style><h1>Every screen</h1>
"""


def file_name(screen: Screen, language: str, theme: str, size: str) -> str:
    """The name of one picture."""
    return f"{str(screen).replace(':', '-')}.{language}.{theme}.{size}.png"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The folder for the pictures; at the end the index shows those that were taken."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    yield FOLDER
    lines = [HEAD]
    for screen in SCREENS:
        lines.append(f"<section><h2>{escape(str(screen))}</h2>\n")
        names = [file_name(screen, lang, theme, size) for size in SIZES for theme in THEMES for lang in LANGUAGES]
        lines += [
            f'<figure><a href="{name}"><img loading="lazy" src="{name}" alt="{name}"></a></figure>\n'
            for name in names
            if (FOLDER / name).exists()
        ]
        lines.append("</section>\n")
    (FOLDER / "index.html").write_text("".join(lines))


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_picture_of(sample_desk: SampleDesk, chromium: Any, folder: Path, screen: Screen) -> None:
    page = sample_desk.page(chromium, screen.role)
    faults: list[str] = []
    for language in LANGUAGES:
        visit(sample_desk, page, screen, language)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            if language == LANGUAGES[0]:
                faults += axe_faults(page)
            for size, viewport in SIZES.items():
                page.set_viewport_size(viewport)
                page.screenshot(path=folder / file_name(screen, language, theme, size), full_page=True)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(WIDE)
    assert faults == []
