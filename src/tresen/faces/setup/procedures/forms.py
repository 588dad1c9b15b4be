"""A procedure: its name and category, and its steps, each a question with answers that lead on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.principals import Principal
from tresen.core.tickets.form_fields import CategoryField
from tresen.core.tickets.models import Category
from tresen.faces.setup.saving import MarkedForm
from tresen.service.procedures.models import Procedure
from tresen.service.procedures.steps import HANDED, MOST_ANSWERS, MOST_STEPS, SOLVED, Step, Way, WrongSteps


class ProcedureForm(MarkedForm):
    """Everything but the steps."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    category = CategoryField(help_text=gettext_lazy("It is offered on tickets of this category and of those below it."))
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("At rest it is no longer offered; tickets that are under way go on."),
    )  # fmt: skip

    def __init__(self, *args: Any, principal: Principal, now: Procedure | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = self.fields["category"]
        assert isinstance(category, CategoryField)
        category.required = True
        # What is set stays possible, even if it was put to rest meanwhile.
        kept = Category.objects.filter(pk=(now.category_id if now else None) or 0)
        category.offer(Category.objects.visible_to(principal).active() | kept)

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
    error: str = ""

    @property
    def shown_ways(self) -> list[tuple[int, Way]]:
        """Its answers and empty places."""
        empty = [Way(label="", go=SOLVED)] * (MOST_ANSWERS - len(self.ways))
        return list(enumerate([*self.ways, *empty]))

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
        """Those that are kept, and an empty one."""
        rows = [StepRow(n, step["ask"], step["hint"], list(step["ways"])) for n, step in enumerate(steps)]
        return cls([*rows, StepRow(len(rows))])

    @classmethod
    def typed(cls, data: QueryDict) -> StepRows:
        """What was sent; with `more` an empty one besides."""
        rows = []

        def text(name: str, most: int) -> str:
            return data.get(name, "").replace("\0", "").strip()[:most]

        for n in range(MOST_STEPS):
            if f"ask-{n}" not in data:
                break
            ways = [Way(label=text(f"label-{n}-{w}", 120), go=data.get(f"go-{n}-{w}", "")[:8])
                    for w in range(MOST_ANSWERS)]  # fmt: skip
            kept = [way for way in ways if way["label"]]
            rows.append(StepRow(n, text(f"ask-{n}", 300), text(f"hint-{n}", 1000), kept))
        if "more" in data and len(rows) < MOST_STEPS:
            rows.append(StepRow(len(rows)))
        return cls(rows or [StepRow(0)])

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
        return [Step(ask=row.ask, hint=row.hint, ways=row.ways) for row in rows]

    def show(self, fault: WrongSteps) -> None:
        """Says at the step what is wrong with it."""
        words = {
            "none": _("Write at least one step."), "many": _("These are too many steps."),
            "ask": _("Write what is asked."), "ways": _("Write at least one answer."),
            "back": _("An answer leads to a later step or to an end."),
        }  # fmt: skip
        self.rows[min(fault.step, len(self.rows) - 1)].error = words[fault.why]
