"""Half signed in: the password was right, the second factor is still to come. Such a session opens nothing but the
pages of the second step; to everything else it is a stranger's (S12)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from tresen.core.people.models import User
from tresen.kit import clock

HALF_SECONDS = 10 * 60
_KEY = "half"


@dataclass(frozen=True)
class Half:
    """Whose password was right, and where he wants to go."""

    user: User
    wanted: str


def begin_half(request: HttpRequest, user: User, wanted: str) -> None:
    """Remembers the person under a new session key. It is forgotten after ten minutes, and with another password."""
    request.session.cycle_key()
    request.session[_KEY] = {
        "user": user.pk, "mark": user.get_session_auth_hash(), "at": clock.now().timestamp(), "wanted": wanted,
    }  # fmt: skip


def half_of(request: HttpRequest) -> Half | None:
    """Who is half signed in here, if he still may be."""
    kept = request.session.get(_KEY)
    if not isinstance(kept, dict) or not 0 <= clock.now().timestamp() - kept["at"] < HALF_SECONDS:
        return None
    user = User.objects.select_related("agent", "contact").filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["mark"], user.get_session_auth_hash()):
        return None
    return Half(user, kept["wanted"])


def end_half(request: HttpRequest) -> bool:
    """He is in, or begins anew; whether there was somebody."""
    return request.session.pop(_KEY, None) is not None
