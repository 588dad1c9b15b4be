"""Jobs of the knowledge base: what is planned is published, keepers are reminded, old HTML is cleaned by new rules."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q

from tresen.core.knowledge.measuring import count_recent_reads
from tresen.core.knowledge.models import Article, ArticleText, ArticleVersion
from tresen.core.knowledge.publishing import publish_due
from tresen.core.knowledge.rendering import WrongWords, file_keys, html_of
from tresen.core.knowledge.rows import hold
from tresen.kit import clock
from tresen.kit.html import PROSE_VERSION
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record
from tresen.spine.jobs.registry import job

MOST_AT_ONCE = 200


@job("knowledge.publish", outside=True)
def publish_planned() -> None:
    """Publishes what is due."""
    publish_due(Actor.system("knowledge"))


@job("knowledge.count_reads")
def count_reads() -> None:
    """What was read weeks ago is read no longer: lists of what is read most follow."""
    count_recent_reads(clock.now().date())


@job("knowledge.remind", outside=True)
def remind_keepers() -> None:
    """Each keeper hears once that the day is over by which his article was to be looked at again."""
    over = Q(reminded_of=None) | ~Q(reminded_of=F("look_again_on"))
    due = Article.objects.due(clock.now().date()).filter(over, keeper__isnull=False).order_by("pk")
    for article in due[:MOST_AT_ONCE]:
        _remind(article)


@transaction.atomic
def _remind(article: Article) -> None:
    locked = hold(article)
    if locked.look_again_on is None or locked.reminded_of == locked.look_again_on:
        return
    locked.reminded_of = locked.look_again_on
    locked.save(update_fields=["reminded_of"])
    changes = {"keeper": locked.keeper_id, "look_again_on": locked.look_again_on.isoformat()}
    record("article.look_due", stream=locked, by=Actor.system("knowledge"), changes=changes)


@job("knowledge.clean", outside=True)
def clean_again() -> None:
    """Versions that readers or the editor show, made into HTML by earlier rules, are made anew. Their words stay."""
    shown = ArticleText.objects.values("newest")
    read = ArticleText.objects.published().values("published")
    old = ArticleVersion.objects.filter(Q(pk__in=shown) | Q(pk__in=read)).exclude(made_with=PROSE_VERSION)
    for version in old.select_related("text__article")[:MOST_AT_ONCE]:
        try:
            html = html_of(version.source, version.format, file_keys(version.text.article))
        except WrongWords:
            html = ""
        ArticleVersion.objects.filter(pk=version.pk).update(html=html, made_with=PROSE_VERSION)
