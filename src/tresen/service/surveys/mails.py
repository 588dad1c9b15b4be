"""The mail of a survey: the question, a link for each rating, and how to hear no more of it (RFC 8058)."""

from __future__ import annotations

from email.message import EmailMessage
from html import escape

from django.utils import translation
from django.utils.translation import gettext as _

from tresen.channels.mail.bodies import SMALL, set_body
from tresen.channels.mail.models import Outbox
from tresen.kit.html import text_to_html
from tresen.service.surveys.addresses import rating_url, stop_url
from tresen.service.surveys.models import Asked
from tresen.service.surveys.services import survey_of
from tresen.service.surveys.wording import values_of, words

# Said with every element, since mail programs drop style sheets.
CHOICE = (
    "display:inline-block;min-width:28px;margin:0 4px 8px 0;padding:8px 10px;border:1px solid #8a8a8a;"
    "border-radius:6px;text-align:center;text-decoration:none;font-weight:600"
)


def fill_survey(mail: EmailMessage, row: Outbox) -> None:
    """Subject, headers and body of the mail of that row (table MAIL_FILLERS). Raises LookupError where nobody is asked
    any more: such a mail must not leave."""
    asked = Asked.objects.select_related("ticket__brand", "contact").filter(mail=row).first()
    survey = survey_of(asked.ticket.brand_id) if asked else None
    if asked is None or survey is None:
        raise LookupError("a survey mail belongs to somebody who is asked")
    language = language_of(asked)
    mail["List-Unsubscribe"] = f"<{stop_url(asked)}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    with translation.override(language):
        mail["Subject"] = f"{_('How was our help?')} [#{asked.ticket.number}]"
        values = values_of(asked)
        intro = words(survey, "intro", language, values=values)
        question = words(survey, "question", language, scale=asked.scale, values=values)
        set_body(mail, _text(asked, intro, question), language=language, html=_html(asked, intro, question))


def language_of(asked: Asked) -> str:
    """In which language somebody is asked."""
    return asked.contact.language or asked.ticket.language or asked.ticket.brand.language


def _labels(asked: Asked) -> list[tuple[int, str]]:
    scale = asked.of_scale
    return [(value, f"{value} · {word}" if (word := scale.word(value)) else str(value)) for value in scale.values]


def _below(asked: Asked) -> list[str]:
    brand = asked.ticket.brand.name
    return [
        _("The links open a page; your rating counts once you send it there."),
        brand,
        _("You do not want to be asked any more? Then one click is enough: %(address)s") % {"address": stop_url(asked)},
    ]


def _text(asked: Asked, intro: str, question: str) -> str:
    links = [f"{label}\n{rating_url(asked, value)}" for value, label in _labels(asked)]
    note, brand, stop = _below(asked)
    return "\n\n".join([_("Good day,"), intro, question, "\n".join(links), note, f"{_('Kind regards')}\n{brand}", stop])


def _html(asked: Asked, intro: str, question: str) -> str:
    links = "\n".join(
        f'<a href="{escape(rating_url(asked, value))}" style="{CHOICE}" title="{escape(label)}">{value}</a>'
        for value, label in _labels(asked)
    )
    scale = asked.of_scale
    ends = " … ".join(f"{value}: {scale.word(value)}" for value in (scale.low, scale.high))
    note, brand, stop = _below(asked)
    head = text_to_html("\n\n".join([_("Good day,"), intro]))
    foot = text_to_html(f"{note}\n\n{_('Kind regards')}\n{brand}")
    return (
        f'{head}\n<p><strong>{escape(question)}</strong></p>\n<p>{links}<br>\n<span style="{SMALL}">{escape(ends)}'
        f'</span></p>\n{foot}\n<div style="{SMALL}">{text_to_html(stop)}</div>'
    )
