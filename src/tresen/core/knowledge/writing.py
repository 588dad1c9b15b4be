"""What an article says: saved as one more version, translated, brought back, and kept while it is being typed."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from tresen.core.knowledge.models import Article, ArticleDraft, ArticleText, ArticleVersion, TextState
from tresen.core.knowledge.rendering import MOST_SOURCE, Rendered, Words, WrongWords, file_keys, render
from tresen.core.knowledge.rows import address_of, hold, hold_text, keep_version, refuse_stale, touch
from tresen.core.knowledge.services import WrongArticle
from tresen.core.people.models import LANGUAGES, Agent
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


def save_text(
    article: Article, language: str, words: Words, *, by: Actor, expected: int | None = None, note: str = "",
    agent: Agent | None = None, again: int | None = None,
) -> ArticleText:  # fmt: skip
    """The words in that language as the newest version; a language that the article did not have begins with it.
    Readers go on seeing what is published. A plan to publish, a review and an approval were for the words before: they
    are over. Event `article.changed`, none when they are the same.

    `expected`: the number of the version that was open (0: none). `agent`: whose draft is done with. `again`: the
    number of the version whose words these are. Raises WrongWords, WrongArticle, ChangedMeanwhile with the newest
    words.
    """
    if language not in dict(LANGUAGES):
        raise WrongArticle("language")
    made = render(words, file_keys(article))
    with transaction.atomic():
        text = _held(article, language, made.words.title)
        refuse_stale(text, expected)
        if not _says(text, made):
            _put(text, made, by=by, note=note, again=again)
        if agent is not None:
            ArticleDraft.objects.filter(article=article, language=language, agent=agent).delete()
    return text


def _held(article: Article, language: str, title: str) -> ArticleText:
    found = article.texts.filter(language=language).first()
    if found is not None:
        return hold_text(found)
    locked = hold(article)
    text, _new = ArticleText.objects.select_for_update(of=("self",)).get_or_create(
        article=locked, language=language, defaults={"slug": address_of(title, language)}
    )
    text.article = locked
    return text


def _says(text: ArticleText, made: Rendered) -> bool:
    now = text.newest
    return now is not None and (now.title, now.summary, now.source, now.format, now.html) == (
        made.words.title, made.words.summary, made.words.source, made.words.format, made.html
    )  # fmt: skip


def _put(text: ArticleText, made: Rendered, *, by: Actor, note: str, again: int | None) -> None:
    version = keep_version(text, made, by=by, note=note, again=again)
    before = text.state
    text.state, text.publish_at, text.reviewer = TextState.DRAFT, None, None
    if text.published is None:
        text.slug = address_of(made.words.title, text.language)
    text.save()
    touch(text.article)
    changes = {"language": text.language, "version": version.pk, "state": [before, text.state]}
    record("article.changed", stream=text.article, by=by, changes=changes)


def bring_back_version(text: ArticleText, number: int, *, by: Actor, expected: int | None = None) -> ArticleText:
    """The words are again what they were under that number, as a new version. Event `article.changed`, none where they
    are that already. Raises ArticleVersion.DoesNotExist, ChangedMeanwhile."""
    old = text.versions.get(number=number)
    words = Words(old.title, old.summary, old.source, old.format)
    return save_text(text.article, text.language, words, by=by, expected=expected, again=number)


@transaction.atomic
def say_translation_holds(text: ArticleText, *, by: Actor) -> ArticleText:
    """The translation still says what the main text says now. Event `article.translation_held`. Raises WrongArticle for
    the main text, or where that is not published."""
    held = hold_text(text)
    main = main_published(held.article)
    if held.language == held.article.language or main is None:
        raise WrongArticle("language")
    if held.follows != main.number:
        held.follows = main.number
        held.save(update_fields=["follows"])
        touch(held.article)
        changes = {"language": held.language, "follows": main.number}
        record("article.translation_held", stream=held.article, by=by, changes=changes)
    return held


def main_published(article: Article) -> ArticleVersion | None:
    """What readers see in the main language."""
    main = article.texts.select_related("published").filter(language=article.language).first()
    return main.published if main else None


def keep_draft(article: Article, language: str, words: Words, *, agent: Agent, based_on: int) -> ArticleDraft:
    """What is being typed and not saved yet; his alone, so no event. Raises WrongWords for what is too long."""
    if len(words.source) > MOST_SOURCE:
        raise WrongWords("source")
    values = {
        "based_on": based_on, "title": words.title[:200], "summary": words.summary[:400], "format": words.format,
        "source": words.source, "kept_at": clock.now(),
    }  # fmt: skip
    who: dict[str, Any] = {"article": article, "language": language, "agent": agent}
    try:
        with transaction.atomic():
            return ArticleDraft.objects.update_or_create(**who, defaults=values)[0]
    except IntegrityError:  # another page of his was a moment faster
        return ArticleDraft.objects.update_or_create(**who, defaults=values)[0]


def drop_draft(article: Article, language: str, *, agent: Agent) -> None:
    """What was typed and not saved is thrown away."""
    ArticleDraft.objects.filter(article=article, language=language, agent=agent).delete()
