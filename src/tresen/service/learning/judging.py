"""What a field of a ticket should be, by its words: a weighted naive Bayes with a calibrated confidence, and its
reasons. Pure: no database.

A feature weighs for a label what it tells against the average of all tickets: the logarithm of how much more often it
stands on tickets of that label. What was never seen weighs nothing, so that an unknown text leads to no confidence.
"""

from __future__ import annotations

import json
import math
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tresen.service.learning.reading import Word

# No single feature says more than this, in natural logarithms.
MOST_WEIGHT = 3.0
_STEPS = 127 / MOST_WEIGHT
_FORMAT = b"TRESEN-LEARNT-1\n"
# A model in memory and in its row: so many weights of a byte each.
MOST_WEIGHTS = 6_000_000
REASONS = 3


class DamagedModel(ValueError):
    """Bytes that are no model, or one of another format."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The label that fits best, how sure that is (0 to 1), and the words that speak for it."""

    label: str
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt of one field. `weights`: for each of the sorted `features` one step a label. `curve`: what the
    raw confidence has been worth, as rising points."""

    labels: tuple[str, ...]
    priors: tuple[float, ...]
    features: array[int]
    weights: array[int]
    scale: float = 1.0
    curve: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))

    def judge(self, words: Sequence[Word]) -> Judgement:
        """The label for a text (reading.words_of)."""
        sums = [self._of_word(word) for word in words]
        scores = self._added(sums)
        order = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
        best, second = order[0], order[1]
        known = any(any(one) for one in sums)
        told = sorted(((one[best] - one[second], word.written) for one, word in zip(sums, words, strict=True)),
                      reverse=True)  # fmt: skip
        reasons = tuple(word for weight, word in told[:REASONS] if weight > 0.2)
        confidence = worth(raw_confidence(scores, self.scale), self.curve) if known else 0.0
        return Judgement(self.labels[best], confidence, reasons)

    def scores(self, words: Sequence[Word]) -> list[float]:
        """How well each label fits, in the order of `labels`."""
        return self._added([self._of_word(word) for word in words])

    def _added(self, sums: Sequence[Sequence[float]]) -> list[float]:
        return [prior + sum(column) for prior, *column in zip(self.priors, *sums, strict=True)]

    def _of_word(self, word: Word) -> list[float]:
        count, found = len(self.labels), [0] * len(self.labels)
        for feature in word.features:
            place = bisect_left(self.features, feature)
            if place < len(self.features) and self.features[place] == feature:
                start = place * count
                for index, step in enumerate(self.weights[start : start + count]):
                    found[index] += step
        share = 1 / (_STEPS * math.sqrt(len(word.features)))
        return [step * share for step in found]


def step_of(weight: float) -> int:
    """A weight as it is kept, -127 to 127."""
    return round(max(-MOST_WEIGHT, min(MOST_WEIGHT, weight)) * _STEPS)


def raw_confidence(scores: Sequence[float], scale: float) -> float:
    """What the best of the scores has of all, 0 to 1."""
    best = max(scores)
    return 1 / sum(math.exp(scale * (score - best)) for score in scores)


def worth(raw: float, curve: Sequence[tuple[float, float]]) -> float:
    """The confidence that a raw one has been worth, between the points of the curve."""
    for (left, low), (right, high) in pairwise(curve):
        if raw <= right:
            return low + (high - low) * (raw - left) / (right - left) if right > left else high
    return curve[-1][1]


def to_bytes(model: Model) -> bytes:
    """The model in a format of its own: a line of JSON, then plain numbers, compressed."""
    head = {"labels": model.labels, "priors": model.priors, "scale": model.scale, "curve": model.curve,
            "features": len(model.features)}  # fmt: skip
    numbers = array("I", model.features)
    if sys.byteorder == "big":
        numbers.byteswap()
    return _FORMAT + zlib.compress(
        json.dumps(head).encode() + b"\n" + numbers.tobytes() + model.weights.tobytes(), level=6
    )


def from_bytes(data: bytes) -> Model:
    """The model back. Reads nothing but numbers and words: bytes from elsewhere can do no harm. Raises DamagedModel."""
    if not data.startswith(_FORMAT):
        raise DamagedModel("not a model of this format")
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(data[len(_FORMAT) :], 8 * MOST_WEIGHTS)
        line, _, rest = plain.partition(b"\n")
        head = json.loads(line)
        labels, count = tuple(map(str, head["labels"])), int(head["features"])
        features, weights = array("I", rest[: 4 * count]), array("b", rest[4 * count :])
        priors, scale = tuple(map(float, head["priors"])), float(head["scale"])
        curve = tuple((float(raw), float(value)) for raw, value in head["curve"])
    except (zlib.error, ValueError, KeyError, TypeError) as fault:
        raise DamagedModel(str(fault)) from fault
    if sys.byteorder == "big":
        features.byteswap()
    whole = len(features) == count and len(weights) == count * len(labels) and len(priors) == len(labels)
    if not whole or len(labels) < 2 or not curve:
        raise DamagedModel("a part is missing")
    return Model(labels, priors, features, weights, scale, curve)
