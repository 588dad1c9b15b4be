"""What the ways in need to remember: what is known already, what was tested, what was wrong at the last look."""

from __future__ import annotations

from django.db import models


class MailboxTest(models.Model):
    """A test of a mailbox and how far it is (probe.py); the last one of each."""

    mailbox = models.OneToOneField("mail.Mailbox", on_delete=models.CASCADE, related_name="test")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=list)


class FetchedByPop(models.Model):
    """A mail that lies in a POP3 mailbox and is known, by the server's unique name for it (RFC 1939, UIDL)."""

    mailbox = models.ForeignKey("mail.Mailbox", on_delete=models.CASCADE, related_name="known_by_pop")
    uidl = models.CharField(max_length=200)
    seen_at = models.DateTimeField()
    stored = models.BooleanField(default=False, help_text="we have the whole mail, so that the server may delete it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "uidl"], name="one_row_a_uidl")]


class HookReplay(models.Model):
    """A mail that a provider has brought by a call; brought once more, it is not taken in again."""

    mailbox = models.ForeignKey("mail.Mailbox", on_delete=models.CASCADE, related_name="hook_calls")
    name_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "name_hash"], name="one_row_a_call")]


class MailWatch(models.Model):
    """What was wrong with the flow of mail when it was last looked at (troubles.py): one row, for pages that may not
    ask many questions."""

    looked_at = models.DateTimeField()
    found = models.JSONField(default=list)
