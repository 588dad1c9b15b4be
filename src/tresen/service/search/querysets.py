"""Reads of search documents that read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Message, Ticket
from tresen.service.search import index

if TYPE_CHECKING:
    from tresen.service.search.analyser import Term
    from tresen.service.search.models import SearchDocument  # noqa: F401


class SearchDocumentQuerySet(models.QuerySet["SearchDocument"]):
    """Search documents."""

    def visible_to(self, principal: Principal) -> SearchDocumentQuerySet:
        """Subjects of visible tickets and texts of visible messages; from outside never anything internal."""
        documents = self.filter(ticket__in=Ticket.objects.visible_to(principal))
        if principal.is_staff or principal.kind == "system":
            return documents
        messages = Message.objects.visible_to(principal)
        return documents.filter(internal=False).filter(Q(message=None) | Q(message__in=messages))

    def matching(self, term: Term) -> SearchDocumentQuerySet:
        """Documents that contain the term in one of its spellings."""
        return self.filter(pk__in=index.documents_matching(term, self.db))
