"""What readers see: published now or at a time, withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tresen.core.knowledge.marks import marks_in, without_marks
from tresen.core.knowledge.models import ArticleText, ArticleVersion, TextState
from tresen.core.knowledge.rows import address_of, hold_text, refuse_stale, touch
from tresen.core.knowledge.services import WrongArticle
from tresen.core.knowledge.writing import main_published
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

MOST_AT_ONCE = 200


@transaction.atomic
def publish(text: ArticleText, *, by: Actor, expected: int | None = None) -> ArticleText:
    """Readers see the newest words from now on. A translation says the same as the main text does at this moment. Event
    `article.published`, none where readers see them already. `expected`: the number of the version that was looked at.
    Raises ChangedMeanwhile, WrongArticle for a text without words, or with marks of
    what may be a person's."""
    held = hold_text(text)
    refuse_stale(held, expected)
    _publish(held, by)
    return held


def _publish(text: ArticleText, by: Actor) -> None:
    version, now = text.newest, clock.now()
    if version is None:
        raise WrongArticle("source")
    _refuse_marks(version)
    if text.published_id == version.pk and text.state == TextState.PUBLISHED:
        return
    before = text.published.number if text.published else None
    if not version.was_published:
        version.was_published = True
        version.save(update_fields=["was_published"])
    text.published, text.state, text.publish_at, text.reviewer = version, TextState.PUBLISHED, None, None
    text.published_at, text.slug = now, address_of(version.title, text.language)
    if text.language != text.article.language and (main := main_published(text.article)):
        text.follows = main.number
    text.save()
    _forget_marked(text)
    touch(text.article)
    changes = {"language": text.language, "version": version.pk, "number": [before, version.number]}
    record("article.published", stream=text.article, by=by, changes=changes)


def _refuse_marks(version: ArticleVersion) -> None:
    """What may be a person's has to be gone before anybody reads it. Raises WrongArticle."""
    if marks_in(version.title, version.summary, version.source):
        raise WrongArticle("marks")


def _forget_marked(text: ArticleText) -> None:
    """Earlier versions that nobody has read and that still hold what may be a person's lose their words: from now on
    every colleague sees the versions."""
    holds = Q(title__contains="[") | Q(summary__contains="[") | Q(source__contains="[")
    for version in text.versions.filter(holds, was_published=False):
        if marks_in(version.title, version.summary, version.source):
            bare = without_marks(version.title)
            version.title = "[…]" if marks_in(bare) else bare
            version.summary = version.source = version.html = ""
            version.save(update_fields=["title", "summary", "source", "html"])


@transaction.atomic
def plan(text: ArticleText, *, at: datetime, by: Actor, expected: int | None = None) -> ArticleText:
    """The newest words are published at that time; another plan for them is over. Event `article.planned`. Raises
    WrongArticle for a time that has passed, or where there is nothing new to publish, ChangedMeanwhile."""
    held = hold_text(text)
    refuse_stale(held, expected)
    if at <= clock.now():
        raise WrongArticle("publish_at")
    if held.newest is None or held.newest_id == held.published_id:
        raise WrongArticle("source")
    _refuse_marks(held.newest)
    held.state, held.publish_at, held.reviewer = TextState.PLANNED, at, None
    held.save()
    touch(held.article)
    changes = {"language": held.language, "version": held.newest_id, "publish_at": at.isoformat()}
    record("article.planned", stream=held.article, by=by, changes=changes)
    return held


@transaction.atomic
def give_up_plan(text: ArticleText, *, by: Actor) -> ArticleText:
    """It is not published by itself any more. Event `article.plan_given_up`, none where there is no plan."""
    held = hold_text(text)
    if held.state == TextState.PLANNED:
        held.state, held.publish_at = TextState.DRAFT, None
        held.save()
        touch(held.article)
        record("article.plan_given_up", stream=held.article, by=by, changes={"language": held.language})
    return held


@transaction.atomic
def withdraw(text: ArticleText, *, by: Actor) -> ArticleText:
    """Readers do not see it in this language any more. Event `article.withdrawn`, none where they do not."""
    held = hold_text(text)
    if held.published is not None:
        number = held.published.number
        held.published, held.state, held.publish_at = None, TextState.WITHDRAWN, None
        held.save()
        touch(held.article)
        record("article.withdrawn", stream=held.article, by=by, changes={"language": held.language, "number": number})
    return held


def publish_due(by: Actor) -> int:
    """Publishes what is planned for now or earlier, each in a transaction of its own and once, whatever the clock
    did meanwhile; how many."""
    due = ArticleText.objects.filter(state=TextState.PLANNED, publish_at__lte=clock.now()).order_by("publish_at", "pk")
    return sum(_publish_planned(text, by) for text in due[:MOST_AT_ONCE])


@transaction.atomic
def _publish_planned(text: ArticleText, by: Actor) -> bool:
    held = hold_text(text)
    if held.state != TextState.PLANNED or held.publish_at is None or held.publish_at > clock.now():
        return False
    _publish(held, by)
    return True
