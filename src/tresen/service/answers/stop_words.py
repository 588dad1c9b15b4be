"""Words of questions that say nothing of what is asked: they are neither indexed nor looked for."""

from __future__ import annotations

from tresen.kit.language import is_stop_word
from tresen.service.search.analyser import fold

_GERMAN = """
ab aber alle alles also andere anderen bekomme bekommt bleibt brauche braucht dabei dafür darf dauernd deren dir du
eben eigentlich einfach endlich erst etwas funktionieren funktioniert fängt gar gehen geht gemacht gerade gerne
geworden gleich guten hab habe habt hallo heute hier hin hätte immer irgendwas irgendwie jede jeden jeder klappt komme
kommen kommt könnte könnten lassen mache machen macht mal man mehr meinem meinen meiner muß möchte müssen nichts nie
nix obwohl oft sehr seit seitdem selbst sind soll sollte ständig trotzdem tun tut unserem viel vielleicht warum was
weil weiß welche welcher weshalb wie wieder wieso will wo wohin wollen wurde würde zwar
"""
_POLISH = """
aby albo ani bo byc bym cały chce chciałabym chciałbym chcę ciągle cos coś czemu dalej dlaczego dlatego dostać dziala
działa działają dzis dziś gdzies gdzieś i ich im inny jaka jakie jakim jakoś jeszcze każdy kiedy któryś mi mnie moge
mogę moim moj moja mozna musi muszę nam nasze niby nic nigdy od oto ponownie potem potrzebna potrzebne potrzebny
potrzebuje potrzebuję przecież raz razie robi robić sam samo sie skąd sobie swoim są ta takie tam teraz tez tylko tym
u umiem wcale wciąż we więc wszystkie zawsze znowu zrobić żeby
"""
_ENGLISH = """
again all always another anybody anyone anything because been being can't cannot come comes constantly could did
didn't do does doesn't doing don't done every everything forever get gets getting give go goes going gone got had
having i'm it's its itself keep keeps let like make makes may might must need needs never nothing ok okay once only
other over put really same say should somebody someone something stop such super take takes tell than that's them
these thing things this those too try trying until want wants way when whenever where which while who whom why won't
work working works would yet you're
"""
# Words that say little: looked for, yet not missed where an article has none of them.
_WEAK = """
alt alte bitte błąd błędu computer einmal error falsch fehler help hilfe issue mit neu neue neuen neuer neues new nowa
nowe nowego nowej nowy old please pomoc problem probleme problems problemy proszę schon stare stary strasznie time
times verzweifeln wrong
"""


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word.replace("'", "")) for word in words.split())


_STOPS = _folded(_GERMAN) | _folded(_POLISH) | _folded(_ENGLISH)
_WEAK_ONES = _folded(_WEAK)


def is_stop(raw: str, base: str) -> bool:
    """Whether a word says nothing: as written in lower case, and folded."""
    return base in _STOPS or is_stop_word(raw) or is_stop_word(base)


def is_weak(base: str) -> bool:
    """Whether a folded word says little."""
    return base in _WEAK_ONES
