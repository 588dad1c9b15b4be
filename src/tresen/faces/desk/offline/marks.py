"""The mark of a session: what a browser has kept is readable while it stays the same, emptied when it changes."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from tresen.core.people.principals import principal_of

MARK = "X-Offline-Mark"


def mark_of(request: HttpRequest) -> str:
    """Names this session with the rights it has now; empty for who keeps nothing. It opens nothing.

    Another session, other rights or other teams give another mark.
    """
    principal = principal_of(request)
    agent = principal.agent
    if agent is None or not agent.user.keeps_offline or not request.session.session_key:
        return ""
    seen = principal.teams_with("see")
    teams = ",".join(f"{team}{'' if team in seen else '-'}" for team in sorted(principal.team_ids))
    named = f"{request.session.session_key}:{agent.user_id}:{','.join(sorted(principal.rights))}:{teams}"
    return salted_hmac("desk.offline", named, algorithm="sha256").hexdigest()[:32]


def offline_page(request: HttpRequest) -> dict[str, str]:
    """What every page tells the keeper (`data-live-…` of the body): mark and addresses; empty where it is off."""
    mark = mark_of(request)
    if not mark:
        return {}
    return {
        "keeps": mark,
        "worker": reverse("desk:offline-worker"),
        "copy": reverse("desk:offline-ticket", args=["NUMBER"]),
    }
