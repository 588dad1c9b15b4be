"""Rules about the code itself: sizes, names, and what nobody may leave behind."""

from __future__ import annotations

import ast
import re

import pytest
from django.apps import apps

from tests.house.source import PRODUCT, ROOT, calls, files, literals, shown, tree

pytestmark = pytest.mark.house

FILE_LINES = 400
FUNCTION_LINES = 50
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "managers", "signals", "misc", "tools", "stuff", "base"}
# Django asks for a database backend by this name.
NAMED_BY_DJANGO = {"src/tresen/kit/sqlite/base.py"}
LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\w])//[^\n]*", re.S)
JS_SENTENCE = re.compile(r"""(["'`])[A-Z][a-z]+ [a-z]+[^"'`\n]*\1""")
RAW_QUERY = re.compile(r"\b([A-Z]\w+)\.objects\.(?!(?:visible_to|default|none)\b)\w+")


def test_no_file_is_longer_than_400_lines() -> None:
    paths = [*files(".py", tests=True), *files(".js"), *files(".css"), *files(".html")]
    lengths = {shown(path): path.read_text().count("\n") for path in paths}
    assert {name: length for name, length in lengths.items() if length > FILE_LINES} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    found = {}
    for path in files(".py", tests=True):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    found[f"{shown(path)}:{node.name}"] = length
    assert found == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [shown(path) for path in files(".py", tests=True) if {path.stem, path.parent.name} & EMPTY_NAMES]
    assert not {*found} - NAMED_BY_DJANGO, "\n".join(found)


def test_nothing_is_left_for_later() -> None:
    paths = [*files(".py"), *files(".js"), *files(".css"), *files(".html")]
    found = [
        f"{shown(path)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LEFTOVER.search(line)
    ]
    assert not found, "\n".join(found)


def test_every_public_function_of_the_product_has_a_docstring() -> None:
    found = []
    for path in files(".py"):
        for node in tree(path).body:
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_function and not node.name.startswith("_") and not ast.get_docstring(node):
                found.append(f"{shown(path)}:{node.name}")
    assert not found, "\n".join(found)


def test_scripts_hold_no_sentences_since_texts_come_from_templates() -> None:
    found = []
    for path in files(".js"):
        code = JS_COMMENT.sub("", path.read_text())
        found += [f"{shown(path)}: {match.group()}" for match in JS_SENTENCE.finditer(code)]
    assert not found, "\n".join(found)


def test_views_begin_every_query_at_what_the_person_may_see() -> None:
    guarded = {model.__name__ for model in apps.get_models() if hasattr(model._default_manager, "visible_to")}
    assert {"Ticket", "Message", "Contact"} <= guarded
    found = [
        f"{shown(path)}:{number}: {line.strip()}"
        for path in files(".py")
        if "faces" in path.parts and path.stem.startswith(("views", "routes"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for match in RAW_QUERY.finditer(line)
        if match.group(1) in guarded
    ]
    assert not found, "\n".join(found)


def test_requests_to_the_outside_leave_by_the_guarded_door_only() -> None:
    clients = re.compile(r"^\s*(?:from|import) (?:urllib\.request|http\.client|urllib3|requests|httpx|aiohttp)\b", re.M)
    allowed = {"kit/http", "faces/cli/bench_screens.py", "faces/cli/bench_live.py"}  # the bench asks itself
    found = [shown(path) for path in files(".py") if clients.search(path.read_text())]
    assert [name for name in found if not any(place in name for place in allowed)] == []


def test_every_event_kind_is_documented() -> None:
    kinds = {
        kind
        for path in files(".py")
        for call in calls(path, "record")
        if call.args
        for kind in literals(call.args[0])
        if re.fullmatch(r"[a-z_]+\.[a-z_]+", kind)
    }
    documented = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", (ROOT / "docs" / "events.md").read_text()))
    assert sorted(kinds - documented) == []


def test_every_dependency_has_its_reason_written_down() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    wanted += project["dependency-groups"]["dev"]
    reasons = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text().lower()
    names = {re.split(r"[\[=<>! ]", line)[0].lower() for line in wanted}
    assert sorted(name for name in names if f"`{name}`" not in reasons) == []


def test_no_test_or_code_names_a_place_on_one_machine() -> None:
    paths = [*files(".py", tests=True), *files(".html"), ROOT / "Makefile", ROOT / ".ci" / "run"]
    paths += [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    place = re.compile(r"/(?:home|root|Users)/\w+|/wor" + "k/")
    assert [shown(path) for path in paths if place.search(path.read_text())] == []


def test_the_version_is_the_same_everywhere() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M)
    assert version
    assert f"## {version.group(1)}" in (ROOT / "CHANGELOG.md").read_text()
    assert PRODUCT.is_dir()
