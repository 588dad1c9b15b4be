"""A word on the next page, with the way back."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tresen.core.tickets.operation_models import Operation
from tresen.kit import notices


def tell_done(request: HttpRequest, text: str, operation: Operation, *, number: str = "") -> None:
    """Says what was done beside its undo; `number`: of the ticket on whose page it will stand."""
    sent = {"ticket": number} if number else {}
    notices.tell(request, text, act=(_("Undo"), reverse("desk:operation-undo", args=[operation.pk]), sent))
