"""Jobs of what people want done with the data of their own."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from tresen.kit import clock
from tresen.spine.jobs.registry import job

KEPT_WAITING, KEPT_FETCHED = timedelta(days=7), timedelta(hours=1)


@job("participation.make_ready", queue="mail-out", outside=True)
def make_ready(*, wish_id: int) -> None:
    """Makes the file, if one is wanted, and mails the link."""
    from tresen.service.participation.readying import make_ready as ready

    ready(wish_id)


@job("participation.sweep", outside=True)
def sweep() -> None:
    """Ends links that are over and wishes that could not be made ready; removes their files, and those that were
    fetched an hour ago: so long one may take to arrive."""
    from tresen.kit import files
    from tresen.service.participation.models import Wish, WishState

    now = clock.now()
    over = Q(expires_at__lt=now, state=WishState.READY) | Q(asked_at__lt=now - KEPT_WAITING, state=WishState.ASKED)
    for wish in Wish.objects.filter(over):
        Wish.objects.filter(over, pk=wish.pk).update(state=WishState.OVER, token_hash=None)
    gone = Q(state=WishState.OVER) | Q(state=WishState.DONE, done_at__lt=now - KEPT_FETCHED)
    for wish in Wish.objects.filter(gone).exclude(storage_key=""):
        files.remove(wish.storage_key)
        Wish.objects.filter(pk=wish.pk).update(storage_key="")
