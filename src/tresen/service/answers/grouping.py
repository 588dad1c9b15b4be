"""Keeping groups of synonyms."""

from __future__ import annotations

from django.db import transaction

from tresen.service.answers.models import SynonymGroup
from tresen.service.answers.synonyms import lines_of, read_anew
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

MOST_WORDS = 40
MOST_GROUPS = 1000


class WrongGroup(ValueError):
    """A group that would mean nothing: fewer than two words; or more than can be kept."""


@transaction.atomic
def save_group(group: SynonymGroup | None, *, language: str, words: list[str], by: Actor) -> SynonymGroup:
    """A new group, or other words for one. Event `synonyms.changed`, none where nothing changes. Raises WrongGroup."""
    lines = lines_of(words)
    count = len(lines.splitlines())
    if not 2 <= count <= MOST_WORDS or (group is None and SynonymGroup.objects.count() >= MOST_GROUPS):
        raise WrongGroup
    row = SynonymGroup.objects.select_for_update().get(pk=group.pk) if group else SynonymGroup()
    before = [row.language, row.words] if group else None
    if before == [language, lines]:
        return row
    row.language, row.words = language, lines
    row.save()
    facts = {"language": language, "words": [before[1].splitlines() if before else [], lines.splitlines()]}
    read_anew()
    record("synonyms.changed", stream=row, by=by, changes=facts)
    return row


@transaction.atomic
def delete_group(group: SynonymGroup, *, by: Actor) -> None:
    """They mean the same no longer. Event `synonyms.deleted`."""
    row = SynonymGroup.objects.select_for_update().filter(pk=group.pk).first()
    if row:
        record(
            "synonyms.deleted", stream=row, by=by, changes={"language": row.language, "words": row.words.split("\n")}
        )
        row.delete()
        read_anew()
