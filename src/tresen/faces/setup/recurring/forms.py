"""What comes again: the ticket and its dates."""

from __future__ import annotations

from datetime import date, time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.calendars.models import Calendar
from tresen.core.people.form_fields import ZoneField
from tresen.core.people.identities import is_mail_address
from tresen.core.people.models import Brand, Contact, Team
from tresen.core.people.principals import Principal
from tresen.core.people.services import find_contact, main_mail
from tresen.core.teamwork.models import ChecklistTemplate
from tresen.core.tickets.choices import Impact, TicketType, Urgency
from tresen.core.tickets.form_fields import CategoryField
from tresen.core.tickets.models import Category
from tresen.faces.setup.saving import MarkedForm
from tresen.service.recurring.models import Frequency, OnClosed, Recurring

NTH = [
    ("", gettext_lazy("on the day of the month")), ("1", gettext_lazy("on the first")),
    ("2", gettext_lazy("on the second")), ("3", gettext_lazy("on the third")), ("4", gettext_lazy("on the fourth")),
    ("-1", gettext_lazy("on the last")),
]  # fmt: skip
# Dates are counted from the first one on: one in the year 1 would be counted for seconds.
EARLIEST = date(2000, 1, 1)
DAYS = [(str(number), name) for number, name in WEEKDAYS.items()]


class RecurringForm(MarkedForm):
    """One of them."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("What colleagues call it: Server updates.")
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("At rest no ticket comes; afterwards it goes on with the next date."),
    )  # fmt: skip
    frequency = forms.ChoiceField(label=gettext_lazy("Unit"), choices=Frequency.choices, initial=Frequency.WEEKLY)
    every = forms.IntegerField(
        label=gettext_lazy("Comes again every"), min_value=1, max_value=99, initial=1,
        help_text=gettext_lazy("1: each; 2: every other, and so on."),
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these days of the week"), required=False, coerce=int, choices=DAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For weeks: each of them. For months: the one that is counted below."),
    )  # fmt: skip
    month_day = forms.IntegerField(
        label=gettext_lazy("Day of the month"), required=False, min_value=1, max_value=31,
        help_text=gettext_lazy("For months and years. 31 means the last day. Empty: as on the first day."),
    )  # fmt: skip
    nth = forms.TypedChoiceField(
        label=gettext_lazy("For months and years"), required=False, coerce=int, empty_value=None, choices=NTH,
        help_text=gettext_lazy("The first Monday, the last Friday: choose the weekday above."),
    )  # fmt: skip
    at = forms.TimeField(
        label=gettext_lazy("At"), initial=time(8, 0), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    timezone = ZoneField()
    starts_on = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST)],
    )  # fmt: skip
    ends_on = forms.DateField(
        label=gettext_lazy("Until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: without an end."),
    )  # fmt: skip
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Calendar"), required=False, queryset=Calendar.objects.none(), empty_label="–"
    )
    on_closed = forms.ChoiceField(
        label=gettext_lazy("On days on which it is closed"), choices=OnClosed.choices, initial=OnClosed.KEEP
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=300)
    text = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("An internal note on the ticket; the requester hears nothing of it."),
    )  # fmt: skip
    requester = forms.CharField(
        label=gettext_lazy("Requester"), max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"}),
        help_text=gettext_lazy("For whom it is done: the mail address of a contact."),
    )  # fmt: skip
    brand = forms.ModelChoiceField(label=gettext_lazy("Brand"), queryset=Brand.objects.none(), empty_label=None)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"), required=False, queryset=Team.objects.none(), empty_label="–",
        help_text=gettext_lazy("Who gets it is found by the team’s own way of assignment."),
    )  # fmt: skip
    category = CategoryField()
    type = forms.ChoiceField(
        label=pgettext_lazy("kind of ticket", "Type"), choices=TicketType.choices, initial=TicketType.SERVICE_REQUEST
    )
    impact = forms.TypedChoiceField(label=gettext_lazy("Affects"), choices=Impact.choices, coerce=int)
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Urgency"), choices=Urgency.choices, coerce=int, initial=Urgency.MEDIUM
    )
    checklist = forms.ModelChoiceField(
        label=gettext_lazy("Checklist"), required=False, queryset=ChecklistTemplate.objects.none(), empty_label="–",
        help_text=gettext_lazy("Its steps stand on every ticket."),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, now: Recurring | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, Any] = {
            "calendar": Calendar.objects.visible_to(principal), "team": Team.objects.visible_to(principal).active(),
            "brand": Brand.objects.filter(is_active=True).order_by("-is_default", "name"),
            "checklist": ChecklistTemplate.objects.visible_to(principal).filter(is_active=True),
        }  # fmt: skip
        for name, rows in offered.items():
            # What is set stays possible, even if it was put to rest meanwhile.
            kept = rows.model.objects.filter(pk=getattr(now, f"{name}_id")) if now else rows.none()
            cast(forms.ModelChoiceField, self.fields[name]).queryset = (rows | kept).distinct()
        kept = Category.objects.filter(pk=(now.category_id if now else None) or 0)
        cast(CategoryField, self.fields["category"]).offer(Category.objects.visible_to(principal).active() | kept)
        self.principal = principal

    def clean_requester(self) -> Contact:
        """Somebody we know."""
        typed = self.cleaned_data["requester"].strip()
        found = find_contact(mail=typed) if is_mail_address(typed) else None
        if found is None:
            raise ValidationError(_("There is no contact with this address."))
        return found

    def clean(self) -> dict[str, Any]:
        """A pattern that has days, and a category of the brand."""
        data: dict[str, Any] = super().clean() or {}
        days, frequency = data.get("weekdays") or [], data.get("frequency")
        if frequency == Frequency.WEEKLY and not days and "weekdays" not in self.errors:
            self.add_error("weekdays", _("Choose at least one day."))
        if frequency in (Frequency.MONTHLY, Frequency.YEARLY) and data.get("nth") is not None and len(days) != 1:
            self.add_error("weekdays", _("Choose the one weekday that is counted in the month."))
        if data.get("ends_on") and data.get("starts_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("That is before the first day."))
        if data.get("on_closed") not in (None, OnClosed.KEEP) and not data.get("calendar"):
            self.add_error("calendar", _("Choose the calendar that says when it is closed."))
        category, brand = data.get("category"), data.get("brand")
        if category and brand and category.brand_id not in (None, brand.pk):
            self.add_error("category", _("It belongs to another brand."))
        return data

    def wanted(self) -> dict[str, Any]:
        """As the service takes it; what the chosen rhythm does not use is empty."""
        data = {**self.values("name"), "name": " ".join(self.cleaned_data["name"].split())}
        by_month = data["frequency"] in (Frequency.MONTHLY, Frequency.YEARLY)
        if not by_month:
            data["nth"] = data["month_day"] = None
        if data["nth"] is not None:
            data["month_day"] = None
        if data["frequency"] != Frequency.WEEKLY and data["nth"] is None:
            data["weekdays"] = []
        return data


def initial_of(row: Recurring | None) -> dict[str, Any]:
    """What stands in the form."""
    if row is None:
        return {"starts_on": timezone.localdate(), "timezone": timezone.get_current_timezone_name(), "weekdays": [0]}
    names = [name for name in RecurringForm.base_fields if name not in ("mark", "requester")]
    values = {name: getattr(row, name) for name in names}
    category = str(row.category_id or "")
    return {**values, "category": category, "requester": main_mail(row.requester)}
