"""Images that a mail only points at (safety decision 5): off until an agent asks for them, then fetched by us.

The browser never asks the sender's server, and that server learns neither who looked nor from where: one request for
all agents, without cookie or referrer, kept for a week. Its address comes out of the cleaned message by its place in
it, never out of a request. Marks that only count readers (one pixel, or hidden) are not asked for at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from urllib.parse import quote, urlsplit

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q

from tresen.channels.mail.image_models import ImagesShown, RemoteImage
from tresen.core.people.models import Agent
from tresen.core.tickets.choices import Trust
from tresen.core.tickets.models import Message
from tresen.kit import clock, files
from tresen.kit.crypto import derived_key, mac128, same, token_hash
from tresen.kit.filetypes import INLINE_TYPES, type_of
from tresen.kit.html.images import remote_sources
from tresen.kit.http import Limits, NotReached, fetch
from tresen.kit.pictures import MOST_PIXELS, picture_size

PURPOSE = "remote-images"
LIMITS = Limits(seconds=8, max_bytes=5 * 1024 * 1024, redirects=3, plain=True)
MOST_IMAGES = 100
KEPT = timedelta(days=7)
TRIED_AGAIN = timedelta(minutes=10)
# Every character that may stand in an address; others are coded, as browsers do.
ADDRESS_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"


def show_images(message: Message, *, agent: Agent, always: bool = False) -> None:
    """Shows this agent the images of a message, or with `always` of everything its sender writes. No event: it is
    how one person looks at things."""
    if always and message.contact_id:
        ImagesShown.objects.get_or_create(agent=agent, contact=message.contact)
    else:
        ImagesShown.objects.get_or_create(agent=agent, message=message)


def hide_images(message: Message, *, agent: Agent) -> None:
    """Takes that back: for the message, and for its sender."""
    both = Q(message=message) | Q(contact__isnull=False, contact=message.contact_id)
    ImagesShown.objects.filter(both, agent=agent).delete()


def are_shown(message: Message, *, agent: Agent) -> bool:
    """Whether this agent asked for them. "Always for this sender" does not hold for a mail whose sender is proven to
    be another."""
    mine = ImagesShown.objects.filter(agent=agent)
    wanted = mine.filter(message=message)
    if message.contact_id and message.trust != Trust.ANONYMOUS:
        wanted = mine.filter(Q(message=message) | Q(contact=message.contact_id))
    return wanted.exists()


def image_marks(message: Message, *, agent: Agent) -> list[str]:
    """For every image from outside, in order, the mark under which it can be asked for: its place and a MAC for this
    agent and address; "" for one that stays blocked."""
    marks = []
    for number, url in enumerate(remote_sources(message.html)[:MOST_IMAGES]):
        marks.append(f"{number}.{_mac(message, agent, url)}" if url else "")
    return marks


def open_image(message: Message, mark: str, *, agent: Agent) -> RemoteImage | None:
    """The image of a mark, fetched now if need be; None for a forged mark, one that is not wanted any longer, and
    whatever is no picture or cannot be had."""
    place, _, mac = mark.partition(".")
    sources = remote_sources(message.html)[:MOST_IMAGES]
    number = int(place) if place.isdecimal() and len(place) < 4 else MOST_IMAGES
    url = sources[number] if number < len(sources) else ""
    if not url or not same(mac, _mac(message, agent, url)) or not are_shown(message, agent=agent):
        return None
    image = _kept(url) or _fetched(url)
    return image if image.storage_key else None


def _mac(message: Message, agent: Agent, url: str) -> str:
    return mac128(derived_key(PURPOSE), str(agent.pk), str(message.pk), url)


def _kept(url: str) -> RemoteImage | None:
    at = clock.now()
    fresh = Q(fetched_at__gt=at - TRIED_AGAIN) | Q(fetched_at__gt=at - KEPT) & ~Q(storage_key="")
    return RemoteImage.objects.filter(fresh, url_hash=token_hash(url)).first()


def _fetched(url: str) -> RemoteImage:
    """Asks once; what is no picture is remembered as such for a while, and so is a server that does not answer."""
    host = f"images:{token_hash(urlsplit(url).netloc)}"
    found: tuple[bytes, str] | None = None
    if not cache.get(host):
        try:
            answer = fetch(quote(url, safe=ADDRESS_CHARACTERS), headers={"Accept": "image/*"}, limits=LIMITS)
            found = _picture(answer.body) if answer.status == 200 else None
        except NotReached:
            cache.set(host, True, timeout=int(TRIED_AGAIN.total_seconds()))
    return _keep(url, found)


def _picture(data: bytes) -> tuple[bytes, str] | None:
    """The bytes and what they are by their own first bytes; what the server says of them counts for nothing."""
    kind, size = type_of("", data[:1024]), picture_size(data)
    if kind not in INLINE_TYPES or size is None:
        return None
    width, height = size
    seen = width > 1 or height > 1
    return (data, kind) if seen and 0 < width * height <= MOST_PIXELS else None


def _keep(url: str, found: tuple[bytes, str] | None) -> RemoteImage:
    stored = files.store_bytes(found[0]) if found else None
    row = RemoteImage(
        url_hash=token_hash(url), storage_key=stored.key if stored else "", content_type=found[1] if found else "",
        size=stored.size if stored else 0, fetched_at=clock.now(),
    )  # fmt: skip
    old = RemoteImage.objects.filter(url_hash=row.url_hash).first()
    try:
        with transaction.atomic():
            if old:
                old.delete()
            row.save(force_insert=True)
    except IntegrityError:  # another agent asked in the same moment
        _forget_files([row.storage_key])
        return RemoteImage.objects.get(url_hash=row.url_hash)
    if old:
        _forget_files([old.storage_key])
    return row


def _forget_files(keys: Iterable[str]) -> None:
    for key in keys:
        if key:
            with suppress(OSError):
                files.remove(key)


def sweep_images() -> None:
    """Forgets what was fetched more than a week ago."""
    old = list(RemoteImage.objects.filter(fetched_at__lt=clock.now() - KEPT)[:500])
    RemoteImage.objects.filter(pk__in=[image.pk for image in old]).delete()
    _forget_files(image.storage_key for image in old)
