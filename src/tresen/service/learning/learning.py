"""Learning anew from the desk's tickets, and having at hand what was learnt."""

from __future__ import annotations

from django.db import transaction

from tresen.kit import clock
from tresen.service.learning.history import examples
from tresen.service.learning.judging import DamagedModel, Model, from_bytes, to_bytes
from tresen.service.learning.models import LearntModel
from tresen.service.learning.training import Learnt, learn_from

# What this process has read, by the key of its row and the moment it was learnt.
_at_hand: dict[tuple[int, str], Model] = {}


def learn() -> dict[str, Learnt]:
    """Learns every field anew and keeps it; a field of which too little is known keeps no model. Works seconds to a
    minute outside of any transaction: for a process of its own (`tresen learn`)."""
    found = learn_from(examples())
    packed = {field: to_bytes(learnt.model) for field, learnt in found.items()}
    with transaction.atomic():
        LearntModel.objects.exclude(field__in=found).delete()
        for field, learnt in found.items():
            values = {"data": packed[field], "tickets": learnt.tickets, "labels": len(learnt.model.labels),
                      "right": learnt.right, "learnt_at": clock.now()}  # fmt: skip
            LearntModel.objects.update_or_create(field=field, defaults=values)
    return found


def models_at_hand() -> dict[str, Model]:
    """What was learnt, by field; read from the database only when it was learnt anew."""
    found: dict[str, Model] = {}
    for key, field, learnt_at in LearntModel.objects.values_list("pk", "field", "learnt_at"):
        mark = (key, learnt_at.isoformat())
        if mark not in _at_hand:
            _read(key, mark)
        if mark in _at_hand:
            found[field] = _at_hand[mark]
    return found


def _read(key: int, mark: tuple[int, str]) -> None:
    """Takes a model from its row; one of another format is as good as none until the next learning."""
    for old in [one for one in _at_hand if one[0] == key]:
        del _at_hand[old]
    data = LearntModel.objects.filter(pk=key).values_list("data", flat=True).first()
    try:
        _at_hand[mark] = from_bytes(bytes(data or b""))
    except DamagedModel:
        return
