"""What becomes of an article: how often it is read."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from tresen.core.knowledge.models import ArticleDay, ArticleText

RECENT_DAYS = 28


def count_recent_reads(today: date) -> int:
    """Writes down for every text how often it was read in the last RECENT_DAYS, for lists of what is read most; how
    many texts have another number than before."""
    days = ArticleDay.objects.filter(
        article=OuterRef("article"), language=OuterRef("language"), day__gt=today - timedelta(days=RECENT_DAYS)
    )
    total = Coalesce(Subquery(days.order_by().values("article").annotate(n=Sum("reads")).values("n")), 0)
    return ArticleText.objects.annotate(counted=total).exclude(recent_reads=F("counted")).update(recent_reads=total)
