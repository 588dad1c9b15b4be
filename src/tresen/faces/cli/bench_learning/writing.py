"""Tickets as people write them, in three languages: one part to learn from, another, with phrasings, names and products
of its own, to be judged by."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tresen.faces.cli.bench_learning import english, german, polish

LANGUAGES = {"en": english, "de": german, "pl": polish}
TEAM_OF = {
    "network": "Network", "phone": "Network", "printing": "Hardware", "computer": "Hardware", "mail": "Service desk",
    "access": "Service desk", "software": "Service desk", "invoice": "Office", "order": "Office",
}  # fmt: skip
# How often a category comes: as on real desks some are ten times as frequent as others.
SHARES = {"access": 24, "mail": 16, "software": 14, "computer": 12, "network": 10, "printing": 9, "order": 6,
          "invoice": 5, "phone": 4}  # fmt: skip
PRODUCTS = {
    "learnt": ["Zentara", "Kolibri Pro", "Haus 4", "Altona", "MX-200", "Fibu Plus", "Orion", "Lublin", "Nordwind"],
    "judged": ["Belvia", "TX 9", "Wrocław", "Seepark", "Tarsis", "Quill", "Depot Süd", "Merkant", "Fjord 7"],
}
PEOPLE = {
    "learnt": ["Maria Keller", "Jan Nowak", "Peter Brandt", "Ewa Lis", "John Carter", "Ines Vogt", "Tomasz Bąk"],
    "judged": ["Oskar Wendt", "Zofia Mróz", "Lucy Hale", "Kemal Aydin", "Bożena Kita", "Rolf Sander", "Amy Stone"],
}


@dataclass(frozen=True)
class Written:
    """A ticket as it came, and what it is."""

    language: str
    category: str
    team: str
    subject: str
    text: str


def written(part: str, count: int, *, seed: int, evenly: bool = False, noise: float = 0.0) -> Iterator[Written]:
    """`count` tickets of the part `learnt` or `judged`; `evenly`: each category as often as the others. `noise`: which
    share of them lies under a wrong category, as colleagues leave it."""
    draw = random.Random(seed)  # noqa: S311
    names = list(SHARES)
    weights = [1] * len(names) if evenly else list(SHARES.values())
    phrases = {code: _phrases(module.LEARNT if part == "learnt" else module.JUDGED)
               for code, module in LANGUAGES.items()}  # fmt: skip
    for number in range(count):
        language = list(LANGUAGES)[number % len(LANGUAGES)]
        category = draw.choices(names, weights)[0]
        subject, sentence = draw.choice(phrases[language][category])
        filed = draw.choice(names) if draw.random() < noise else category
        yield Written(language, filed, TEAM_OF[filed], *_letter(language, part, subject, sentence, draw))


def _letter(language: str, part: str, subject: str, sentence: str, draw: random.Random) -> tuple[str, str]:
    words = LANGUAGES[language]
    names = {"p": draw.choice(PRODUCTS[part]), "n": draw.choice(PEOPLE[part])}
    fillers = draw.sample(words.FILLERS[part], k=draw.randint(0, 3))
    body = [sentence.format(**names), *fillers]
    if fillers and draw.random() < 0.3:
        body = [fillers[0], sentence.format(**names), *fillers[1:]]
    closing = f"{draw.choice(words.CLOSINGS[part])}\n{draw.choice(PEOPLE[part])}"
    text = f"{draw.choice(words.OPENINGS[part])}\n\n{' '.join(body)}\n\n{closing}"
    return subject.format(**names), text


def _phrases(table: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    found = {}
    for category, lines in table.items():
        pairs = (line.split("|", 1) for line in lines.strip().splitlines())
        found[category] = [(subject.strip(), sentence.strip()) for subject, sentence in pairs]
    return found
