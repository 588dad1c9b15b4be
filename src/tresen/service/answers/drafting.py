"""From a solved ticket to the draft of an article: question and answer, with what may be a person's marked."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from tresen.core.knowledge.marks import mark_personal, without_marks
from tresen.core.knowledge.models import Article, Collection
from tresen.core.knowledge.rendering import Words
from tresen.core.knowledge.services import WrongArticle, create_article
from tresen.core.people.models import Agent
from tresen.core.tickets.choices import MessageKind
from tresen.core.tickets.models import Message, Ticket
from tresen.spine.events.actors import Actor

MOST_MESSAGES = 20
_MOST_LETTERS = 20_000
_TITLE = 200


def draft_from(ticket: Ticket, *, agent: Agent | None, by: Actor) -> Article:
    """A new article in the ticket's language: what the customer wrote first, and what agents answered, without quoted
    mail; for the brand of the ticket, on the shelf on which articles of its category stand. Event `article.created`.
    Raises WrongArticle("collection") where there is no shelf yet."""
    shelf = shelf_for(ticket)
    if shelf is None:
        raise WrongArticle("collection")
    language = ticket.language or ticket.brand.language
    names = list(_names(ticket))
    title = without_marks(mark_personal(ticket.subject, names))[:_TITLE]
    words = Words(title, "", mark_personal(_source(ticket, language), names))
    return create_article(
        collection=shelf, language=language, words=words, brands=[ticket.brand], category=ticket.category,
        keeper=agent, from_ticket=ticket, by=by,
    )  # fmt: skip


def shelf_for(ticket: Ticket) -> Collection | None:
    """Where most articles of the ticket's category stand, else the first shelf of its brand."""
    shelves = Collection.objects.for_brand(ticket.brand).filter(is_active=True)
    if ticket.category_id:
        of_category = Article.objects.filter(category=ticket.category_id, collection__in=shelves).order_by("-pk")
        if last := of_category.select_related("collection").first():
            return last.collection
    return shelves.first()


def _source(ticket: Ticket, language: str) -> str:
    messages = Message.objects.filter(ticket=ticket, is_side=False).order_by("pk")
    asked = messages.filter(kind=MessageKind.RECEIVED).first()
    answers = list(messages.filter(kind=MessageKind.REPLY)[:MOST_MESSAGES])
    with translation.override(language):
        question, answer = _("Question"), _("Answer")
    parts = [f"## {question}", _words(asked)] if asked else []
    parts += [f"## {answer}", *map(_words, answers)] if answers else []
    return "\n\n".join(part for part in parts if part)[:_MOST_LETTERS]


def _words(message: Message) -> str:
    """Without quoted mail and what stands below the dashes."""
    text = (message.reply_text or message.text).replace("\r\n", "\n")
    return text.partition("\n-- \n")[0].strip()


def _names(ticket: Ticket) -> Iterator[str]:
    """Everybody on the ticket: customers, whoever else wrote, agents."""
    yield ticket.requester.name
    if ticket.organisation:
        yield ticket.organisation.name
    for participant in ticket.participants.select_related("contact"):
        if participant.contact:
            yield participant.contact.name
    messages = Message.objects.filter(ticket=ticket).order_by("pk")
    yield from messages.values_list("author_name", flat=True).distinct()[:MOST_MESSAGES]
