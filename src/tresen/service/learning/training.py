"""Learning from tickets: counting which features stand on which label, and how far that can be trusted. Pure.

A part of the tickets is kept back. On them it is measured how often the model is right at which confidence, with half
of their words taken away: what comes tomorrow is written in other words than what came yesterday, and a model that was
measured on its own phrasings would be too sure.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from tresen.service.learning.judging import MOST_WEIGHTS, Model, raw_confidence, step_of
from tresen.service.learning.reading import SIZE, Word, words_of

# A label is learnt from so many tickets on, and a field from so many in all.
FEWEST_OF_LABEL = 8
FEWEST = 60
MOST_LABELS = 150
# One of so many tickets is kept back, at most so many of a field.
KEPT_BACK = 5
MOST_KEPT_BACK = 2500
# How strongly the average of all tickets holds against the few of a label.
_SMOOTHING = 3.0
_FEWEST_OF_FEATURE = 2
_SCALES = tuple(0.05 * 1.25**step for step in range(16))
_FEWEST_OF_POINT = 40


@dataclass(frozen=True, slots=True)
class Example:
    """A ticket with the values that people have given it, as text by field."""

    subject: str
    text: str
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model with what it is made of. `right`: its share of hits among tickets it had not seen, half their words
    taken away."""

    model: Model
    tickets: int
    right: float


class Learner:
    """Takes in tickets one by one for one field; memory is bounded by labels and features, not by tickets."""

    def __init__(self) -> None:
        self.counts: dict[str, array[int]] = {}
        self.totals: Counter[str] = Counter()
        self.kept: list[tuple[str, list[Word]]] = []
        self.seen = 0

    def add(self, label: str, words: list[Word]) -> None:
        """One ticket of that label."""
        if label not in self.counts and len(self.counts) >= MOST_LABELS:
            return
        self.seen += 1
        if self.seen % KEPT_BACK == 0 and len(self.kept) < MOST_KEPT_BACK:
            self.kept.append((label, words))
        else:
            self._count(label, words)

    def _count(self, label: str, words: Iterable[Word]) -> None:
        row = self.counts.get(label)
        if row is None:
            row = self.counts[label] = array("I", bytes(4 * SIZE))
        self.totals[label] += 1
        for feature in {feature for word in words for feature in word.features}:
            row[feature] += 1

    def finish(self) -> Learnt | None:
        """The model, calibrated; None where there is too little to learn from."""
        model = self._model()
        if model is None:
            return None
        scored = [(label == guess, scores) for label, guess, scores in _judged(model, self.kept)]
        if len(scored) < FEWEST // KEPT_BACK:
            return None
        scale = min(_SCALES, key=lambda one: _loss(scored, one))
        points = sorted((raw_confidence(scores, scale), hit) for hit, scores in scored)
        right = sum(hit for hit, _scores in scored) / len(scored)
        for label, words in self.kept:
            self._count(label, words)
        whole = self._model()
        assert whole is not None
        curve = rising(points)
        final = Model(whole.labels, whole.priors, whole.features, whole.weights, scale, curve)
        return Learnt(final, self.totals.total(), right)

    def _model(self) -> Model | None:
        labels = sorted(label for label, count in self.totals.items() if count >= FEWEST_OF_LABEL)
        totals = [self.totals[label] for label in labels]
        everything = sum(totals)
        if len(labels) < 2 or everything < FEWEST * (KEPT_BACK - 1) // KEPT_BACK:
            return None
        rows = [self.counts[label] for label in labels]
        features, weights = array("I"), array("b")
        for feature, count in self._telling(rows, MOST_WEIGHTS // len(labels)):
            average = count / everything
            features.append(feature)
            for row, total in zip(rows, totals, strict=True):
                share = (row[feature] + _SMOOTHING * average) / (total + _SMOOTHING)
                weights.append(step_of(math.log(share / average)))
        priors = tuple(math.log(total / everything) for total in totals)
        return Model(tuple(labels), priors, features, weights)

    @staticmethod
    def _telling(rows: Sequence[array[int]], most: int) -> list[tuple[int, int]]:
        """The features that are kept, in their order, each with how many tickets have it: the most frequent."""
        sums = ((feature, sum(counts)) for feature, counts in enumerate(zip(*rows, strict=True)))
        found = [(feature, count) for feature, count in sums if count >= _FEWEST_OF_FEATURE]
        if len(found) > most:
            found = sorted(sorted(found, key=lambda pair: -pair[1])[:most])
        return found


def learn_from(given: Iterable[Example]) -> dict[str, Learnt]:
    """What there is to learn from these, by field."""
    learners: dict[str, Learner] = {}
    for example in given:
        words = words_of(example.subject, example.text)
        for field, label in example.labels.items():
            learners.setdefault(field, Learner()).add(label, words)
    done = {field: learner.finish() for field, learner in learners.items()}
    return {field: learnt for field, learnt in done.items() if learnt is not None}


def _judged(model: Model, kept: Iterable[tuple[str, list[Word]]]) -> list[tuple[str, str, list[float]]]:
    """Label, guess and scores of the tickets kept back, each with half of its words."""
    found = []
    for number, (label, words) in enumerate(kept):
        if label not in model.labels:
            continue
        left = [word for word in words if crc32(f"{number % 4}{word.written}".encode()) & 64]
        scores = model.scores(left)
        found.append((label, model.labels[scores.index(max(scores))], scores))
    return found


def _loss(scored: Sequence[tuple[bool, Sequence[float]]], scale: float) -> float:
    """How badly the raw confidence at this scale foretells whether it is right."""
    total = 0.0
    for hit, scores in scored:
        raw = min(0.999, max(0.001, raw_confidence(scores, scale)))
        total -= math.log(raw if hit else 1 - raw)
    return total


def rising(points: Sequence[tuple[float, bool]]) -> tuple[tuple[float, float], ...]:
    """What a raw confidence has been worth: neighbours are put together until the share of hits rises from one group to
    the next (pool adjacent violators), each group with one miss more than seen, for caution."""
    groups: list[list[float]] = []  # sum of raw, hits, count
    for start in range(0, len(points), _FEWEST_OF_POINT):
        part = points[start : start + _FEWEST_OF_POINT]
        groups.append([sum(raw for raw, _hit in part), float(sum(hit for _raw, hit in part)), float(len(part))])
        while len(groups) > 1 and groups[-2][1] / groups[-2][2] >= groups[-1][1] / groups[-1][2]:
            last = groups.pop()
            groups[-1] = [one + other for one, other in zip(groups[-1], last, strict=True)]
    return ((0.0, 0.0), *((raw / count, hits / (count + 1)) for raw, hits, count in groups))
