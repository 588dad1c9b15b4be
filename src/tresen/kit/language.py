"""A cheap guess at the language of a text: German, Polish, English, or nobody knows.

It counts words that are common in one of the three languages and rare in the others, and letters that only one of them
writes. It is good enough to choose a stemmer; a wrong or missing guess costs a few index words, never a hit, because
the searching side asks in all three languages.
"""

import re
from itertools import islice

LANGUAGES = ("de", "pl", "en")

_GERMAN = """
aber als am an auch auf aus bei beim bin bis bitte da damit dann das dass dem den der des die dies diese diesen dieser
dieses doch durch ein eine einem einen einer eines er es für gibt guten haben habe hallo hat ich ihr ihre
ihrem ihren ihnen im ist ja jetzt kann kein keine können leider mein meine mich mir mit muss nach nicht noch nun nur
ob oder ohne schon sehr sein seit sich sie sind so sowie über um und uns unser unsere vielen viele vom von vor war was
wegen wenn wer werden wie wieder wir wird wo wurde zu zum zur zwei
"""
_POLISH = """
ale bardzo bez być był była było by byśmy czy dla dlaczego do dziękuję dzień dobry gdy gdzie ich jak jaki jako jednak
jest jestem jeszcze jeśli już kiedy kto która które którego której który lub ma mam mamy mnie moje mogę może można mój
na nad nam nas nasz nasza nie niestety o od oraz pan pani panie państwa państwo po pod pozdrawiam prosimy proszę przed
przez przy są się sprawie swój ta tak także tam te tego tej ten też to tu tylko w we witam wszystko z za ze żeby
"""
_ENGLISH = """
about after all also am an and any are as at be been but by can could did do does for from had has have he hello her
his how i if in into is it its just me more my no not now of on one or our out please regards she so some still than
thank thanks that the their them then there they this to up us very was we were what when where which who why will
with would you your
"""


def _languages_of_words() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for lang, words in zip(LANGUAGES, (_GERMAN, _POLISH, _ENGLISH), strict=True):
        for word in words.split():
            found[word] = (*found.get(word, ()), lang)
    return found


# A word that is common in two of the languages says nothing and is left out of the count.
_COMMON_IN = _languages_of_words()
_TELLING = {word: langs[0] for word, langs in _COMMON_IN.items() if len(langs) == 1}
_LETTERS = {**dict.fromkeys("ąćęłńśźż", "pl"), **dict.fromkeys("äöüß", "de")}

_WORD = re.compile(r"[^\W\d_]+")
# The first words of a text tell as much as all of them.
_WORDS_READ = 300


def is_stop_word(word: str) -> bool:
    """Say whether a lower-case word is so common in one of the three languages that searching for it means nothing."""
    return word in _COMMON_IN


def guess_language(text: str) -> str:
    """Return "de", "pl" or "en", or "" where the text is too short or too mixed to tell."""
    scores = dict.fromkeys(LANGUAGES, 0.0)
    for match in islice(_WORD.finditer(text.lower()), _WORDS_READ):
        word = match.group()
        if word in _TELLING:
            scores[_TELLING[word]] += 1
        if not word.isascii():
            for lang in {_LETTERS[letter] for letter in word if letter in _LETTERS}:
                scores[lang] += 0.5
    first, second = sorted(scores.values(), reverse=True)[:2]
    if first < 1.5 or first < 2 * second:
        return ""
    return max(LANGUAGES, key=scores.__getitem__)
