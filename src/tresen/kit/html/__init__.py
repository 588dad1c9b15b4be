"""Strangers' HTML: cleaned for showing, turned into text; and our own text turned into HTML for outgoing mail."""

from tresen.kit.html.as_text import to_text
from tresen.kit.html.crude import text_from_any, text_of_tags
from tresen.kit.html.fold import fold_old
from tresen.kit.html.from_text import text_to_html
from tresen.kit.html.images import fill_images
from tresen.kit.html.sanitise import SANITISER_VERSION, CleanHtml, clean_html, sanitise
from tresen.kit.html.shape import HtmlTooHard, check_shape

__all__ = [
    "SANITISER_VERSION",
    "CleanHtml",
    "HtmlTooHard",
    "check_shape",
    "clean_html",
    "fill_images",
    "fold_old",
    "sanitise",
    "text_from_any",
    "text_of_tags",
    "text_to_html",
    "to_text",
]
