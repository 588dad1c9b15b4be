"""The knowledge base: collections, articles, their texts by language in versions, files, and what became of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.knowledge import querysets
from tresen.core.people.models import LANGUAGES, Agent, Brand, Contact, Organisation
from tresen.core.tickets.category_models import in_language
from tresen.core.tickets.models import Category, Message, Ticket

# Where readers and the desk fetch files of articles.
FILES_PATH = "/help/files/"


class Collection(models.Model):
    """A shelf of articles. Two levels at most: a collection, and collections in it."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    names = models.JSONField(_("names"), default=dict)
    descriptions = models.JSONField(_("what is in it"), default=dict, blank=True)
    icon = models.CharField(_("picture"), max_length=30, blank=True, default="")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    brands: models.ManyToManyField[Brand, Any] = models.ManyToManyField(Brand, blank=True, related_name="collections")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(default=True)
    objects = querysets.CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_language(self.names) or self.slug

    @property
    def description(self) -> str:
        """In the reader's language."""
        return in_language(self.descriptions)


class Audience(models.TextChoices):
    """Who may read an article once it is published."""

    EVERYBODY = "everybody", _("everybody")
    CUSTOMERS = "customers", _("customers who are signed in")
    ORGANISATIONS = "organisations", _("people of some organisations")
    AGENTS = "agents", _("agents only")


class Article(models.Model):
    """An article: what it says stands in its texts, one a language."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="articles")
    audience = models.CharField(
        _("who may read it"), max_length=15, choices=Audience.choices, default=Audience.EVERYBODY
    )
    brands: models.ManyToManyField[Brand, Any] = models.ManyToManyField(Brand, blank=True, related_name="articles")
    organisations: models.ManyToManyField[Organisation, Any] = models.ManyToManyField(
        Organisation, blank=True, related_name="articles"
    )
    # What tickets it is about; suggestions prefer it there.
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    language = models.CharField(_("main language"), max_length=5, choices=LANGUAGES)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    # Who looks after it, and when it has to be looked at again.
    keeper = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    look_again_on = models.DateField(_("look at this again by"), null=True, blank=True)
    # The day of which the keeper has been told that it is over.
    reminded_of = models.DateField(null=True, blank=True)
    # The solved ticket it was made from.
    from_ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    objects = querysets.ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["collection", "position", "id"], name="articles_of_a_collection")]


class TextState(models.TextChoices):
    """Where the newest words of a text stand."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    APPROVED = "approved", _("Approved")
    PLANNED = "planned", _("Planned")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ArticleText(models.Model):
    """An article in one language. `newest` is what the editor shows, `published` what readers see."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES)
    # What its address says; of the published words where there are any.
    slug = models.SlugField(max_length=120)
    state = models.CharField(max_length=10, choices=TextState.choices, default=TextState.DRAFT)
    newest = models.ForeignKey("ArticleVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    published = models.ForeignKey("ArticleVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    reviewer = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # A translation: which version of the main text (its number) it says the same as.
    follows = models.PositiveIntegerField(null=True, blank=True)
    # How often it was read in the last weeks; counted anew from the days now and then (measuring.count_recent_reads).
    recent_reads = models.PositiveIntegerField(default=0)
    objects = querysets.ArticleTextQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="an_article_text_a_language")]
        indexes = [
            models.Index(fields=["publish_at"], condition=Q(state="planned"), name="texts_to_publish"),
            models.Index(fields=["language", "-recent_reads", "id"], name="texts_by_recent_reads"),
        ]


class SourceFormat(models.TextChoices):
    MARKDOWN = "markdown", _("Markdown")
    HTML = "html", _("Rich text")


class ArticleVersion(models.Model):
    """Words of a text, never changed: what is saved anew is one more version. Only those that hold what may be a
    person's lose it when later words are published."""

    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    # One or two sentences: under the title, in lists, for search engines.
    summary = models.CharField(_("in short"), max_length=400, blank=True, default="")
    format = models.CharField(max_length=10, choices=SourceFormat.choices, default=SourceFormat.MARKDOWN)
    source = models.TextField()
    # The source as clean HTML, and the version of what cleaned it.
    html = models.TextField()
    made_with = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(_("what changed"), max_length=200, blank=True, default="")
    # The number of the version whose words these are again.
    again = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True, default="")
    was_published = models.BooleanField(default=False)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="an_article_version_once")]


class RemarkKind(models.TextChoices):
    ASKED = "asked", _("asked for a review")
    COMMENT = "comment", _("remarked")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("sent back")


class ArticleRemark(models.Model):
    """What colleagues say of a version among themselves; readers never see it."""

    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="remarks")
    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=RemarkKind.choices)
    words = models.TextField(max_length=4000, blank=True, default="")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class ArticleDraft(models.Model):
    """What somebody has typed and not saved yet, in one language of an article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="drafts")
    language = models.CharField(max_length=5, choices=LANGUAGES)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    # The number of the version it began from; 0 where there was none.
    based_on = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200, blank=True, default="")
    summary = models.CharField(max_length=400, blank=True, default="")
    format = models.CharField(max_length=10, choices=SourceFormat.choices, default=SourceFormat.MARKDOWN)
    source = models.TextField(blank=True, default="")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language", "agent"], name="one_draft_an_agent_and_language")
        ]


class ArticleFile(models.Model):
    """A picture or file of an article, behind an address that nobody can guess."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    storage_key = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    objects = querysets.ArticleFileQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]

    @property
    def path(self) -> str:
        """Where it is fetched, and how the text names it."""
        return f"{FILES_PATH}{self.pk}/"


class ArticleDay(models.Model):
    """How often an article was read in a language on a day, and what readers said; counted, never who."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="days")
    language = models.CharField(max_length=5, choices=LANGUAGES)
    day = models.DateField()
    reads = models.PositiveIntegerField(default=0)
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)
    # Readers who wrote to us after all, from the article or within the hour.
    asked_after = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language", "day"], name="one_row_an_article_language_and_day")
        ]


class ArticleVote(models.Model):
    """Words that a reader left with his vote."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="votes")
    version = models.ForeignKey(ArticleVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=5, choices=LANGUAGES)
    is_helpful = models.BooleanField()
    words = models.TextField(max_length=2000, blank=True, default="")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]


class UseKind(models.TextChoices):
    SENT = "sent", _("sent in an answer")
    LINKED = "linked", _("linked by an agent")
    CARRIED = "carried", _("read before asking")


class ArticleUse(models.Model):
    """An article on a ticket: sent in an answer, linked by an agent, or read by the customer before he asked."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="uses")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="article_uses")
    kind = models.CharField(max_length=10, choices=UseKind.choices)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "ticket", "kind"], name="an_article_once_a_ticket_and_kind")
        ]
        indexes = [models.Index(fields=["ticket"], name="articles_of_a_ticket")]
