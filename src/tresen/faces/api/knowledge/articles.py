"""/articles: the knowledge base as the desk sees it, also drafts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from tresen.core.knowledge.models import Article, ArticleText, Collection
from tresen.core.knowledge.publishing import plan, publish, withdraw
from tresen.core.knowledge.rendering import Words, WrongWords
from tresen.core.knowledge.services import WrongArticle, change_article, create_article, retire, take_up_again
from tresen.core.knowledge.writing import save_text
from tresen.core.people.models import Brand, Organisation
from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal, principal_of
from tresen.faces.api.answers import answer, expected_version, if_match_version, resource, version_etag
from tresen.faces.api.knowledge import output, schemas
from tresen.faces.api.lookups import agent_named, category_named
from tresen.faces.api.once import once
from tresen.faces.api.paging import page
from tresen.faces.api.problems import Problem, WrongField, stale_now
from tresen.kit import clock
from tresen.kit.fingerprint import ChangedMeanwhile

router = Router(tags=["knowledge"])
SORTS = {"changed_at": "changed_at", "created_at": "created_at", "id": "pk"}
HEAVY = ("newest__source", "newest__html", "published__source", "published__html")


@router.get("/articles", response=schemas.Articles, url_name="articles", operation_id="list_articles")
def list_articles(request: HttpRequest, params: Query[schemas.ArticleListQuery]) -> HttpResponse:
    """Articles, last changed first. `query`: words of the title or summary in some language."""
    texts = ArticleText.objects.select_related("newest", "published").defer(*HEAVY)
    rows = _narrowed(principal_of(request), params).select_related("collection", "keeper__user", "category")
    rows = rows.prefetch_related(Prefetch("texts", texts), "brands", "organisations")
    found, after = page(rows, params, name="articles", sorts=SORTS, default="-changed_at")
    return answer(schemas.Articles(items=list(map(output.article, found)), next=after))


def _narrowed(principal: Principal, params: schemas.ArticleListQuery) -> Any:
    rows = Article.objects.visible_to(principal).shown_as(params.show, principal.agent, clock.now().date())
    if params.collection:
        rows = rows.filter(collection__slug=params.collection[:60])
    texts = ArticleText.objects.filter(article=OuterRef("pk"))
    if params.state:
        texts = texts.filter(state=params.state)
    if params.language:
        texts = texts.filter(language=params.language)
    for word in params.query.replace("\0", "").split()[:8]:
        texts = texts.filter(Q(newest__title__icontains=word) | Q(newest__summary__icontains=word))
    return rows.filter(Exists(texts))


@router.post("/articles", response={201: schemas.ArticleWithWords}, url_name="article-create",
             operation_id="create_article")  # fmt: skip
def create(request: HttpRequest, body: schemas.ArticleCreate) -> HttpResponse:
    """A new article with its first words: a draft."""
    principal = principal_of(request)
    require(principal, "article.write")
    shelf = _shelf(body.collection)

    def act() -> HttpResponse:
        made = _tried(
            lambda: create_article(
                collection=shelf, language=body.language, words=_words(body), audience=body.audience,
                keeper=principal.agent, by=principal.actor,
            )
        )  # fmt: skip
        return _show(made, status=201)

    return once(request, act)


@router.get("/articles/{int:article_id}", response=schemas.ArticleWithWords, url_name="article",
            operation_id="get_article")  # fmt: skip
def get_one(request: HttpRequest, article_id: int) -> HttpResponse:
    """One article with what it says in every language."""
    return _show(_one(request, article_id))


@router.patch("/articles/{int:article_id}", response=schemas.ArticleWithWords, url_name="article-change",
              operation_id="change_article")  # fmt: skip
def change(request: HttpRequest, article_id: int, body: schemas.ArticleChange) -> HttpResponse:
    """Changes fields besides the words. Who reads what is published, or planned to be, is said by those who publish.
    With `If-Match` only if nobody changed the article meanwhile."""
    principal, row = principal_of(request), _one(request, article_id)
    require(principal, "article.write", row)
    _refuse_stale(request, row)
    given = body.given()
    use = given.pop("retired", None)
    is_out = row.texts.published_or_planned().exists()
    if use is not None or (is_out and {"collection", "audience", "brands", "organisations"} & set(given)):
        require(principal, "article.publish", row)
    wanted = _wanted(principal, given)

    def act() -> HttpResponse:
        expected = expected_version(request, row.version)
        changed = row
        if wanted:
            changed = _tried(lambda: change_article(row, set=wanted, by=principal.actor, expected=expected), row)
        if use is not None:
            changed = (retire if use else take_up_again)(changed, by=principal.actor)
        return _show(changed)

    return once(request, act)


@router.post("/articles/{int:article_id}/texts/{str:language}", response=schemas.ArticleWithWords,
             url_name="article-text", operation_id="save_article_text")  # fmt: skip
def save(request: HttpRequest, article_id: int, language: str, body: schemas.WordsIn) -> HttpResponse:
    """The words in a language, as a new version. Readers see them once they are published."""
    principal, seen = principal_of(request), _newest(request, article_id, language)
    row = _one(request, article_id)
    require(principal, "article.write", row)
    _refuse_stale(request, row)

    def act() -> HttpResponse:
        words = _words(body)
        _tried(lambda: save_text(row, language, words, by=principal.actor, expected=seen, note=body.note), row)
        return _show(_one(request, article_id))

    return once(request, act)


@router.post("/articles/{int:article_id}/publish", response=schemas.ArticleWithWords, url_name="article-publish",
             operation_id="publish_article")  # fmt: skip
def publish_one(request: HttpRequest, article_id: int, body: schemas.Publish) -> HttpResponse:
    """Readers see the newest words of a language, now or from `at` on."""
    principal, seen = principal_of(request), _newest(request, article_id, body.language)

    def does(text: ArticleText) -> None:
        if body.at is None:
            publish(text, by=principal.actor, expected=seen)
        else:
            plan(text, at=body.at, by=principal.actor, expected=seen)

    return _on_text(request, article_id, body.language, does)


@router.post("/articles/{int:article_id}/withdraw", response=schemas.ArticleWithWords, url_name="article-withdraw",
             operation_id="withdraw_article")  # fmt: skip
def withdraw_one(request: HttpRequest, article_id: int, body: schemas.Withdraw) -> HttpResponse:
    """Readers do not see it in a language any more."""
    principal = principal_of(request)
    return _on_text(request, article_id, body.language, lambda text: withdraw(text, by=principal.actor))


def _on_text(
    request: HttpRequest, article_id: int, language: str, does: Callable[[ArticleText], object]
) -> HttpResponse:
    row = _one(request, article_id)
    require(principal_of(request), "article.publish", row)
    _refuse_stale(request, row)
    text = row.texts.select_related("article").filter(language=language).first()
    if text is None:
        raise WrongField("language", _("The article does not say anything in this language."))

    def act() -> HttpResponse:
        _tried(lambda: does(text), row)
        return _show(_one(request, article_id))

    return once(request, act)


def _one(request: HttpRequest, key: int) -> Article:
    rows = Article.objects.visible_to(principal_of(request)).select_related("collection", "keeper__user", "category")
    return get_object_or_404(rows, pk=key)


def _newest(request: HttpRequest, article_id: int, language: str) -> int | None:
    """The number of the newest words in a language (0: none), for the service to check under its lock; None without
    `If-Match`. It is read before the article: words saved in between make that one stale."""
    if expected_version(request, 0) is None:
        return None
    numbers = ArticleText.objects.filter(article=article_id, language=language).values_list("newest__number", flat=True)
    return numbers.first() or 0


def _show(row: Article, *, status: int = 200) -> HttpResponse:
    shown = output.with_words(row)
    return resource(shown, f"articles/{row.pk}", etag=version_etag(row.version, shown), status=status)


def _refuse_stale(request: HttpRequest, row: Article) -> None:
    if not if_match_version(request, row.version):
        raise _stale(row)


def _stale(row: Article) -> Problem:
    shown = output.with_words(row)
    detail = _("It is no longer as your If-Match says. Here is how it is now.")
    return stale_now(detail, shown, version_etag(row.version, shown))


def _tried(does: Callable[[], Any], row: Article | None = None) -> Any:
    """What the service says no to, in the words of the interface."""
    try:
        return does()
    except WrongWords as fault:
        raise WrongField(fault.field, _("This is too long, or nested too deeply.")) from fault
    except WrongArticle as fault:
        raise WrongField("at" if fault.field == "publish_at" else fault.field, _refusal(fault.field)) from fault
    except ChangedMeanwhile as fault:
        assert row is not None
        row.refresh_from_db()
        raise _stale(row) from fault


def _refusal(field: str) -> str:
    said = {
        "publish_at": _("Choose a time that is still to come."),
        "source": _("Readers see these words already."),
        "organisations": _("Choose at least one organisation."),
    }
    return said.get(field, _("This value is not possible here."))


def _words(body: schemas.WordsIn) -> Words:
    return Words(body.title, body.summary, body.source.replace("\r\n", "\n"), body.format)


def _shelf(slug: str) -> Collection:
    found = Collection.objects.filter(slug=slug).first()
    if found is None:
        raise WrongField("collection", _("There is no such collection; see /api/v1/collections."))
    return found


def rows_of(rows: Any, keys: list[int], path: str) -> list[Any]:
    """The rows with these ids, all of them. Raises WrongField."""
    found = list(rows.filter(pk__in=keys))
    if len(found) != len(set(keys)):
        raise WrongField(path, _("One of them does not exist."))
    return found


def _wanted(principal: Principal, given: dict[str, Any]) -> dict[str, Any]:
    wanted = dict(given)
    if "collection" in given:
        wanted["collection"] = _shelf(given["collection"])
    if "category" in given:
        wanted["category"] = category_named(principal, given["category"], "category")
    if "keeper" in given:
        wanted["keeper"] = agent_named(principal, given["keeper"], "keeper")
    if "brands" in given:
        wanted["brands"] = rows_of(Brand.objects.visible_to(principal), given["brands"], "brands")
    if "organisations" in given:
        seen = Organisation.objects.visible_to(principal)
        wanted["organisations"] = rows_of(seen, given["organisations"], "organisations")
    return wanted
