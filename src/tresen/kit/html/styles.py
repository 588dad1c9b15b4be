"""The few CSS properties a mail may keep, and what their values may look like: nothing that loads, places or
computes."""

from __future__ import annotations

import re
from functools import lru_cache

COLOUR = r"(?:#[0-9a-f]{3,8}|[a-z]{3,24}|rgba?\([\d\s.,%/]{5,40}\)|hsla?\([\d\s.,%/deg]{5,40}\))"
# No minus sign: a negative margin moves things over others.
LENGTH = r"(?:0|\d{1,4}(?:\.\d{1,4})?(?:px|pt|em|rem|ex|ch|%|in|cm|mm)?|auto|thin|medium|thick)"
LINE = r"(?:none|hidden|solid|dashed|dotted|double|groove|ridge|inset|outset)"
WORDS = r"[a-z-]{2,24}"
FAMILY = r"[\w\s,.'\"-]{1,200}"


def _properties() -> dict[str, re.Pattern[str]]:
    sides = ("top", "right", "bottom", "left")
    colours = ("color", "background-color", "border-color", *(f"border-{side}-color" for side in sides))
    boxes = [f"{box}{side}" for box in ("margin", "padding") for side in ("", *(f"-{s}" for s in sides))]
    borders = ["border", *(f"border-{side}" for side in sides)]
    widths = ["border-width", *(f"border-{side}-width" for side in sides), "border-spacing"]
    lines = ["border-style", *(f"border-{side}-style" for side in sides)]
    sizes = ("width", "height", "min-width", "max-width", "max-height", "font-size", "line-height", "text-indent",
             "border-radius")  # fmt: skip
    words = ("font-weight", "font-style", "font-variant", "text-align", "text-decoration", "text-decoration-line",
             "text-transform", "vertical-align", "white-space", "word-break", "overflow-wrap", "word-wrap",
             "list-style-type", "border-collapse", "direction", "table-layout")  # fmt: skip
    patterns = {name: COLOUR for name in colours}
    patterns |= {name: rf"{LENGTH}(?:\s+{LENGTH}){{0,3}}" for name in [*boxes, *widths]}
    patterns |= {name: rf"(?:{LENGTH}|{LINE}|{COLOUR})(?:\s+(?:{LENGTH}|{LINE}|{COLOUR})){{0,2}}" for name in borders}
    patterns |= {name: rf"{LINE}(?:\s+{LINE}){{0,3}}" for name in lines}
    patterns |= {name: rf"(?:{LENGTH}|{WORDS})" for name in sizes}
    patterns |= {name: rf"(?:{WORDS}(?:\s+{WORDS}){{0,2}}|\d{{3}})" for name in words}
    # Of the shorthand only the colour, which must stand first.
    patterns |= {
        "background": rf"(?P<colour>{COLOUR})(?:\s+(?:none|repeat|no-repeat|scroll|top|left|center|0|0%|0px)){{0,6}}"
    }
    patterns |= {"font-family": FAMILY, "display": r"(?:none|block|inline|inline-block)"}
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}


PROPERTIES = _properties()
PROPERTY_NAMES = frozenset(PROPERTIES)
LONGEST_STYLE = 4000
# How a line is hidden that only lists of mails show; said in one way that every reader knows.
HIDING = re.compile(
    r"(?:^|[;\s])(?:mso-hide:\s*all|visibility:\s*hidden|opacity:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|max-height:\s*0(?:px|pt)?\s*(?:!\s*important\s*)?(?:;|$))",
    re.IGNORECASE,
)
HIDDEN = "display:none"
IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def clean_style(style: str) -> str:
    """The declarations whose name is on the list and whose value has the plain form of that name; "" when none is left.

    A style with an escape or a comment is dropped whole: mail needs neither, hiding does.
    """
    if len(style) > LONGEST_STYLE or "\\" in style or "/*" in style or "@" in style:
        return ""
    if HIDING.search(style):
        return HIDDEN
    kept = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), IMPORTANT.sub("", value.strip())
        pattern = PROPERTIES.get(name)
        found = pattern.fullmatch(value) if colon and pattern and len(value) <= 220 else None
        if found and name == "background":
            name, value = "background-color", found["colour"]
        if found:
            kept.append(f"{name}:{value}")
    return ";".join(kept)
