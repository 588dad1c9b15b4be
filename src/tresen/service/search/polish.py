"""The root of a Polish word, for the forms that the Snowball stemmer leaves apart: cases that change the last consonant
(faktura, fakturze; drukarka, drukarce), and an e that comes and goes (drukarek, haseł).

It works on folded words and is rough on purpose: it only has to give the forms of one word the same root, and the words
of a text are found by themselves, too.
"""

from __future__ import annotations

# Endings of nouns and adjectives, folded; the longest that fits is taken off.
_ENDINGS = sorted(
    "ami ach owi owie ow om em ie iem iami iach iom ia iu io ii a e i o u y ego emu ymi imi ych ich ej ym im a".split(),
    key=len,
    reverse=True,
)
# What the last consonant becomes before -e, and back: fakturze, internecie, drukarce, usłudze, umowie, liście, kole.
_SOFTENED = (
    ("scie", "st"), ("zdzie", "zd"), ("rze", "r"), ("cie", "t"), ("dzie", "d"), ("dze", "g"), ("sze", "ch"),
    ("ce", "k"),
)  # fmt: skip
# The e between the last consonants of a form without ending: drukarek, haseł, kabel.
_FLEETING = (("ek", "k"), ("el", "l"), ("ec", "c"))
_SHORTEST = 3


def polish_root(word: str) -> str:
    """Return the root of a folded word; the word itself where nothing can be taken off."""
    if not word.isalpha():
        return word
    for ending, consonant in _SOFTENED:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST - 1:
            return word[: -len(ending)] + consonant
    for ending, consonant in _FLEETING:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)] + consonant
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word
