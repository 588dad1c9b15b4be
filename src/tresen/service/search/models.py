"""The search documents: for each ticket one of its subject, for each message one of its text; the words of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tresen.core.people.models import Contact, Organisation
from tresen.core.tickets.models import Message, Ticket
from tresen.service.search import querysets

# The key of a document is its ticket's key, shifted, plus its place on the ticket. So the word index, which knows keys
# alone, answers with tickets, newest first, and the documents need not be read at all.
PLACE_BITS = 20


class SearchDocument(models.Model):
    """Index words of one text (see analyser.py). The word index over `tokens` is made in index.py for each database."""

    id = models.BigIntegerField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="search_documents")
    # Empty for the subject, which has place 0, and for the words of the desk's own fields, which are internal.
    message = models.OneToOneField(Message, null=True, on_delete=models.CASCADE, related_name="search_document")
    lang = models.CharField(max_length=2, blank=True, default="")
    # A note, or mail that is held or automatic: for agents only.
    internal = models.BooleanField(default=False)
    tokens = models.TextField()
    objects = querysets.SearchDocumentQuerySet.as_manager()

    if TYPE_CHECKING:
        ticket_id: int
        message_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(message=None, internal=False), name="one_subject_document_a_ticket"
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(message=None, internal=True), name="one_own_document_a_ticket"
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.pk} of ticket {self.ticket_id}"


class NameWord(models.Model):
    """A word by whose beginning a contact or an organisation is found (names.py)."""

    word = models.CharField(max_length=64)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [
            # The pattern class lets PostgreSQL use it for beginnings in any collation.
            models.Index(fields=["word"], name="words_of_names", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, organisation__isnull=True)
                | Q(contact__isnull=True, organisation__isnull=False),
                name="name_word_is_of_one",
            ),
        ]
