"""What is looked at on a screen: accessibility in light and dark, and whether its words fit, wide and on a phone."""

from __future__ import annotations

from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe

PHONE, WIDE = {"width": 360, "height": 780}, {"width": 1440, "height": 900}
# Frames hold the mails of others and let no script in; loading the style sheets a second time brings nothing here.
QUICK = {"resultTypes": ["violations"], "iframes": False, "preload": False}
ALL_RULES = {**QUICK, "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What a change of colours can break; all else was asked in the light.
RULES_OF_COLOUR = {**QUICK, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
ASK_AXE = """options => axe.run(options).then(found => found.violations.map(
    v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(' | ')}`))"""
# Controls and labels whose words do not fit. Data (subjects, names) may be shortened.
MISFITS = """() => {
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const cut = [...document.querySelectorAll(
      'button, .btn, label, th, h1, h2, h3, .chip, .badge, .prop > span, nav a, .tabs label, legend, summary')]
    .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1)
    .filter(e => !e.closest('.sr, [title], .row, .rows, td, .subject, [data-data]'))
    .filter(e => getComputedStyle(e).overflowX !== 'visible')
    .map(e => `cut off: ${e.textContent.trim().slice(0, 60)}`);
  return over > 0 ? [`the page is ${over} px too wide`, ...cut] : cut;
}"""


@cache
def _axe_source() -> str:
    return str(Axe().axe_script)


def accessibility_faults(page: Any) -> list[str]:
    """What axe finds on the page as it stands: every rule in the light, those about colours in the dark too."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate(_axe_source())
    faults = [f"light: {fault}" for fault in page.evaluate(ASK_AXE, ALL_RULES)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    faults += [f"dark: {fault}" for fault in page.evaluate(ASK_AXE, RULES_OF_COLOUR)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return faults


def misfits(page: Any) -> list[str]:
    """What runs over the edge or is cut off, at both widths."""
    faults = []
    # Begins with the width the page has: one change of layout less for each language.
    for size in (PHONE, WIDE) if page.viewport_size == PHONE else (WIDE, PHONE):
        page.set_viewport_size(size)
        faults += [f"{size['width']} px: {fault}" for fault in page.evaluate(MISFITS)]
    return faults
