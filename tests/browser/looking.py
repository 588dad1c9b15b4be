"""What is looked at on a screen: accessibility in light and dark, and whether its words fit, wide and on a phone."""

from __future__ import annotations

from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe

PHONE, WIDE = {"width": 360, "height": 780}, {"width": 1440, "height": 900}
# Frames hold the mails of others and let no script in; loading the style sheets a second time brings nothing here.
QUICK = {"resultTypes": ["violations"], "iframes": False, "preload": False}
ALL_RULES = {**QUICK, "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ASK_AXE = """options => axe.run(options).then(found => found.violations.map(
    v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(' | ')}`))"""
COLOURS = ("color-contrast", "link-in-text-block")
WITHOUT_COLOURS = {**ALL_RULES, "rules": {name: {"enabled": False} for name in COLOURS}}
# The colours, asked of every text: enough contrast to what lies behind it (WCAG 1.4.3), and that links within a text
# are told apart by more than a near colour (1.4.1). Axe looks only at the part in view and takes twenty times as long,
# half of all its time; a test holds both side by side, and `make shots` asks axe for the colours too. Texts on pictures
# are left out.
PALE = """() => {
  const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (said) => {
    if (!known.has(said)) {
      dot.clearRect(0, 0, 1, 1);
      dot.fillStyle = said;
      dot.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = dot.getImageData(0, 0, 1, 1).data;
      known.set(said, [r, g, b, a / 255]);
    }
    return known.get(said);
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  const linear = (part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => linear(part / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  const sheet = document.body.appendChild(document.createElement("i"));
  sheet.style.color = "Canvas";
  const canvas = over(rgba(getComputedStyle(sheet).color), [255, 255, 255]);
  sheet.remove();
  const grounds = new Map([[null, canvas]]);
  const ground = (element) => {
    if (!grounds.has(element)) {
      const style = getComputedStyle(element);
      const below = ground(element.parentElement);
      const colour = rgba(style.backgroundColor);
      const pictured = style.backgroundImage !== "none" || !below && colour[3] < 1;
      grounds.set(element, pictured ? null : over(colour, below ?? canvas));
    }
    return grounds.get(element);
  };
  const faint = (element) => element ? getComputedStyle(element).opacity * faint(element.parentElement) : 1;
  const isText = (node) => node.nodeType === 3 && node.data.trim().length > 2;
  const isInView = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right >= 0 && box.bottom >= 0;
  };
  const faults = [];
  const tell = (what, element) => faults.push(`${what}: ${element.outerHTML.slice(0, 200)}`);
  const seen = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || seen.has(element)) continue;
    seen.add(element);
    const behind = ground(element);
    if (!behind || element.closest("[disabled], [aria-disabled=true], script, style, template, option, svg")) continue;
    if (!isInView(element)) continue;
    const style = getComputedStyle(element);
    const [r, g, b, a] = rgba(style.color);
    const shown = over([r, g, b, a * faint(element)], behind);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
    const found = ratio(shown, behind);
    if (found < wanted - .005) tell(`contrast ${found.toFixed(2)}, not ${wanted}`, element);
    if (!element.matches("a") || style.display !== "inline" || style.textDecorationLine !== "none") continue;
    const around = getComputedStyle(element.parentElement);
    const apart = style.fontWeight !== around.fontWeight || style.borderBottomStyle !== "none";
    if (apart || ![...element.parentElement.childNodes].some(isText)) continue;
    if (ratio(shown, over(rgba(around.color), behind)) < 3) tell("a link like the text around it", element);
  }
  return faults;
}"""
# Controls and labels whose words do not fit. Data (subjects, names) may be shortened.
MISFITS = """() => {
  // A page beside the rail scrolls inside.
  const over = Math.max(...[document.documentElement, ...document.querySelectorAll('.page')].map(
    e => e.scrollWidth - e.clientWidth));
  const cut = [...document.querySelectorAll(
      'button, .btn, label, th, h1, h2, h3, .chip, .badge, .prop > span, nav a, .tabs label, legend, summary')]
    .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1)
    .filter(e => !e.closest('.sr, [title], .row, .rows, td, .subject, [data-data]'))
    .filter(e => getComputedStyle(e).overflowX !== 'visible')
    .map(e => `cut off: ${e.textContent.trim().slice(0, 60)}`);
  // The desk scrolls inside: below it there is nothing to see.
  const below = document.querySelector('body > .desk')
    ? document.documentElement.scrollHeight - document.documentElement.clientHeight : 0;
  if (below > 0) cut.unshift(`the page is ${below} px too long`);
  return over > 0 ? [`the page is ${over} px too wide`, ...cut] : cut;
}"""


@cache
def _axe_source() -> str:
    return str(Axe().axe_script)


def axe_faults(page: Any, rules: dict[str, Any] = ALL_RULES) -> list[str]:
    """What axe finds on the page as it stands, by every rule or by those named."""
    page.evaluate(_axe_source())
    found: list[str] = page.evaluate(ASK_AXE, rules)
    return found


def accessibility_faults(page: Any) -> list[str]:
    """Found on the page as it stands: by the rules of axe; what colours can break in the dark and in the light."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    faults = [f"light: {fault}" for fault in axe_faults(page, WITHOUT_COLOURS)]
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        faults += [f"{scheme}: {fault}" for fault in page.evaluate(PALE)]
    return faults


def misfits(page: Any) -> list[str]:
    """What runs over the edge or is cut off, at both widths."""
    faults = []
    # Begins with the width the page has: one change of layout less for each language.
    for size in (PHONE, WIDE) if page.viewport_size == PHONE else (WIDE, PHONE):
        page.set_viewport_size(size)
        faults += [f"{size['width']} px: {fault}" for fault in page.evaluate(MISFITS)]
    return faults
