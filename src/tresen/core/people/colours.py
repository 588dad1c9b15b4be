"""Is a brand's accent readable? OKLCH to sRGB (Ottosson's matrices, as in CSS Color 4) and contrast as in WCAG 2.2."""

from __future__ import annotations

import math
from typing import NamedTuple

# Lightness is ours (tokens.css), hue and strength are the brand's.
LIGHT_ACCENT, DARK_ACCENT = 0.455, 0.715
DARK_STRENGTH = 1.08
DARK_INK = (0.190, 0.02)
ENOUGH = 4.5


class Contrast(NamedTuple):
    """How well the words on a button stand out, 1 to 21, in both themes."""

    light: float
    dark: float

    @property
    def is_enough(self) -> bool:
        """At least 4.5 : 1 in both (WCAG 2.2, 1.4.3)."""
        return min(self) >= ENOUGH


def accent_contrast(hue: float, chroma: float) -> Contrast:
    """The contrast of a button's words to its ground, for the light and the dark theme."""
    light = contrast(srgb(1, 0, 0), srgb(LIGHT_ACCENT, chroma, hue))
    dark = contrast(srgb(DARK_INK[0], DARK_INK[1], hue), srgb(DARK_ACCENT, chroma * DARK_STRENGTH, hue))
    return Contrast(round(light, 2), round(dark, 2))


def srgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear sRGB of an OKLCH colour, 0 to 1; what the screen cannot show is cut off as a browser does at worst."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return (min(1.0, max(0.0, red)), min(1.0, max(0.0, green)), min(1.0, max(0.0, blue)))


def contrast(first: tuple[float, float, float], second: tuple[float, float, float]) -> float:
    """WCAG's ratio of two colours in linear sRGB."""
    bright, dim = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: tuple[float, float, float]) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
