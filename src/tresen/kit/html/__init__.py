"""Strangers' HTML: cleaned for showing, turned into text; and our own text turned into HTML for outgoing mail."""

from tresen.kit.html.as_text import to_text
from tresen.kit.html.crude import text_from_any, text_of_tags
from tresen.kit.html.fold import fold_old
from tresen.kit.html.from_text import text_to_html
from tresen.kit.html.images import fill_images
from tresen.kit.html.prose import PROSE_VERSION, Heading, clean_prose, headings_of, slug_of
from tresen.kit.html.sanitise import SANITISER_VERSION, CleanHtml, clean_html, sanitise
from tresen.kit.html.shape import HtmlTooHard, check_shape

__all__ = [
    "PROSE_VERSION",
    "SANITISER_VERSION",
    "CleanHtml",
    "Heading",
    "HtmlTooHard",
    "check_shape",
    "clean_html",
    "clean_prose",
    "fill_images",
    "fold_old",
    "headings_of",
    "sanitise",
    "slug_of",
    "text_from_any",
    "text_of_tags",
    "text_to_html",
    "to_text",
]
