"""What the box does with HTML from callers. Imported there, so it knows nothing of the rest of the product."""

from __future__ import annotations

from tresen.kit.html import clean_html, to_text


def clean(html: str) -> dict[str, str | int]:
    """Cleaned HTML, its version, how many images from elsewhere it holds, and its text. Raises HtmlTooHard."""
    cleaned = clean_html(html)
    return {
        "html": cleaned.html,
        "version": cleaned.version,
        "blocked_images": cleaned.remote_images,
        "text": to_text(cleaned.html),
    }
