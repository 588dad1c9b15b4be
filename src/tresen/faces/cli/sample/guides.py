"""The steps of the sample's procedures."""

from __future__ import annotations

from tresen.service.procedures.steps import HANDED, SOLVED, Step, Way, Words


def _way(de: str, go: str, en: str = "", pl: str = "") -> Way:
    also = {code: label for code, label in (("en", en), ("pl", pl)) if label}
    return Way(label=de, go=go, also=also) if also else Way(label=de, go=go)


def _step(ask: tuple[str, str, str], hint: tuple[str, str, str], *ways: Way) -> Step:
    """Question and hint in German, English and Polish."""
    also = {"en": Words(ask=ask[1], hint=hint[1]), "pl": Words(ask=ask[2], hint=hint[2])}
    return Step(ask=ask[0], hint=hint[0], ways=list(ways), also=also)


NONE = ("", "", "")
YES, NO = ("Ja", "Yes", "Tak"), ("Nein", "No", "Nie")
_MESSAGE = ("Zeigt der Drucker eine Meldung oder ein rotes Licht?", "Does the printer show a message or a red light?",
            "Czy drukarka pokazuje komunikat lub czerwone światło?")  # fmt: skip
_RESTART = (
    "Schalten Sie den Drucker aus und nach einer halben Minute wieder ein. Druckt er jetzt?",
    "Switch the printer off, and on again after half a minute. Does it print now?",
    "Proszę wyłączyć drukarkę i po pół minuty włączyć ją ponownie. Czy teraz drukuje?",
)
_CABLE = ("Das Kabel darf stecken bleiben.", "The cable may stay plugged in.", "Kabel może pozostać podłączony.")
_SAYS = ("Was meldet er?", "What does it say?", "Co zgłasza?")
_OPEN = (
    "Fehlt Papier oder klemmt es: alle Fächer öffnen, Papier herausnehmen, neu einlegen, schließen.",
    "No paper, or a jam: open all trays, take the paper out, put it in again, close them.",
    "Brak papieru lub zacięcie: otworzyć wszystkie podajniki, wyjąć papier, włożyć ponownie, zamknąć.",
)
_OTHERS = ("Drucken andere auf demselben Drucker?", "Do others print on the same printer?",
           "Czy inni drukują na tej samej drukarce?")  # fmt: skip


def _yes(go: str) -> Way:
    return _way(YES[0], go, *YES[1:])


def _no(go: str) -> Way:
    return _way(NO[0], go, *NO[1:])


PRINTERS_BEFORE = [
    _step(_MESSAGE, NONE, _yes(HANDED), _no("1")),
    _step(_RESTART, NONE, _yes(SOLVED), _no(HANDED)),
]
PRINTERS = [
    _step(_MESSAGE, NONE, _yes("1"), _no("2")),
    _step(
        _SAYS, _OPEN,
        _way("Papier; jetzt druckt er", SOLVED, "Paper; it prints now", "Papier; teraz drukuje"),
        _way("Toner leer", HANDED, "No toner", "Brak tonera"),
        _way("Etwas anderes", HANDED, "Something else", "Coś innego"),
    ),
    _step(_RESTART, _CABLE, _yes(SOLVED), _no("3")),
    _step(_OTHERS, NONE, _yes(HANDED), _no(HANDED)),
]  # fmt: skip
VPN = [
    Step(ask="Welche Fassung hat der Client?", hint="Steht im Fenster unten rechts.",
         ways=[_way("6.2 oder neuer", "1"), _way("Älter; nach dem Update hält es", SOLVED)]),
    Step(ask="Bricht es auch am Kabel ab?", hint="WLAN-Profil neu einrichten, wenn nur das WLAN betroffen ist.",
         ways=[_way("Ja", "2"), _way("Nein, nur im WLAN; jetzt hält es", SOLVED)]),
    Step(ask="Bricht es bei mehreren am selben Standort ab?", hint="",
         ways=[_way("Ja", HANDED), _way("Nein", HANDED)]),
]  # fmt: skip
