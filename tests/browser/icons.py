"""Draws the icons of the installed desk from our favicon: `python -m tests.browser.icons` (needs Chromium).

icon-192.png, icon-512.png as the mark itself; icon-512-maskable.png with ground to its edges, for launchers that cut
their own shape out of it.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[2] / "src" / "tresen" / "kit" / "static" / "kit"
PAGE = "<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px; height: {size}px }}</style>{svg}"


def main() -> None:
    """Draw all of them."""
    mark = (FOLDER / "favicon.svg").read_text()
    ground = mark.replace('rx="8"', "").replace("<path", '<g transform="translate(3.2 3.2) scale(.8)"><path')
    maskable = ground.replace("</svg>", "</g></svg>")
    wanted = {"icon-192.png": (mark, 192), "icon-512.png": (mark, 512), "icon-512-maskable.png": (maskable, 512)}
    with sync_playwright() as playwright:
        path = os.environ.get("TRESEN_TEST_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, (svg, size) in wanted.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(PAGE.format(size=size, svg=svg))
            page.screenshot(path=FOLDER / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
