"""How well, how fast and in how much memory the desk learns from its tickets."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from tresen.faces.cli.bench_learning.writing import Written, written
from tresen.service.learning.judging import Model
from tresen.service.learning.reading import words_of
from tresen.service.learning.training import Example, Learnt, learn_from

FIELDS = ("category", "team")
SURE = 0.9
TICKETS = 100_000
# One of twenty lies in the wrong category, as on a real desk.
NOISE = 0.05
JUDGED = 2700


def measure_learning() -> dict[str, float]:
    """Figures of learning from 100,000 tickets, in a process of its own so that its memory is known. Raises
    RuntimeError when that fails."""
    command = [sys.executable, "-m", "tresen.faces.cli.bench_learning.measuring"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        raise RuntimeError("learning could not be measured")
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def figures(count: int = TICKETS) -> dict[str, float]:
    """Learns from `count` tickets and judges others, whose phrasings, names and products are not among them."""
    began = time.perf_counter()
    learnt = learn_from(_examples(written("learnt", count, seed=1, noise=NOISE)))
    found = {"learning, tickets": float(count), "learning, seconds": round(time.perf_counter() - began, 1),
             "learning, MB": peak_mb()}  # fmt: skip
    others = list(written("judged", JUDGED, seed=2, evenly=True))
    for field in FIELDS:
        found |= _of_field(field, learnt, others)
    began = time.perf_counter()
    for one in others:
        words = words_of(one.subject, one.text)
        for field in FIELDS:
            learnt[field].model.judge(words)
    found["judging a ticket, ms"] = round(1000 * (time.perf_counter() - began) / len(others), 2)
    return found


def peak_mb() -> float:
    """The most memory that this process has held, in MB. What getrusage says counts whoever started it, too."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def _examples(tickets: Iterable[Written]) -> Iterable[Example]:
    return (Example(one.subject, one.text, {name: getattr(one, name) for name in FIELDS}) for one in tickets)


def _of_field(field: str, learnt: dict[str, Learnt], others: Sequence[Written]) -> dict[str, float]:
    found: dict[str, float] = {}
    sure: list[bool] = []
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one, label, guess, confidence in judged(field, learnt[field].model, others):
        pairs[one.language].append((label, guess))
        if confidence >= SURE:
            sure.append(label == guess)
    for language, listed in pairs.items():
        most = Counter(label for label, _guess in listed).most_common(1)[0][0]
        found[f"{field}, {language}: macro-F1"] = round(macro_f1(listed), 3)
        found[f"{field}, {language}: macro-F1 of the most frequent"] = round(
            macro_f1([(label, most) for label, _guess in listed]), 3
        )
    found[f"{field}: proposals of 90 % and more"] = float(len(sure))
    found[f"{field}: of these right, %"] = round(100 * sum(sure) / len(sure), 1) if sure else 0.0
    return found


def judged(field: str, model: Model, others: Sequence[Written]) -> list[tuple[Written, str, str, float]]:
    """Each ticket with what it is, what the model says, and how sure that is."""
    told = [(one, model.judge(words_of(one.subject, one.text))) for one in others]
    return [(one, str(getattr(one, field)), said.label, said.confidence) for one, said in told]


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean over all labels of the harmonic mean of precision and recall, of pairs of truth and guess."""
    right = Counter(label for label, guess in pairs if label == guess)
    truth, guessed = Counter(label for label, _ in pairs), Counter(guess for _, guess in pairs)
    return sum(2 * right[label] / (truth[label] + guessed[label]) for label in truth) / len(truth)


if __name__ == "__main__":
    print(json.dumps(figures()))
