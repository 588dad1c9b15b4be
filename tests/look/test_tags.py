"""What the tags and form templates give out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils import timezone, translation

from tresen.kit import times, words

NOW = datetime(2026, 11, 17, 9, 42, tzinfo=UTC)


def render(source: str, **context: Any) -> str:
    return str(engines["django"].from_string("{% load kit %}" + source).render(context))


def test_an_icon_is_silent_unless_it_is_given_a_name() -> None:
    assert 'aria-hidden="true"' in render('{% icon "mail" %}')
    named = render('{% icon "mail" size="s" label=label %}', label="By <mail>")
    assert 'role="img"' in named
    assert 'aria-label="By &lt;mail&gt;"' in named
    assert "icon-s" in named


def test_every_icon_the_tags_name_is_in_the_sprite() -> None:
    from django.contrib.staticfiles import finders

    from tresen.kit.templatetags import kit

    sprite = Path(str(finders.find("kit/icons.svg"))).read_text()
    names = [f"p-{shape}" for shape in kit.PRIORITIES.values()] + [f"st-{shape}" for shape in kit.STATUSES.values()]
    names += [*kit.CHANNELS.values(), *(icon for icon, _tone in kit.DELIVERIES.values())]
    assert [name for name in names if f'id="i-{name}"' not in sprite] == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Kowalczyk", "AK"), ("Jürgen Großmann-Lüdtke", "JG"), ("Dr. Henrike Vollrath", "HV"), ("łukasz", "ŁU"),
     ("it@faehrholm.example", "IT"), ("", "?"), ("12345", "?"), ("Monitoring", "MO")],
)  # fmt: skip
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters


def test_contacts_are_round_colleagues_square_and_nobody_is_dashed() -> None:
    assert "contact" in render('{% avatar "Carola Brandt" kind="contact" %}')
    assert "contact" not in render('{% avatar "Anna Kowalczyk" %}')
    assert 'class="avatar s none"' in render('{% avatar "" size="s" %}')


def test_found_words_are_marked_whatever_their_ending_or_marks_and_the_rest_is_escaped() -> None:
    assert words.highlight("Alle 20 <Minuten>, alle Minuten", ["alle 20 minuten"]) == (
        "<mark>Alle 20 &lt;Minuten</mark>&gt;, alle Minuten"
    )
    assert words.highlight("Die Rechnung & <b>Łódź</b>", "rechnungen lodz") == (
        "Die <mark>Rechnung</mark> &amp; &lt;b&gt;<mark>Łódź</mark>&lt;/b&gt;"
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", ["just now", "5 min ago", "1 day ago", "in 2 h"]),
     ("de", ["gerade eben", "vor 5 Min.", "vor 1 Tag", "in 2 Std."]),
     ("pl", ["przed chwilą", "5 min temu", "1 dzień temu", "za 2 godz."])],
)  # fmt: skip
def test_relative_times_in_three_languages(language: str, expected: list[str]) -> None:
    spans = [timedelta(seconds=10), timedelta(minutes=5), timedelta(hours=25), timedelta(hours=-2, minutes=-5)]
    with translation.override(language):
        assert [times.ago(NOW - span, NOW) for span in spans] == expected


def test_polish_plurals() -> None:
    with translation.override("pl"):
        shown = [times.past_text("month", number) for number in (1, 2, 5, 22)]
    assert shown == ["1 miesiąc temu", "2 miesiące temu", "5 miesięcy temu", "22 miesiące temu"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Tuesday 17 November 2026, 10:42"), ("de", "Dienstag, 17. November 2026, 10:42"),
     ("pl", "wtorek, 17 listopada 2026, 10:42")],
)  # fmt: skip
def test_the_exact_time_is_in_the_persons_zone_and_language(language: str, text: str) -> None:
    with timezone.override("Europe/Berlin"), translation.override(language):
        assert times.exact(NOW).lower() == text.lower()


def test_when_is_as_exact_as_one_needs() -> None:
    with timezone.override("Europe/Berlin"), translation.override("en"):
        ages = [times.when(NOW - timedelta(days=days), NOW) for days in (0, 1, 3, 30, 400)]
    assert ages == ["10:42", "yesterday, 10:42", "Sat 10:42", "18 Oct", "13 Oct 2025"]


def test_sizes_are_read_at_a_glance() -> None:
    with translation.override("de"):
        assert [times.filesize(n) for n in (0, 900, 48640, 1_500_000, 25 * 1024**2)] == [
            "0 B", "900 B", "48 KB", "1,4 MB", "25 MB",
        ]  # fmt: skip


def test_a_time_tag_carries_the_instant_and_the_whole_date() -> None:
    element = render("{% when at %}", at=NOW)
    assert 'datetime="2026-11-17T09:42:00+00:00"' in element
    assert "17 November 2026" in element
    assert render("{% ago at %}", at=None) == ""


def test_a_delivery_is_a_mark_and_a_word_and_nothing_when_there_is_none() -> None:
    assert "i-alert" in render('{% delivery "bounced" "came back" %}')
    assert render('{% delivery "" "" %}') == ""


class Sample(forms.Form):
    name = forms.CharField(help_text="As on the door.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, required=False)
    on = forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"role": "switch"}))


def test_a_wrong_field_names_its_fault_where_a_reader_finds_it() -> None:
    shown = str(Sample({})["name"].as_field_group())
    assert "is-wrong" in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'class="input"' in shown


def test_a_whole_form_says_first_that_something_is_wrong() -> None:
    shown = str(Sample({}))
    assert shown.index('role="alert"') < shown.index("<label")
    assert shown.count("<fieldset") == shown.count("</fieldset>") == 1
    assert 'role="switch"' in shown


def test_a_control_takes_more_attributes_and_keeps_its_class() -> None:
    shown = render('{% control field rows="6" data_action="reply" class="area" %}', field=Sample()["name"])
    assert 'class="input area"' in shown
    assert 'data-action="reply"' in shown
    assert 'rows="6"' in shown


def test_an_address_breaks_behind_its_signs_and_stays_text() -> None:
    assert words.breakable("c.brandt@a-b.example") == "c.<wbr>brandt@<wbr>a-<wbr>b.<wbr>example<wbr>"
    assert "<b>" not in words.breakable("<b>@x")
