"""Words on tickets: made, renamed, joined, taken away."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, QuerySet

from tresen.core.people.principals import Principal
from tresen.core.people.refusals import NameTaken, save_named
from tresen.core.tickets.models import Tag, Ticket
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


@transaction.atomic
def create_tag(*, name: str, by: Actor) -> Tag:
    """A new tag. Event `tag.created`. Raises NameTaken."""
    tag = Tag(name=_free_name(name))
    save_named(tag)
    record("tag.created", stream=tag, by=by, changes={"name": [None, tag.name]})
    return tag


def tags_named(names: Iterable[str], *, by: Actor) -> list[Tag]:
    """The tags with these names, made where there are none; case does not matter, empty names are left out."""
    wanted = {shown.casefold(): shown for name in names if (shown := " ".join(name.split())[:40])}
    known = {tag.name.casefold(): tag for tag in Tag.objects.all()} if wanted else {}
    for folded, shown in wanted.items():
        if folded not in known:
            try:
                known[folded] = create_tag(name=shown, by=by)
            except NameTaken:  # somebody else made it in this moment
                known[folded] = Tag.objects.get(name__iexact=shown)
    return sorted((known[folded] for folded in wanted), key=lambda tag: tag.name)


@transaction.atomic
def rename_tag(tag: Tag, *, name: str, by: Actor) -> Tag:
    """Another name, on all its tickets at once. Event `tag.renamed`. Raises NameTaken."""
    locked = Tag.objects.select_for_update().get(pk=tag.pk)
    old, locked.name = locked.name, _free_name(name, but=locked)
    if old != locked.name:
        save_named(locked)
        record("tag.renamed", stream=locked, by=by, changes={"name": [old, locked.name]})
    return locked


def _free_name(name: str, but: Tag | None = None) -> str:
    shown = " ".join(name.split())[:40]
    others = Tag.objects.exclude(pk=but.pk) if but else Tag.objects.all()
    if not shown or others.filter(name__iexact=shown).exists():
        raise NameTaken
    return shown


@transaction.atomic
def merge_tags(tag: Tag, *, into: Tag, by: Actor) -> int:
    """All tickets with `tag` carry `into` instead, and `tag` is gone; how many. Event `tag.merged` of `into`."""
    if tag.pk == into.pk:
        raise ValueError("a tag cannot be merged with itself")
    rows = Ticket.tags.through.objects.filter(tag=tag)
    both = Ticket.tags.through.objects.filter(tag=into).values("ticket")
    count = rows.count()
    rows.exclude(ticket__in=both).update(tag=into)
    tag.delete()
    record("tag.merged", stream=into, by=by, changes={"name": [tag.name, into.name], "tickets": count})
    return count


@transaction.atomic
def delete_tag(tag: Tag, *, by: Actor) -> int:
    """The word is taken from all tickets; from how many. Event `tag.deleted`."""
    count = Ticket.tags.through.objects.filter(tag=tag).count()
    record("tag.deleted", stream=tag, by=by, changes={"name": [tag.name, None], "tickets": count})
    tag.delete()
    return count


def tags_for(principal: Principal) -> QuerySet[Tag]:
    """All tags with `count`, how many tickets carry each, for staff; none for anybody else."""
    found = Tag.objects.annotate(count=Count("tickets")).order_by("name")
    return found if principal.is_staff else found.none()
