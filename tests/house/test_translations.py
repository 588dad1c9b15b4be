"""The translation tool itself: what it extracts, keeps, refuses."""

from __future__ import annotations

import gettext
from pathlib import Path

import polib
import pytest

from tresen.kit import translations

pytestmark = pytest.mark.house


@pytest.fixture
def app(tmp_path: Path) -> Path:
    app = tmp_path / "faces" / "shop"
    (app / "templates" / "shop").mkdir(parents=True)
    (app / "apps.py").write_text("")
    (app / "views.py").write_text(
        'from django.utils.translation import gettext as _, ngettext, pgettext\n_("Hello %(name)s")\n'
        'pgettext("month", "May")\nngettext("one ticket", "%(count)s tickets", n) % {"count": n}\n'
    )
    (app / "templates" / "shop" / "page.html").write_text(
        "{% load i18n %}\n  {% translate 'Save' %}\n{% blocktranslate trimmed with who=name %}\n  It's\n  {{ who }}\n"
        "{% endblocktranslate %}\n"
    )
    return app


def translated(app: Path, language: str, **words: str | dict[int, str]) -> Path:
    translations.update([app], app.parents[1])
    path = translations.catalogue_path(app, language)
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(range(translations.LANGUAGES[language][0]), "%(count)s x")
        else:
            entry.msgstr = entry.msgid + "!"
        if entry.msgid in words:
            found = words[entry.msgid]
            entry.msgstr, entry.msgstr_plural = ("", found) if isinstance(found, dict) else (found, {})
    catalogue.save()
    return path


def faults(app: Path, language: str) -> list[str]:
    catalogue = translations.read_catalogue(translations.catalogue_path(app, language))
    return list(translations.faults_in(catalogue, language, translations.texts_by_app(app.parents[1])[app]))


def test_texts_of_python_and_templates_are_found_with_context_and_plural(app: Path) -> None:
    found = translations.texts_by_app(app.parents[1])[app]
    assert set(found) == {
        (None, "Hello %(name)s"),
        ("month", "May"),
        (None, "one ticket"),
        (None, "Save"),
        (None, "It's %(who)s"),
    }
    assert found[(None, "one ticket")].plural == "%(count)s tickets"


def test_a_full_catalogue_has_no_fault(app: Path) -> None:
    translated(app, "pl")
    assert faults(app, "pl") == []


def test_an_update_keeps_translations_and_drops_what_is_gone(app: Path) -> None:
    path = translated(app, "de", Save="Speichern")
    (app / "views.py").write_text("")
    translations.update([app], app.parents[1])
    catalogue = polib.pofile(str(path))
    assert {entry.msgid: entry.msgstr for entry in catalogue}["Save"] == "Speichern"
    assert {entry.msgid for entry in catalogue} == {"Save", "It's %(who)s"}


def test_a_text_another_app_has_translated_is_taken_over(app: Path) -> None:
    translated(app, "de", Save="Speichern")
    other = app.parent / "stall"
    other.mkdir()
    (other / "apps.py").write_text("")
    (other / "views.py").write_text('_("Save")\n')
    translations.update([other], app.parents[1])
    assert polib.pofile(str(translations.catalogue_path(other, "de")))[0].msgstr == "Speichern"


def test_two_apps_that_contradict_each_other_are_named(app: Path) -> None:
    translated(app, "de", Save="Speichern")
    other = app.parent / "stall"
    other.mkdir()
    (other / "apps.py").write_text("")
    (other / "views.py").write_text('_("Save")\n')
    translated(other, "de", Save="Sichern")
    assert len(list(translations.contradictions(app.parents[1], [app, other]))) == 1


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"Save": ""}, "not translated"),
        ({"Hello %(name)s": "Hallo %(nme)s"}, "placeholders differ"),
        ({"Hello %(name)s": "Hallo"}, "placeholders differ"),
        ({"one ticket": {0: "%(count)s a", 1: "%(count)s b"}}, "2 plural forms instead of 3"),
    ],
)
def test_a_broken_translation_is_a_fault(app: Path, wrong: dict, fault: str) -> None:
    translated(app, "pl", **wrong)
    assert [one.split(":")[0] for one in faults(app, "pl")] == [fault]


def test_a_missing_text_and_a_fuzzy_one_are_faults(app: Path) -> None:
    path = translated(app, "de")
    catalogue = polib.pofile(str(path))
    catalogue.remove(catalogue.find("Save"))
    catalogue.find("May", msgctxt="month").flags.append("fuzzy")
    catalogue.save()
    assert sorted(one.split(":")[0] for one in faults(app, "de")) == ["fuzzy", "not in the catalogue"]


def test_polish_has_three_plural_forms_once_compiled(app: Path) -> None:
    path = translated(app, "pl", **{"one ticket": {0: "%(count)s zgłoszenie", 1: "zgłoszenia", 2: "zgłoszeń"}})
    assert translations.compile_catalogues(app.parents[1]) == 2
    assert translations.compile_catalogues(app.parents[1]) == 0
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    forms = [compiled.ngettext("one ticket", "%(count)s tickets", number) for number in (1, 2, 5, 12, 22, 112)]
    assert forms == ["%(count)s zgłoszenie", "zgłoszenia", "zgłoszeń", "zgłoszeń", "zgłoszenia", "zgłoszeń"]
