"""Jobs of what people want done with the data of their own."""

from __future__ import annotations

from django.db.models import Q

from tresen.kit import clock
from tresen.spine.jobs.registry import job


@job("participation.make_ready", queue="mail-out", outside=True)
def make_ready(*, wish_id: int) -> None:
    """Makes the file, if one is wanted, and mails the link."""
    from tresen.service.participation.readying import make_ready as ready

    ready(wish_id)


@job("participation.sweep", outside=True)
def sweep() -> None:
    """Removes files whose link is over, and those that were fetched."""
    from tresen.kit import files
    from tresen.service.participation.models import Wish, WishState

    over = Q(expires_at__lt=clock.now(), state=WishState.READY)
    for wish in Wish.objects.filter(over):
        Wish.objects.filter(pk=wish.pk, state=WishState.READY).update(state=WishState.OVER, token_hash=None)
    for wish in Wish.objects.filter(state__in=(WishState.OVER, WishState.DONE)).exclude(storage_key=""):
        files.remove(wish.storage_key)
        Wish.objects.filter(pk=wish.pk).update(storage_key="")
