"""What is done with an article in one language: published, planned, withdrawn, reviewed, remarked, said to hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tresen.core.knowledge.models import ArticleText
from tresen.core.knowledge.publishing import give_up_plan, plan, publish, withdraw
from tresen.core.knowledge.reviewing import ask_for_review, comment, review
from tresen.core.knowledge.services import WrongArticle
from tresen.core.knowledge.writing import say_translation_holds
from tresen.core.people.models import Agent
from tresen.core.people.permissions import require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.knowledge.finding import opened_or_404, text_or_404
from tresen.faces.desk.knowledge.forms import PlanForm
from tresen.faces.desk.knowledge.views import article_page
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile

MOST_WORDS = 4000
WRONG = {
    "reviewer": gettext_lazy("Choose a colleague who writes articles."),
    "words": gettext_lazy("Write a word about it: at most 4,000 characters."),
    "source": gettext_lazy("Readers see these words already."),
    "state": gettext_lazy("It is not in review any more."),
    "marks": gettext_lazy(
        "Personal data is still marked in these words, like [name: …]. Take each mark out, or write something else."
    ),
    "publish_at": gettext_lazy("Choose a time that is still to come."),
    "language": gettext_lazy("The main text is not published."),
}


def _expected(request: StaffRequest) -> int | None:
    typed = request.POST.get("newest", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _words(request: StaffRequest) -> str:
    words = request.POST.get("words", "").replace("\0", "").replace("\r\n", "\n")
    if len(words) > MOST_WORDS:
        raise WrongArticle("words")
    return words


def _agent(request: StaffRequest) -> Agent:
    assert request.principal.agent is not None
    return request.principal.agent


def _publish(request: StaffRequest, text: ArticleText) -> str:
    publish(text, by=request.principal.actor, expected=_expected(request))
    return _("Published. Readers see these words now.")


def _plan(request: StaffRequest, text: ArticleText) -> str:
    form = PlanForm(request.POST)
    if not form.is_valid():
        raise WrongArticle("publish_at")
    plan(text, at=form.cleaned_data["publish_at"], by=request.principal.actor, expected=_expected(request))
    return _("Planned. It is published by itself then.")


def _unplan(request: StaffRequest, text: ArticleText) -> str:
    give_up_plan(text, by=request.principal.actor)
    return _("It is not published by itself any more.")


def _withdraw(request: StaffRequest, text: ArticleText) -> str:
    withdraw(text, by=request.principal.actor)
    return _("Withdrawn. Readers do not see it in this language any more.")


def _ask(request: StaffRequest, text: ArticleText) -> str:
    key = request.POST.get("reviewer", "")
    rows = Agent.objects.active().select_related("user", "role")
    reviewer = rows.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 10 else None
    if reviewer is None:
        raise WrongArticle("reviewer")
    ask_for_review(text, reviewer=reviewer, words=_words(request), agent=_agent(request), by=request.principal.actor)
    return _("%(name)s is asked for a review.") % {"name": reviewer}


def _approve(request: StaffRequest, text: ArticleText) -> str:
    _review(request, text, approves=True)
    return _("Approved.")


def _return(request: StaffRequest, text: ArticleText) -> str:
    _review(request, text, approves=False)
    return _("Sent back with your words.")


def _review(request: StaffRequest, text: ArticleText, *, approves: bool) -> None:
    review(
        text, approves=approves, words=_words(request), agent=_agent(request), by=request.principal.actor,
        expected=_expected(request),
    )  # fmt: skip


def _comment(request: StaffRequest, text: ArticleText) -> str:
    comment(text, words=_words(request), agent=_agent(request), by=request.principal.actor)
    return _("Your remark stands below the article; readers do not see it.")


def _holds(request: StaffRequest, text: ArticleText) -> str:
    say_translation_holds(text, by=request.principal.actor)
    return _("The translation counts as up to date.")


ACTS: dict[str, tuple[str, Callable[[StaffRequest, ArticleText], str]]] = {
    "publish": ("article.publish", _publish), "plan": ("article.publish", _plan),
    "unplan": ("article.publish", _unplan), "withdraw": ("article.publish", _withdraw),
    "ask": ("article.write", _ask), "approve": ("article.review", _approve), "return": ("article.review", _return),
    "comment": ("article.write", _comment), "holds": ("article.write", _holds),
}  # fmt: skip


@staff_page
@require_POST
def act(request: StaffRequest, pk: int, language: str) -> HttpResponseBase:
    """One act on the text in that language (`act`); what was typed comes back where it is refused."""
    opened = opened_or_404(request, pk, language)
    text = text_or_404(opened, language)
    permission, does = ACTS.get(request.POST.get("act", ""), ("", None))
    if does is None:
        raise Http404
    require(request.principal, permission, text)
    try:
        notices.tell(request, does(request, text))
    except (WrongArticle, ChangedMeanwhile) as fault:
        return _refused(request, pk, language, fault)
    return HttpResponseRedirect(f"{reverse('desk:article', args=[pk])}?in={language}")


def _refused(request: StaffRequest, pk: int, language: str, fault: WrongArticle | ChangedMeanwhile) -> HttpResponseBase:
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in ("words", "reviewer", "publish_at")}
    if isinstance(fault, ChangedMeanwhile):
        said, status = _("Somebody else has saved other words meanwhile. Look at them below, then decide again."), 409
    else:
        said, status = str(WRONG.get(fault.field, _("That is not possible any more."))), 422
    opened = opened_or_404(request, pk, language)
    return article_page(request, opened, language, status=status, refused=said, typed=typed)
