"""A procedure: its name and category, and its steps, each a question with answers that lead on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import LANGUAGES, Language
from tresen.core.people.principals import Principal
from tresen.core.tickets.form_fields import CategoryField
from tresen.core.tickets.models import Category
from tresen.faces.setup.saving import MarkedForm
from tresen.service.procedures.models import Procedure
from tresen.service.procedures.steps import (
    HANDED,
    MOST_ANSWERS,
    MOST_ASKED,
    MOST_HINT,
    MOST_LABEL,
    MOST_STEPS,
    SOLVED,
    Step,
    Way,
    Words,
    WrongSteps,
)

CODES = Language.values


class ProcedureForm(MarkedForm):
    """Everything but the steps."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    category = CategoryField(help_text=gettext_lazy("It is offered on tickets of this category and of those below it."))
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("At rest it is no longer offered; tickets that are under way go on."),
    )  # fmt: skip

    for_customers = forms.BooleanField(
        label=gettext_lazy("For customers, too"), required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy(
            "Offered in the portal before a request is sent. Customers then read every question, hint and answer. What"
            " they answered goes along with their request, and it gets this category."
        ),
    )  # fmt: skip
    name_en = forms.CharField(max_length=80, required=False)
    name_de = forms.CharField(max_length=80, required=False)
    name_pl = forms.CharField(max_length=80, required=False)

    def __init__(self, *args: Any, principal: Principal, now: Procedure | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES:
            self.fields[f"name_{code}"].label = _("Name (%(language)s)") % {"language": name}
        category = self.fields["category"]
        assert isinstance(category, CategoryField)
        category.required = True
        # What is set stays possible, even if it was put to rest meanwhile.
        kept = Category.objects.filter(pk=(now.category_id if now else None) or 0)
        category.offer(Category.objects.visible_to(principal).active() | kept)

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields that everybody fills in."""
        return [self[name] for name in ("name", "category", "is_active", "for_customers")]

    @property
    def others(self) -> list[forms.BoundField]:
        """The name in other languages."""
        return [self[f"name_{code}"] for code in CODES]

    def wanted(self) -> dict[str, Any]:
        """As the service takes it."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("name", "category", "is_active", "for_customers")}
        return {**plain, "names": {code: data[f"name_{code}"].strip() for code in CODES}}

    def clean_category(self) -> Category:
        """It belongs to one."""
        chosen: Category | None = self.cleaned_data["category"]
        if chosen is None:
            raise ValidationError(_("Choose a category."))
        return chosen


@dataclass
class StepRow:
    """A step as it is typed, and what is wrong with it."""

    number: int
    ask: str = ""
    hint: str = ""
    ways: list[Way] = field(default_factory=list)
    also: dict[str, Words] = field(default_factory=dict)
    error: str = ""

    @property
    def shown_ways(self) -> list[tuple[int, Way]]:
        """Its answers and empty places."""
        empty = [Way(label="", go=SOLVED)] * (MOST_ANSWERS - len(self.ways))
        return list(enumerate([*self.ways, *empty]))

    @property
    def others(self) -> list[tuple[str, str, Words, list[tuple[int, str, str]]]]:
        """Each language with its code, its question and hint, and number, label and translation of each answer."""
        return [
            (code, name, self.also.get(code, Words(ask="", hint="")),
             [(n, way["label"], way.get("also", {}).get(code, "")) for n, way in self.shown_ways])
            for code, name in LANGUAGES
        ]  # fmt: skip

    @property
    def is_empty(self) -> bool:
        """Nothing is typed."""
        return not (self.ask or self.hint or any(way["label"] for way in self.ways))


class StepRows:
    """All steps of the page."""

    def __init__(self, rows: list[StepRow]) -> None:
        self.rows = rows

    @classmethod
    def of(cls, steps: list[Step]) -> StepRows:
        """Those that are kept, and an empty one while there is room."""
        rows = [
            StepRow(n, step["ask"], step["hint"], list(step["ways"]), dict(step.get("also", {})))
            for n, step in enumerate(steps)
        ]
        return cls([*rows, StepRow(len(rows))][:MOST_STEPS])

    @classmethod
    def typed(cls, data: QueryDict) -> StepRows:
        """What was sent; with `more` an empty one besides."""
        rows = []

        def text(name: str, most: int) -> str:
            return data.get(name, "").replace("\0", "").strip()[:most]

        for n in range(MOST_STEPS):
            if f"ask-{n}" not in data:
                break
            ways = [
                Way(label=text(f"label-{n}-{w}", MOST_LABEL), go=data.get(f"go-{n}-{w}", "")[:8],
                    also={code: text(f"label-{n}-{w}-{code}", MOST_LABEL) for code in CODES})
                for w in range(MOST_ANSWERS)
            ]  # fmt: skip
            also = {
                code: Words(ask=text(f"ask-{n}-{code}", MOST_ASKED), hint=text(f"hint-{n}-{code}", MOST_HINT))
                for code in CODES
            }
            kept = [way for way in ways if way["label"]]
            rows.append(StepRow(n, text(f"ask-{n}", MOST_ASKED), text(f"hint-{n}", MOST_HINT), kept, also))
        if "more" in data and len(rows) < MOST_STEPS:
            rows.append(StepRow(len(rows)))
        return cls(rows or [StepRow(0)])

    @property
    def has_room(self) -> bool:
        """Whether one more may be written."""
        return len(self.rows) < MOST_STEPS

    @property
    def targets(self) -> list[tuple[str, str]]:
        """Where an answer can lead."""
        ends = [(SOLVED, _("It is solved")), (HANDED, _("Hand it over"))]
        return [*ends, *((str(row.number), _("Step %(n)s") % {"n": row.number + 1}) for row in self.rows[1:])]

    def steps(self) -> list[Step]:
        """As the service takes them; empty ones at the end are left out."""
        rows = list(self.rows)
        while rows and rows[-1].is_empty:
            rows.pop()
        return [Step(ask=row.ask, hint=row.hint, ways=row.ways, also=row.also) for row in rows]

    def show(self, fault: WrongSteps) -> None:
        """Says at the step what is wrong with it."""
        words = {
            "none": _("Write at least one step."), "many": _("These are too many steps."),
            "ask": _("Write what is asked."), "ways": _("Write at least one answer."),
            "back": _("An answer leads to a later step or to an end."),
        }  # fmt: skip
        self.rows[min(fault.step, len(self.rows) - 1)].error = words[fault.why]
