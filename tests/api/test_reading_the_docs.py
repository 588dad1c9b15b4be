"""The description of the interface: headings and summaries in sentence case, in the page and in the document."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser


def _in_title_case(words: str) -> bool:
    return any(word[:1].isupper() for word in words.split()[1:])


@pytest.mark.django_db
def test_headings_of_the_page_are_in_sentence_case() -> None:
    page = LexborHTMLParser(Client(headers={"accept-language": "en"}).get("/api/v1/docs").content)
    heads = [node.text(strip=True) for node in page.css("h1, h2")]
    assert {"Tickets", "People", "Objects"} <= set(heads)
    assert [head for head in heads if not head[:1].isupper() or _in_title_case(head)] == []


@pytest.mark.django_db
def test_summaries_and_titles_of_the_document_are_in_sentence_case() -> None:
    document: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    told = {
        operation["operationId"]: operation["summary"]
        for path in document["paths"].values()
        for operation in path.values()
    }
    assert told["create_message"] == "Create message" and told["create_organisation"] == "Create organisation"
    assert [words for words in told.values() if not words[:1].isupper() or _in_title_case(words)] == []
    assert len(told) > 25
    titles = re.findall(r'"title": ?"([^"]+)"', Client().get("/api/v1/openapi.json").content.decode())
    assert [title for title in titles if _in_title_case(title)] == []
