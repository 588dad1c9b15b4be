"""What may be typed of an announcement, and of an update."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.announcements.choices import Kind, Severity, Stage
from tresen.core.announcements.models import Announcement
from tresen.core.announcements.services import LONGEST_TEXT, LONGEST_TITLE
from tresen.core.catalog.models import Service
from tresen.core.people.models import LANGUAGES, Brand, Organisation
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_number
from tresen.kit import clock

MOMENT, MOST_YEARS, MOST_ORGANISATIONS = "%Y-%m-%dT%H:%M", 10, 200
WHERE = {"titles": "title", "texts": "text", "update": "text"}


class WordsForm(forms.Form):
    """A text in each language, side by side."""

    with_title = False
    rows = 6

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES:
            if self.with_title:
                self.fields[f"title_{code}"] = forms.CharField(
                    label=_("Title in %(language)s") % {"language": name}, max_length=LONGEST_TITLE, required=False,
                    widget=forms.TextInput(attrs={"lang": code, "spellcheck": "true"}),
                )  # fmt: skip
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text in %(language)s") % {"language": name}, max_length=LONGEST_TEXT, required=False,
                widget=forms.Textarea(attrs={"rows": self.rows, "lang": code, "spellcheck": "true"}),
            )  # fmt: skip

    @property
    def by_language(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each language with its fields."""
        names = ("title", "text") if self.with_title else ("text",)
        return [(label, [self[f"{name}_{code}"] for name in names]) for code, label in LANGUAGES]

    def words(self, name: str) -> dict[str, str]:
        """What was typed, by language; empty ones left out."""
        typed = {code: self.cleaned_data.get(f"{name}_{code}", "") for code, _label in LANGUAGES}
        return {code: text for code, text in typed.items() if text.strip()}


class AnnouncementForm(WordsForm):
    """All of an announcement."""

    with_title = True
    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=Kind.choices, initial=Kind.DISTURBANCE)
    severity = forms.ChoiceField(
        label=gettext_lazy("How bad is it?"), required=False, choices=[("", "–"), *Severity.choices],
        help_text=gettext_lazy("For disturbances."),
    )  # fmt: skip
    begins_at = forms.DateTimeField(
        label=gettext_lazy("Begins"), input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=gettext_lazy("In your time zone. Customers see what is published before that as planned."),
    )  # fmt: skip
    ends_at = forms.DateTimeField(
        label=gettext_lazy("Ends"), required=False, input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=gettext_lazy("As planned. A disturbance lasts until you say that it is over."),
    )  # fmt: skip
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(), label=gettext_lazy("For whom: brands"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None chosen: for all of them."),
    )  # fmt: skip
    organisations = forms.CharField(
        label=gettext_lazy("For whom: organisations"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One a line, by name. Then it does not stand on the public page: only their people see it when they are"
            " signed in. Empty: for everybody."
        ),
    )  # fmt: skip
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(), label=gettext_lazy("Which services it is about"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    problem = forms.CharField(
        label=gettext_lazy("Problem ticket"), required=False, max_length=40,
        help_text=gettext_lazy("The number of the ticket in which the cause is worked on, if there is one."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Main language"), choices=LANGUAGES,
        help_text=gettext_lazy("Who reads a language without words of its own gets this one."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, principal: Principal, row: Announcement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.principal, self.row = principal, row
        # A problem that somebody else has set and that one does not see stays as it is.
        if row and row.problem_id and not Ticket.objects.visible_to(principal).filter(pk=row.problem_id).exists():
            del self.fields["problem"]
        brands = self.fields["brands"]
        assert isinstance(brands, forms.ModelMultipleChoiceField)
        active, kept_brands = Brand.objects.visible_to(principal).filter(is_active=True), Brand.objects.none()
        if row:
            kept_brands = Brand.objects.filter(announcements=row)
        brands.queryset = Brand.objects.filter(Q(pk__in=active) | Q(pk__in=kept_brands)).order_by("-is_default", "name")
        if len(brands.queryset) < 2:
            del self.fields["brands"]
        services = self.fields["services"]
        assert isinstance(services, forms.ModelMultipleChoiceField)
        kept = Service.objects.filter(announcements=row) if row else Service.objects.none()
        services.queryset = (Service.objects.visible_to(principal).filter(is_active=True) | kept).distinct()
        if not services.queryset.exists():
            del self.fields["services"]

    @property
    def plain_fields(self) -> dict[str, forms.BoundField]:
        """Those beside the words, by name."""
        return {field.name: field for field in self.visible_fields() if not field.name.startswith(("title_", "text_"))}

    def clean_begins_at(self) -> datetime:
        """Not in another century."""
        return _near(self.cleaned_data["begins_at"])

    def clean_ends_at(self) -> datetime | None:
        """Not in another century."""
        at: datetime | None = self.cleaned_data["ends_at"]
        return _near(at) if at else None

    def clean_organisations(self) -> list[Organisation]:
        """Each line is the name of one; of several with that name those it is for already."""
        lines = [" ".join(line.split()) for line in self.cleaned_data["organisations"].splitlines() if line.strip()]
        names = list(dict.fromkeys(lines))
        if len(names) > MOST_ORGANISATIONS:
            raise ValidationError(_("Please choose at most %(n)s.") % {"n": MOST_ORGANISATIONS})
        kept = set(self.row.organisations.values_list("pk", flat=True)) if self.row else set()
        found: dict[int, Organisation] = {}
        for name in names:
            rows = list(Organisation.objects.visible_to(self.principal).filter(name__iexact=name).order_by("pk"))
            if not rows:
                raise ValidationError(_("There is no organisation called “%(name)s”.") % {"name": name[:80]})
            fitting = rows if len(rows) == 1 else [row for row in rows if row.pk in kept]
            if not fitting:
                raise ValidationError(_("Several organisations are called “%(name)s”.") % {"name": name[:80]})
            found.update((row.pk, row) for row in fitting)
        return list(found.values())

    def clean_problem(self) -> Ticket | None:
        """A ticket one sees."""
        typed = self.cleaned_data["problem"].strip()
        if not typed:
            return None
        number = read_number(typed)
        found = Ticket.objects.visible_to(self.principal).filter(number=number).first() if number else None
        if found is None:
            raise ValidationError(_("There is no ticket with this number."))
        return found

    def wanted(self) -> dict[str, Any]:
        """As the service takes it."""
        data = {name: value for name, value in self.cleaned_data.items() if name in self.plain_fields}
        return {**data, "titles": self.words("title"), "texts": self.words("text")}

    def refuse(self, field: str) -> None:
        """Says what the service did not take, where it stands in the form."""
        told = {
            "titles": _("Write the title in the main language."),
            "ends_at": _("It must end after it begins, and not in the past."),
        }.get(field, _("That value is not possible."))
        place = f"title_{self.cleaned_data.get('language')}" if field == "titles" else field
        self.add_error(place if place in self.fields else None, told)


class UpdateForm(WordsForm):
    """What is new."""

    rows = 4
    stage = forms.ChoiceField(label=gettext_lazy("Where it stands"), choices=Stage.choices, initial=Stage.IDENTIFIED)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def initial_of(row: Announcement | None, language: str) -> dict[str, Any]:
    """What stands in the form."""
    if row is None:
        return {"begins_at": clock.now(), "language": language}
    plain = {name: getattr(row, name) for name in ("kind", "severity", "begins_at", "ends_at", "language", "version")}
    words = {f"{name}_{code}": text for name, by in (("title", row.titles), ("text", row.texts))
             for code, text in by.items()}  # fmt: skip
    return {
        **plain, **words, "brands": list(row.brands.all()), "services": list(row.services.all()),
        "organisations": "\n".join(row.organisations.order_by("name").values_list("name", flat=True)),
        "problem": row.problem.shown_number if row.problem else "",
    }  # fmt: skip


def _near(at: datetime) -> datetime:
    if abs(at.year - clock.now().year) > MOST_YEARS:
        raise ValidationError(_("Only within ten years from now."))
    return at
