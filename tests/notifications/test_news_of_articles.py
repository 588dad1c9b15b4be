"""Who hears of reviews and of articles that are to be looked at again, in the bell and by mail."""

from __future__ import annotations

import pytest

from tests.cast import make_cast
from tests.knowledge.articles import make_article
from tresen.core.knowledge.jobs import remind_keepers
from tresen.core.knowledge.reviewing import ask_for_review, comment, review
from tresen.core.people.models import Agent, User
from tresen.core.people.principals import Principal
from tresen.kit import clock
from tresen.service.notifications.models import Choice, Notification
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job

pytestmark = pytest.mark.django_db


def kinds(agent: Agent) -> list[str]:
    rows = Notification.objects.visible_to(Principal.of_agent(agent)).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_a_review_is_asked_for_and_answered_in_the_bell() -> None:
    cast = make_cast()
    User.objects.update(language="en")
    Choice.objects.create(agent=cast.piotr, kind="review", browser=True, mail=True)
    anna, piotr = Actor.agent(cast.anna), Actor.agent(cast.piotr)
    article = make_article("Printer", is_published=False, keeper=cast.anna, look_again_on=clock.now().date())
    text = article.texts.get()
    ask_for_review(text, reviewer=cast.piotr, agent=cast.anna, by=anna)
    comment(text, words="Tonight.", agent=cast.piotr, by=piotr)
    review(text, approves=False, words="A step is missing.", agent=cast.piotr, by=piotr)
    remind_keepers()
    assert kinds(cast.piotr) == ["review"] and kinds(cast.anna) == ["article", "article", "look"]
    assert Job.objects.filter(name="notifications.mail", payload={"agent_id": cast.piotr.pk}).exists()
    page = cast.browser(cast.anna).get("/desk/notifications/").content.decode()
    for said in ("Piotr Wieczorek sent an article back", "remarked something on an article", "to be looked at again",
                 f'href="/desk/knowledge/{article.pk}/?in=en"', "Printer"):  # fmt: skip
        assert said in page, said
    fresh = cast.browser(cast.anna).get("/desk/notifications/fresh/?after=0").json()
    assert fresh["unread"] == 3 and {"Printer"} == {item["body"] for item in fresh["items"]}
