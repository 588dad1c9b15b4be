"""Texts that agents need again and again: saved replies, and macros, which change fields as well."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import LANGUAGES, Agent, Team
from tresen.core.tickets.models import Message
from tresen.service.texts import querysets


class KeptText(models.Model):
    """What saved replies and macros share: a name, whose they are, a text in each language, how often they are used.

    With an owner it is his alone, with a team that team's, with neither everybody's.
    """

    name = models.CharField(_("name"), max_length=80)
    folder = models.CharField(_("folder"), max_length=60, blank=True, default="")
    owner = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    texts = models.JSONField(default=dict, help_text='{"de": "…"}: the text in each language that has one')
    is_active = models.BooleanField(default=True)
    used_count = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def language_for(self, *wanted: str) -> str:
        """The first of the wanted languages that has a text, else any that has one; empty without a text."""
        languages = [*wanted, *(code for code, _name in LANGUAGES)]
        return next((code for code in languages if self.texts.get(code)), "")

    @property
    def languages(self) -> list[str]:
        """Those that have a text, by their own names."""
        return [name for code, name in LANGUAGES if self.texts.get(code)]


class SavedReply(KeptText):
    """A text that is put into a reply or note, with its names filled in."""

    # Typed behind the stroke in the composer: `/reset`.
    shortcut = models.CharField(_("short word"), max_length=30, blank=True, default="")
    objects = querysets.SavedReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "saved replies"
        constraints = [
            models.CheckConstraint(condition=Q(owner=None) | Q(team=None), name="a_saved_reply_has_one_circle")
        ]


class MacroKind(models.TextChoices):
    """What becomes of a macro's text."""

    REPLY = "reply", _("a reply")
    NOTE = "note", _("an internal note")


class Macro(KeptText):
    """A text and changes of fields, both laid out in the composer and done with one click."""

    kind = models.CharField(_("its text is"), max_length=5, choices=MacroKind.choices, default=MacroKind.REPLY)
    # Read and checked by macros.py: {"status": slug, "priority": 3, "assignee": "me", "add_tags": [...], ...}.
    changes: Any = models.JSONField(default=dict)
    objects = querysets.MacroQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(owner=None) | Q(team=None), name="a_macro_has_one_circle")]


class KeptFile(models.Model):
    """A file that goes along with a text: kept once, copied into the draft or message that takes it."""

    saved_reply = models.ForeignKey(SavedReply, null=True, on_delete=models.CASCADE, related_name="files")
    macro = models.ForeignKey(Macro, null=True, on_delete=models.CASCADE, related_name="files")
    storage_key = models.CharField(max_length=32)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(saved_reply=None, macro__isnull=False) | Q(saved_reply__isnull=False, macro=None),
                name="a_kept_file_has_one_text",
            )
        ]

    def __str__(self) -> str:
        return self.filename


class WaitingUse(models.Model):
    """A text stands in a message that has not left yet: it is counted when that leaves, and never if it does not."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    saved_reply = models.ForeignKey(SavedReply, null=True, on_delete=models.CASCADE, related_name="+")
    macro = models.ForeignKey(Macro, null=True, on_delete=models.CASCADE, related_name="+")
