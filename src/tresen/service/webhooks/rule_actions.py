"""What rules do with webhooks: call an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.tickets.automation import Doing, Input, NotDone, WrongAction
from tresen.core.tickets.models import Ticket
from tresen.service.webhooks.kinds import BY_RULE, facts_of
from tresen.service.webhooks.models import Endpoint
from tresen.service.webhooks.services import queue


def _found(key: str) -> Endpoint | None:
    known = key.isascii() and key.isdigit() and len(key) < 16
    return Endpoint.objects.filter(pk=int(key), is_active=True).first() if known else None


class Call:
    """Calls an endpoint with the ticket's number and what called the rule."""

    kind, label, icon = "webhook", gettext_lazy("Call a webhook"), "link"
    inputs = (
        Input("endpoint", gettext_lazy("Webhook"), choices=lambda principal: [
            (str(one.pk), one.name) for one in Endpoint.objects.visible_to(principal).filter(is_active=True)
        ]),
    )  # fmt: skip
    repeats: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """One that is switched on."""
        if _found(str(values.get("endpoint", ""))) is None:
            raise WrongAction("endpoint")
        return {"endpoint": str(values["endpoint"])}

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """As long as it is switched on."""
        return _found(kept["endpoint"]) is not None

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Puts the call into the outbox."""
        endpoint = _found(kept["endpoint"])
        if endpoint is None:
            raise NotDone("gone")
        queue(endpoint, BY_RULE, {"rule": doing.by.name, **facts_of(doing.event, doing.ticket.number)})
        return True

    def say(self, kept: Mapping[str, Any]) -> str:
        """By its name."""
        return _("Webhook: %(name)s") % {"name": _found(str(kept.get("endpoint", ""))) or _("gone")}


CALL = Call()
