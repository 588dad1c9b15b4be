"""A colleague looks at words before readers do."""

from __future__ import annotations

from django.db import transaction

from tresen.core.knowledge.models import ArticleRemark, ArticleText, RemarkKind, TextState
from tresen.core.knowledge.rows import hold_text, refuse_stale, touch
from tresen.core.knowledge.services import WrongArticle
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

MOST_WORDS = 4000


@transaction.atomic
def ask_for_review(text: ArticleText, *, reviewer: Agent, words: str = "", agent: Agent, by: Actor) -> ArticleText:
    """A colleague is asked to look at the newest words; another one who was asked before is not any more. Event
    `article.review_asked`. Raises WrongArticle: `reviewer` (oneself, or somebody who may not write articles), `words`
    (too long), `source` (readers see these words already)."""
    held = hold_text(text)
    if reviewer.pk == agent.pk or not may_review(reviewer):
        raise WrongArticle("reviewer")
    if held.newest is None or held.newest_id == held.published_id:
        raise WrongArticle("source")
    held.state, held.reviewer, held.publish_at = TextState.REVIEW, reviewer, None
    remark = _remark(held, RemarkKind.ASKED, words, agent)
    _save(held)
    changes = {"language": held.language, "remark": remark.pk, "agent": reviewer.pk, "name": str(reviewer)}
    record("article.review_asked", stream=held.article, by=by, changes=changes)
    return held


@transaction.atomic
def review(
    text: ArticleText, *, approves: bool, words: str = "", agent: Agent, by: Actor, expected: int | None = None
) -> ArticleText:
    """The words are good as they are, or go back to whoever asked. Event `article.reviewed`. Raises WrongArticle:
    `state` where no review is asked for, `words` (too long; none where they go back), ChangedMeanwhile."""
    held = hold_text(text)
    refuse_stale(held, expected)
    if held.state != TextState.REVIEW:
        raise WrongArticle("state")
    if not approves and not words.strip():
        raise WrongArticle("words")
    asked = asked_by(held)
    kind = RemarkKind.APPROVED if approves else RemarkKind.RETURNED
    remark = _remark(held, kind, words, agent)
    held.state, held.reviewer = TextState.APPROVED if approves else TextState.DRAFT, None
    _save(held)
    changes = {"language": held.language, "remark": remark.pk, "approves": approves, "agent": asked}
    record("article.reviewed", stream=held.article, by=by, changes=changes)
    return held


@transaction.atomic
def comment(text: ArticleText, *, words: str, agent: Agent, by: Actor) -> ArticleRemark:
    """Something said of the newest words, among colleagues. Event `article.commented`. Raises WrongArticle: `words`
    (none, too long), `source` (nothing to speak of)."""
    held = hold_text(text)
    if not words.strip():
        raise WrongArticle("words")
    remark = _remark(held, RemarkKind.COMMENT, words, agent)
    changes = {"language": held.language, "remark": remark.pk}
    record("article.commented", stream=held.article, by=by, changes=changes)
    return remark


def asked_by(text: ArticleText) -> int | None:
    """The key of the agent who asked for the review last."""
    asked = text.remarks.filter(kind=RemarkKind.ASKED).order_by("-pk")
    return asked.values_list("agent", flat=True).first()


def may_review(agent: Agent) -> bool:
    """Whether somebody can be asked."""
    principal = Principal.of_agent(agent)
    return agent.user.is_active and (principal.may("articles") or principal.may("publish"))


def reviewers_for(agent: Agent) -> list[Agent]:
    """The colleagues that he can ask, by name."""
    rows = Agent.objects.active().select_related("user", "role").exclude(pk=agent.pk).order_by("user__name", "pk")
    return [row for row in rows if {"articles", "publish"} & row.role.held]


def waiting_for(agent: Agent) -> int:
    """How many texts wait for his review."""
    return ArticleText.objects.filter(reviewer=agent, state=TextState.REVIEW, article__retired_at=None).count()


def _remark(text: ArticleText, kind: str, words: str, agent: Agent) -> ArticleRemark:
    if len(words) > MOST_WORDS:
        raise WrongArticle("words")
    if text.newest is None:
        raise WrongArticle("source")
    return ArticleRemark.objects.create(
        text=text, version=text.newest, kind=kind, words=words.strip(), agent=agent, by_name=str(agent)[:200],
        at=clock.now(),
    )  # fmt: skip


def _save(text: ArticleText) -> None:
    text.save()
    touch(text.article)
