"""What a template gives out is the same whether its constant parts are worked out beforehand or not."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, engines
from django.template.base import TextNode
from django.test import RequestFactory
from django.utils import translation

from tresen.kit.folding import fold

LOAD = "{% load i18n kit %}"
SOURCES = (
    '<b>{% translate "Search" %}</b> {% icon "x" "s" %}{% icon name %}{# nothing #}{{ text }}',
    '{% translate "Customer" context "we wait for" %}{% translate text %}{% translate "Search"|upper %}',
    '{% translate "Search" as word %}{{ word }}{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}',
    '{% if name %}{% translate "Search" %}!{% else %}{% translate "Close" %}{% endif %}',
    '{% for one in many %}{% translate "Close" %}{{ one }}{% empty %}{% translate "Search" %}{% endfor %}',
    '{% autoescape off %}{{ text }}{% translate "100 % <b>" %}{% endautoescape %}{% translate "a < b" %}',
    '{% url "desk:start" %} {% url "desk:ticket" name %} {% url "desk:view" slug=name as there %}{{ there }}',
    '{% url "desk:contact" 12 as here %}{{ here }}{% url "no:where" as gone %}[{{ gone }}]',
)


@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_the_same_is_given_out(language: str) -> None:
    for source in SOURCES:
        plain, folded = Template(LOAD + source), Template(LOAD + source)
        with translation.override(language):
            fold(folded.nodelist)
            said = [each.render(Context({"name": "at", "text": "a&b", "many": many})) for each in (plain, folded)
                    for many in ((), (1, 2))]  # fmt: skip
        assert said[:2] == said[2:], source


def test_words_stand_as_text_in_the_language_of_the_page() -> None:
    said = {}
    for language in ("en", "de", "en"):
        with translation.override(language):
            template: Any = engines["django"].get_template("kit/parts/keys.html").template
            words = "".join(node.s for node in template.nodelist.get_nodes_by_type(TextNode))
            assert said.setdefault(language, words) == words
    assert said["en"] != said["de"]


def test_an_address_that_is_none_says_so_as_ever() -> None:
    template = Template('{% url "desk:ticket" %}')
    fold(template.nodelist)
    with pytest.raises(Exception, match="Reverse for 'ticket' with no arguments not found"):
        template.render(Context({"request": RequestFactory().get("/")}))
