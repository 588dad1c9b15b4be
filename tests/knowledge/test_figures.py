"""What became of an article, as its keepers see it, and which articles need work most."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import TEST, make_cast
from tests.knowledge.articles import add_text, make_article
from tresen.core.knowledge.figures import figures_of, needing_work
from tresen.core.knowledge.measuring import carry_along, count_read, count_vote, leave_words
from tresen.core.knowledge.models import Article, ArticleDay, ArticleUse, UseKind
from tresen.core.knowledge.publishing import publish
from tresen.core.knowledge.rendering import Words
from tresen.core.knowledge.writing import save_text
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Status
from tresen.core.tickets.services import add_received, update_ticket
from tresen.kit import clock

pytestmark = pytest.mark.django_db


def test_an_article_measures_itself_and_those_that_miss_something_come_first() -> None:
    cast = make_cast()
    today = timezone.localdate()
    good, weak = make_article("Reset a password"), make_article("Second factor")
    old, behind = make_article("Old news", look_again_on=today - timedelta(days=1)), make_article("Two tongues")
    add_text(behind, "Zwei Sprachen", html="<p>Weg</p>", language="de")
    publish(save_text(behind, "en", Words("Two tongues", "", "New words"), by=TEST), by=TEST)
    for _ in range(3):
        count_read(good, "en")
        count_vote(good, "en", is_helpful=True)
        count_vote(weak, "de", is_helpful=False)
    vote = leave_words(weak, "de", is_helpful=False, words=" Kein Knopf ", contact=cast.carol, by=TEST)
    ArticleDay.objects.create(article=good, language="en", day=today - timedelta(days=60), reads=1000)
    for number in range(2):
        ticket = cast.ticket()
        ArticleUse.objects.create(article=good, ticket=ticket, kind=UseKind.SENT, at=clock.now())
        carry_along(weak, ticket, title="Second factor", by=TEST)
        carry_along(weak, ticket, title="Second factor", by=TEST)
        update_ticket(ticket, by=TEST, set={"status": Status.objects.default_of("solved")})
        if number:
            ticket.refresh_from_db()
            add_received(
                ticket, by=TEST, contact=cast.carol, content=Content("Still"), channel="mail", trust="authenticated"
            )  # fmt: skip
    found = figures_of(good, today=today)
    assert (found.reads, found.share, found.sent, found.reopened) == (3, 100, 2, 1)
    found = figures_of(weak, today=today)
    assert (found.unhelpful, found.share, found.carried) == (3, 0, 2)
    ranked = needing_work(Article.objects.all(), today=today)
    assert ranked[0] == weak and set(ranked) == {weak, old, behind}

    desk = cast.browser(cast.anna)
    page = desk.get("/desk/knowledge/figures/").content.decode()
    assert page.index("Second factor") < page.index("Old news") and "Kein Knopf" in page
    page = desk.get(f"/desk/knowledge/{weak.pk}/figures/").content.decode()
    assert "Kein Knopf" in page and "0 %" in page
    settled = desk.post(f"/desk/knowledge/words/{vote.pk}/settle/", {"next": "//evil.example"})
    assert settled["Location"] == "/desk/knowledge/figures/"
    vote.refresh_from_db()
    assert vote.settled_at and "Kein Knopf" not in desk.get("/desk/knowledge/figures/").content.decode()
    assert Client().post(f"/desk/knowledge/words/{vote.pk}/settle/").status_code in {302, 403}
