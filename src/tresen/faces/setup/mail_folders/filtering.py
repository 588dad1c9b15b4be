"""The filter above received mail: what is typed into the address becomes what is asked of the ledger."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from tresen.channels.mail.models import Mailbox, Outcome
from tresen.channels.mail.received import DELETED, OPEN, Wanted, mailboxes_of
from tresen.core.people.principals import Principal

OUTCOMES = {OPEN, DELETED, *Outcome.values}


class FilterForm(forms.Form):
    """Mailbox, sender and days; every field may stay empty. Days are those of the reader's zone."""

    mailbox = forms.ModelChoiceField(
        Mailbox.objects.none(), label=_("Mailbox"), required=False, empty_label=_("all mailboxes")
    )
    sender = forms.CharField(label=_("Sender contains"), required=False, max_length=120)
    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: QueryDict, *, principal: Principal, with_sender: bool = True) -> None:
        super().__init__(data)
        self.fields["mailbox"].queryset = mailboxes_of(principal)  # type: ignore[attr-defined]
        if not with_sender:
            del self.fields["sender"]
        outcome = data.get("outcome", "")
        self.outcome = outcome if outcome in OUTCOMES else ""

    def wanted(self, *, any_outcome: bool = False) -> Wanted:
        """What is asked for; what makes no sense is left out (the form says so)."""
        self.is_valid()
        given = self.cleaned_data
        mailbox = given.get("mailbox")
        return Wanted(
            outcome="" if any_outcome else self.outcome, mailbox=mailbox.pk if mailbox else 0,
            sender=given.get("sender") or "", since=_morning(given.get("since")),
            until=_morning(given.get("until"), days=1),
        )  # fmt: skip

    def address(self, **more: Any) -> str:
        """The query that leads to the same filter, with other values in `more` ("" takes one out)."""
        kept = {name: self.data.get(name, "") for name in self.fields} | {"outcome": self.outcome} | more
        return "?" + urlencode({name: value for name, value in kept.items() if value})


def _morning(day: date | None, *, days: int = 0) -> datetime | None:
    """Where a day of the reader begins, or the one after it."""
    if day is None or day.year > 9000:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))
