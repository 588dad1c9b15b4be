"""What search engines read of an article (schema.org, as JSON-LD): data that no browser runs."""

from __future__ import annotations

import json

from django.utils.safestring import SafeString, mark_safe

from tresen.faces.portal.knowledge.article import Page

# As Django's own json_script: nothing in the text ends the element.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


def linked_data(page: Page) -> SafeString:
    """The element with the article's title, summary, language and dates."""
    said = {
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": page.version.title,
        "description": page.version.summary,
        "inLanguage": page.text.language,
        "url": page.canonical,
        "datePublished": page.text.published_at.isoformat() if page.text.published_at else "",
        "publisher": {"@type": "Organization", "name": page.reader.brand.name},
    }
    text = json.dumps(said, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
