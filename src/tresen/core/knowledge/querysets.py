"""Reads of articles that read aloud: the desk starts at `visible_to`, everybody else at `readable_by`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from tresen.core.people.counters import of_brand

if TYPE_CHECKING:
    from tresen.core.knowledge.models import Article, ArticleFile, ArticleText, Collection  # noqa: F401
    from tresen.core.people.models import Agent, Brand
    from tresen.core.people.principals import Principal


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Collections."""

    def visible_to(self, principal: Principal) -> CollectionQuerySet:
        """The desk sees all; outsiders those in use. What stands in them is asked of the articles."""
        return self.all() if principal.is_staff else self.filter(is_active=True)

    def for_brand(self, brand: Brand) -> CollectionQuerySet:
        """What stands at that brand's counter."""
        return self.filter(of_brand(self.model, brand))


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles."""

    def visible_to(self, principal: Principal) -> ArticleQuerySet:
        """For the desk: agents see every article, also drafts; outsiders what they may read. What was made from a
        ticket may still say what the ticket says: until words of it have been published only those see it who see the
        ticket, its keeper, and whoever is asked for a review."""
        if not principal.is_staff:
            return self.readable_by(principal)
        from tresen.core.knowledge.models import ArticleText, ArticleVersion
        from tresen.core.tickets.models import Ticket

        was_out = ArticleVersion.objects.filter(text__article=OuterRef("pk"), was_published=True)
        asked = ArticleText.objects.filter(article=OuterRef("pk"), reviewer=principal.agent)
        seen = Ticket.objects.visible_to(principal).filter(pk=OuterRef("from_ticket"))
        mine = Q(keeper=principal.agent) | Q(Exists(asked))
        return self.filter(Q(from_ticket=None) | mine | Q(Exists(was_out)) | Q(Exists(seen)))

    def readable_by(self, principal: Principal) -> ArticleQuerySet:
        """For readers: in use, published in some language, and of an audience the reader is in."""
        from tresen.core.knowledge.models import ArticleText

        out = ArticleText.objects.filter(article=OuterRef("pk"), published__isnull=False)
        return self.filter(
            Exists(out), self._audience_of(principal), retired_at__isnull=True, collection__is_active=True
        )

    def in_use(self) -> ArticleQuerySet:
        """Not taken out of use."""
        return self.filter(retired_at=None)

    def due(self, day: date) -> ArticleQuerySet:
        """In use, and to be looked at again by that day or earlier."""
        return self.in_use().filter(look_again_on__lte=day)

    def shown_as(self, show: str, agent: Agent | None, day: date) -> ArticleQuerySet:
        """As the desk divides them: `mine` (kept by him), `review` (he is asked), `outdated` (a translation is out of
        date), `due` by that day, `retired`; else all that are in use."""
        from tresen.core.knowledge.models import ArticleText

        if show == "retired":
            return self.filter(retired_at__isnull=False)
        texts = ArticleText.objects.filter(article=OuterRef("pk"))
        wanted = {
            "mine": Q(keeper=agent), "review": Q(Exists(texts.filter(state="review", reviewer=agent))),
            "outdated": Q(Exists(texts.out_of_date())), "due": Q(look_again_on__lte=day),
        }  # fmt: skip
        return self.in_use().filter(wanted.get(show, Q()))

    def for_brand(self, brand: Brand) -> ArticleQuerySet:
        """What stands at that brand's counter: the article and the collection it is in are the brand's, or of all."""
        from tresen.core.knowledge.models import Collection

        shelf = Collection.objects.for_brand(brand).filter(pk=OuterRef("collection"))
        return self.filter(of_brand(self.model, brand), Exists(shelf))

    def _audience_of(self, principal: Principal) -> Q:
        from tresen.core.knowledge.models import Audience

        if principal.is_staff:
            return Q()
        found = Q(audience=Audience.EVERYBODY)
        if principal.kind == "contact" and principal.contact is not None:
            found |= Q(audience=Audience.CUSTOMERS)
            mine = self.model.organisations.through._default_manager.filter(
                article=OuterRef("pk"), organisation__memberships__contact=principal.contact
            )
            found |= Q(Exists(mine), audience=Audience.ORGANISATIONS)
        return found


class ArticleFileQuerySet(models.QuerySet["ArticleFile"]):
    """Pictures and files of articles."""

    def visible_to(self, principal: Principal) -> ArticleFileQuerySet:
        """Whoever sees the article sees its files: agents also those of drafts."""
        from tresen.core.knowledge.models import Article

        return self.filter(article__in=Article.objects.visible_to(principal))


class ArticleTextQuerySet(models.QuerySet["ArticleText"]):
    """Texts of articles, one a language."""

    def published(self) -> ArticleTextQuerySet:
        """Those that readers see."""
        return self.filter(published__isnull=False)

    def published_or_planned(self) -> ArticleTextQuerySet:
        """Those that readers see, and those that they will see by themselves: who reads them is decided."""
        return self.filter(Q(published__isnull=False) | Q(publish_at__isnull=False))

    def out_of_date(self) -> ArticleTextQuerySet:
        """Published translations that follow another version of the main text than readers see of it."""
        main = self.model._default_manager.filter(
            article=OuterRef("article"), language=OuterRef("article__language"), published__isnull=False
        )
        same = main.filter(published__number=OuterRef("follows"))
        others = self.published().exclude(language=F("article__language")).filter(Exists(main))
        return others.filter(Q(follows=None) | ~Q(Exists(same)))
