"""Rules about templates: each one loads, and none holds a script or a style, since the CSP forbids both."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template import engines

from tests.house.source import files, shown, template_name, templates
from tresen.kit import translations

pytestmark = pytest.mark.house

COMMENTS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.S)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=[\"']?(?:application/json|importmap))[^>]*>", re.I)
INLINE_HANDLER = re.compile(r"<[^>]*\s(?:on\w+|hx-on[:\w-]*)\s*=", re.I)
INLINE_STYLE = re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.I)
SCRIPT_ADDRESS = re.compile(r"(?:javascript|js):\s*\S", re.I)
BARE_TEXT = re.compile(r">\s*([A-Za-zÄÖÜäöüß][A-Za-zÄÖÜäöüß,.!?'’ ]{3,})\s*<")
HELD_OUT = re.compile(
    r"\{%-?\s*blocktrans(?:late)?\b.*?\{%-?\s*endblocktrans(?:late)?\s*-?%\}|<code\b.*?</code>|<kbd\b.*?</kbd>", re.S
)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
# The product's own name, the languages in their own words, and names of files.
UNTRANSLATED = re.compile(r"Tresen|English|Deutsch|Polski|[\w-]+\.\w+")


@pytest.mark.parametrize("path", templates(), ids=template_name)
def test_the_template_loads(path) -> None:
    engines["django"].get_template(template_name(path))


def test_an_address_is_used_in_the_block_that_names_it() -> None:
    lost = []
    for path in templates():
        blocks = re.findall(r"\{% block \w+ %\}(.*?)\{% endblock", path.read_text(), re.S)
        for name in {name for block in blocks for name in re.findall(r"\{% url [^%]*? as (\w+) %\}", block)}:
            used = re.compile(rf"\{{\{{ {name}\b|={name}[ |%]")
            if any(used.search(block) and f" as {name} %}}" not in block for block in blocks):
                lost.append((template_name(path), name))
    assert lost == []


def test_no_two_apps_have_a_template_of_the_same_name() -> None:
    names = [template_name(path) for path in templates()]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_no_template_holds_a_script_a_handler_or_a_style() -> None:
    found = []
    for path in templates():
        if path.suffix == ".txt":
            continue
        text = COMMENTS.sub("", path.read_text())
        # A mail has no style sheet to refer to; it is never shown inside our own pages.
        rules = [INLINE_SCRIPT, INLINE_HANDLER, SCRIPT_ADDRESS] + ([] if "mail" in path.parts else [INLINE_STYLE])
        found += [f"{shown(path)}: {match.group()[:80]}" for rule in rules for match in rule.finditer(text)]
    assert not found, "\n".join(found)


def test_every_text_between_tags_is_translatable() -> None:
    found = []
    for path in templates():
        text = TAG.sub("", HELD_OUT.sub("", COMMENTS.sub("", path.read_text())))
        texts = [match.group(1).strip() for match in BARE_TEXT.finditer(text)]
        found += [f"{shown(path)}: {one}" for one in texts if not UNTRANSLATED.fullmatch(one)]
    assert not found, "\n".join(found)


def test_every_catalogue_is_one_that_django_reads() -> None:
    known = {str(path) for path in settings.LOCALE_PATHS}
    known |= {f"{config.path}/locale" for config in apps.get_app_configs()}
    homes = {str(path.parents[2]) for path in translations.ROOT.rglob("locale/*/LC_MESSAGES/*.po")}
    assert sorted(homes - known) == []


def test_every_text_is_translated(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = translations.check(translations.chosen_apps([]))
    assert outcome == 0, capsys.readouterr().out


@pytest.mark.django_db
def test_the_models_have_their_migrations(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out, pytrace=False)


def test_no_stylesheet_reaches_outside_or_imports_another() -> None:
    pattern = re.compile(r"@import|url\(\s*[\"']?(?:https?:)?//", re.I)
    assert [shown(path) for path in files(".css") if pattern.search(path.read_text())] == []
