"""What a rating form needs, wherever it stands: on a page of its own or on the request."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.faces.portal.survey.forms import RatingForm
from tresen.service.surveys.links import may_rate
from tresen.service.surveys.models import Asked, Survey
from tresen.service.surveys.scales import Scale
from tresen.service.surveys.services import rate, survey_of
from tresen.service.surveys.wording import values_of, words

# A face beside each rating of five: it says the same as the words.
FACES = ("face-1", "face-2", "face-3", "face-4", "face-5")


@dataclass(frozen=True)
class Choice:
    """One rating as it is shown."""

    value: int
    word: str
    face: str
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    """One question to one person: built by `question_of`."""

    asked: Asked
    scale: Scale
    text: str
    thanks: str
    form: RatingForm

    @property
    def choices(self) -> list[Choice]:
        """All ratings, the worst first."""
        chosen = self.form.chosen
        faces = FACES if len(self.scale.values) == len(FACES) else ("",) * len(self.scale.values)
        return [
            Choice(value, self.scale.word(value), face, str(value) == chosen)
            for value, face in zip(self.scale.values, faces, strict=True)
        ]

    @property
    def ends(self) -> tuple[str, str]:
        """What the lowest and the highest rating say, where the others say nothing; else two empty words."""
        has_all = all(self.scale.word(value) for value in self.scale.values)
        return ("", "") if has_all else (self.scale.word(self.scale.low), self.scale.word(self.scale.high))


def question_of(asked: Asked, survey: Survey, *, form: RatingForm | None = None, chosen: int | None = None) -> Question:
    """The question in the language of the moment; `chosen` is the rating that a link brought along."""
    language, values = (get_language() or "en")[:2], values_of(asked)
    scale = asked.of_scale
    initial = {"rating": asked.rating if chosen is None else chosen, "words": asked.words}
    return Question(
        asked, scale, words(survey, "question", language, scale=asked.scale, values=values),
        words(survey, "thanks", language, values=values), form or RatingForm(scale=scale, initial=initial),
    )  # fmt: skip


def question_on(ticket: Ticket, principal: Principal, *, form: RatingForm | None = None) -> Question | None:
    """What the requester is asked on the page of his finished request; None where nothing is asked there. `form`: what
    he sent, where something was wrong with it."""
    if principal.contact is None or ticket.requester_id != principal.contact.pk:
        return None
    rows = Asked.objects.select_related("ticket__brand", "contact").filter(ticket=ticket, contact=principal.contact)
    asked = rows.first()
    survey = survey_of(ticket.brand_id) if asked else None
    if asked is None or survey is None or not (survey.is_active and survey.in_portal) or not may_rate(asked):
        return None
    return question_of(asked, survey, form=form)


def send_rating(request: HttpRequest, asked: Asked, principal: Principal) -> RatingForm | None:
    """Takes a rating that was sent. The form where something is wrong with it. Raises TooLate."""
    form = RatingForm(request.POST, scale=asked.of_scale)
    if not form.is_valid():
        return form
    rate(asked, rating=form.cleaned_data["rating"], words=form.cleaned_data["words"], by=principal.actor)
    return None
