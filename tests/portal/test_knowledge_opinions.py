"""What becomes of an article: searched and read, helpful or not and why, asked after all; counted, never who."""

from __future__ import annotations

from typing import Any

import time_machine
from django.test import Client

from tests.knowledge.articles import make_article, make_collection
from tests.portal.conftest import Counter, send
from tests.portal.test_knowledge_pages import path_of, text_of
from tresen.core.knowledge.jobs import count_reads
from tresen.core.knowledge.models import ArticleDay, ArticleText, ArticleUse, ArticleVote, Audience
from tresen.core.tickets.models import Ticket
from tresen.service.answers.indexing import rebuild
from tresen.service.answers.models import SearchMiss

OWN = {"Origin": "http://testserver"}


def counted(article: Any, language: str = "en") -> tuple[int, int, int, int]:
    day = ArticleDay.objects.filter(article=article, language=language).first()
    return (day.reads, day.helpful, day.unhelpful, day.asked_after) if day else (0, 0, 0, 0)


def test_a_reader_says_once_that_it_did_not_help_and_why(counter: Counter, browser: Client) -> None:
    article = make_article("A second way in")
    at = f"/help/en/{article.pk}/"
    page = text_of(browser, path_of(article))
    assert f'action="{at}vote/"' in page and "csrf" not in page
    answer = browser.post(f"{at}vote/", {"helpful": "no"}, headers=OWN)
    assert answer.status_code == 302 and answer.cookies["tresen-voted"]["path"] == "/help/"
    asked = text_of(browser, answer["Location"])
    assert "What was missing?" in asked
    mark = answer["Location"].partition("vote=")[2]
    for _ in range(2):  # sent twice, kept once
        said = browser.post(f"{at}thanks/", {"vote": mark, "words": " No such button <b> "}, headers=OWN)
        assert "we read that" in text_of(browser, said["Location"])
    vote = ArticleVote.objects.get()
    assert (vote.words, vote.is_helpful, vote.language, vote.version) == (
        "No such button <b>", False, "en", article.texts.get().published
    )  # fmt: skip
    again = browser.post(f"{at}vote/", {"helpful": "yes"}, headers=OWN)
    assert "told us already" in text_of(browser, again["Location"])
    assert counted(article) == (0, 0, 1, 0)
    assert Client().post(f"{at}vote/", {"helpful": "yes"}, headers=OWN).status_code == 302
    assert counted(article) == (0, 1, 1, 0)
    part = browser.get(f"{at}thanks/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "too old to say more" in part
    other = make_article("Another one")
    forged = browser.post(f"/help/en/{other.pk}/thanks/", {"vote": mark, "words": "forged"}, headers=OWN)
    assert forged.status_code == 422 and ArticleVote.objects.count() == 1


def test_nobody_counts_from_elsewhere_too_often_or_for_what_he_may_not_read(counter: Counter) -> None:
    article, hidden = make_article("Open"), make_article("Closed", audience=Audience.AGENTS)
    for way in ("vote", "thanks", "read"):
        for foreign in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert Client().post(f"/help/en/{article.pk}/{way}/", headers=foreign).status_code == 403
        assert Client().post(f"/help/en/{hidden.pk}/{way}/", headers=OWN).status_code == 404
        if way != "thanks":
            assert Client().get(f"/help/en/{article.pk}/{way}/").status_code == 405
    for _ in range(12):
        answer = Client().post(f"/help/en/{article.pk}/vote/", {"helpful": "yes"}, headers=OWN)
    assert counted(article) == (0, 10, 0, 0)
    assert "not counted" in text_of(Client(headers={"accept-language": "en"}), answer["Location"])
    staff = Client()
    staff.force_login(counter.anna.user)
    staff.post(f"/help/en/{article.pk}/vote/", {"helpful": "yes"}, headers=OWN)
    staff.post(f"/help/en/{article.pk}/read/", headers=OWN)
    Client().post(f"/help/en/{article.pk}/read/", headers={**OWN, "User-Agent": "Searchbot/2.1"})
    assert counted(article) == (0, 10, 0, 0)


def test_what_is_read_is_offered_to_the_next_reader(counter: Counter, browser: Client) -> None:
    article, other = make_article("Reset a password"), make_article("Printer shows offline")
    with time_machine.travel("2026-11-24T10:00:00Z", tick=False):
        for one, times in ((article, 3), (other, 1)):
            for _ in range(times):
                assert browser.post(f"/help/en/{one.pk}/read/", headers=OWN).status_code == 204
        count_reads()
    assert counted(article) == (3, 0, 0, 0) and not browser.cookies
    front = browser.get("/")
    page = front.content.decode()
    assert page.index("Reset a password") < page.index("Printer shows offline")
    assert front["Cache-Control"].startswith("public") and front["ETag"] and not front.cookies
    with time_machine.travel("2027-01-24T10:00:00Z", tick=False):
        count_reads()
    assert set(ArticleText.objects.values_list("recent_reads", flat=True)) == {0}
    assert "Often asked" not in text_of(browser, "/")


def test_one_searches_in_ones_own_words_and_what_is_found_nowhere_is_noted(counter: Counter, browser: Client) -> None:
    article = make_article("Reset a password", summary="At any hour.", collection=make_collection("accounts"))
    make_article("Reset of agents", audience=Audience.AGENTS)
    rebuild()
    page = text_of(browser, "/help/search?q=pasword+forgotten")
    assert path_of(article) in page and "agents" not in page and "<mark>" in page
    assert not browser.cookies
    browser.post(f"/help/en/{article.pk}/read/", {"q": "pasword forgotten"}, headers=OWN)
    assert SearchMiss.objects.get(words="pasword forgotten").opened == 1
    page = text_of(browser, "/help/search?q=hovercraft")
    assert "Nothing here answers that yet" in page and 'href="/requests/new/"' in page
    assert SearchMiss.objects.get(words="hovercraft").empty == 1
    assert "Nothing here" not in text_of(browser, "/help/search")
    assert 'name="q"' in text_of(browser, "/")
    for _ in range(60):
        answer = browser.get("/help/search?q=x")
    assert answer.status_code == 429 and answer["Retry-After"] == "60"


def test_who_is_still_stuck_asks_and_the_desk_sees_what_he_had_read(counter: Counter, browser: Client) -> None:
    article, before = make_article("A second way in"), make_article("Reset a password")
    hidden = make_article("Of agents", audience=Audience.AGENTS)
    ask = f"/requests/new/?article={article.pk}"
    assert f'href="{ask}"' in text_of(browser, path_of(article))
    form = text_of(browser, ask)
    assert "A second way in" in form and path_of(article) in form
    assert "Of agents" not in text_of(browser, f"/requests/new/?article={hidden.pk}")
    answer = send(
        browser, ask, name="Erika", email="erika@firma.example", subject="Still drops", text="As before", reach="me",
        read=f"{article.pk}.en {before.pk}.en {hidden.pk}.en nonsense 99999999999999999999.en",
    )  # fmt: skip
    assert answer.status_code == 302
    ticket = Ticket.objects.get()
    assert [(use.article, use.kind) for use in ArticleUse.objects.filter(ticket=ticket)] == [(article, "carried")]
    assert counted(article) == counted(before) == (0, 0, 0, 1) and counted(hidden) == (0, 0, 0, 0)
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(counter.anna.user)
    assert "A second way in" in text_of(desk, f"/desk/tickets/{ticket.number}/")
