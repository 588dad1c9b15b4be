"""A sentence for the next page: "Saved.", "The link has been sent." Kept in the session, told once."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest

TONES = ("info", "ok", "warn", "bad")
_KEY = "notices"
_ICONS = {"info": "info", "ok": "check", "warn": "alert", "bad": "alert"}


# A button beside the words: its label, where it posts, and what it sends.
Act = tuple[str, str, dict[str, str]]


class Notice(NamedTuple):
    """What is said, in which tone (info, ok, warn, bad), and what can be done about it."""

    text: str
    tone: str
    act: Act | None = None

    @property
    def icon(self) -> str:
        """The mark beside the words, so that the tone is not colour alone."""
        return _ICONS[self.tone]


def tell(request: HttpRequest, text: str, tone: str = "ok", *, act: Act | None = None) -> None:
    """Says `text` at the top of the next full page this browser sees; `tone` is one of TONES, `act` a way back."""
    if tone not in TONES:
        raise ValueError(f"A notice has one of the tones {', '.join(TONES)}, not {tone!r}.")
    request.session[_KEY] = [*request.session.get(_KEY, []), [str(text), tone, act]]


def take(request: HttpRequest) -> list[Notice]:
    """What is waiting to be said; it is not said twice."""
    session = getattr(request, "session", None)
    if session is None or not session.get(_KEY):
        return []
    return [Notice(*told) for told in session.pop(_KEY)]
