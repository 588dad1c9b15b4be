"""Which origin a form of ours may come from."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware


class OriginMiddleware(CsrfViewMiddleware):
    """Django's guard of forms; it also takes the origin of the host that was asked, where a middleware before it has
    said that this host is ours (`request.own_origin`). Behind a proxy Django alone would hold it for plain http."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        verified: bool = super()._origin_verified(request)  # type: ignore[misc]
        return verified or request.META["HTTP_ORIGIN"] == getattr(request, "own_origin", None)
