"""The desk's registration with a provider: entered once by an administrator, its secret never shown again."""

from __future__ import annotations

import re

from django.db import transaction

from tresen.channels.mail.oauth.models import OAuthApp
from tresen.channels.mail.oauth.providers import PROVIDERS
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

TENANT = re.compile(r"\A[A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\Z")


class SecretNeeded(Exception):
    """The stored secret belongs to another client."""


@transaction.atomic
def register(provider: str, *, client_id: str, tenant: str = "", secret: str = "", by: Actor) -> OAuthApp:
    """Keeps client id, directory and, where one is given, the secret. Event `oauth.registered`.

    Raises SecretNeeded when another client would inherit the stored secret, ValueError for a directory whose name
    could lead elsewhere, KeyError for an unknown provider.
    """
    known = PROVIDERS[provider]
    if not TENANT.fullmatch(tenant.strip()):
        raise ValueError("not the name of a directory")
    app = OAuthApp.objects.select_for_update().filter(provider=provider).first() or OAuthApp(provider=provider)
    if app.secret_sealed and app.client_id != client_id and not secret:
        raise SecretNeeded
    app.client_id, app.tenant = client_id.strip(), tenant.strip()
    if secret:
        app.set_secret(secret)
    app.save()
    record("oauth.registered", stream=app, by=by,
           changes={"provider": known.name, "client": app.client_id, "secret": bool(secret)})  # fmt: skip
    return app
