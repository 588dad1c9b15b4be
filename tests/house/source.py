"""What the house tests look at: the product's own files and their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "src" / "tresen"
TESTS = ROOT / "tests"


@cache
def files(suffix: str, *, tests: bool = False) -> list[Path]:
    """Every file of the product with that suffix, on request with the tests; migrations are left out."""
    folders = [PRODUCT, TESTS] if tests else [PRODUCT]
    found = [path for folder in folders for path in folder.rglob(f"*{suffix}")]
    return sorted(path for path in found if not {"migrations", "__pycache__"} & set(path.parts))


def templates() -> list[Path]:
    """Every template of the product: pages, fragments, mails."""
    return [path for suffix in (".html", ".txt") for path in files(suffix) if "templates" in path.parts]


def template_name(path: Path) -> str:
    """The name by which Django loads a template file."""
    parts = path.parts
    return "/".join(parts[parts.index("templates") + 1 :])


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(), filename=str(path))


def shown(path: Path) -> str:
    """A path as a person would name it."""
    return path.relative_to(ROOT).as_posix()


def calls(path: Path, name: str) -> Iterator[ast.Call]:
    """Every call of a function of that name, called plainly or on a module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield node


def literals(node: ast.AST) -> Iterator[str]:
    """The string literals inside an expression, both branches of an if-expression included."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
