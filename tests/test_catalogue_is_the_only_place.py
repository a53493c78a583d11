"""No module of the product names a step by its key: what it needs to know is an attribute of the step."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import bwtui
from bwtui.domain.catalog import STEPS

ROOT: Final = Path(bwtui.__file__).parent
EXCEPTIONS: Final = {
    "domain/catalog.py": "it describes the steps",
    "domain/catalog_universal.py": "it describes those of the Universal Platform",
    "domain/remedies/remedy_table": "remedies are data about operations and the answers to go to",
}
GUESTS: Final = ("simulator", "frugal")
"""The simulator shares no facts with us on purpose; the driver knows nothing of bwtui."""
VERBS: Final = frozenset({"create", "read", "list", "look", "update", "search", "located", "tns", "delete"})
MODULES: Final = [
    path
    for path in sorted(ROOT.rglob("*.py"))
    if path.relative_to(ROOT).parts[0] not in GUESTS
    and not any(path.is_relative_to(ROOT / name) for name in EXCEPTIONS)
]


def _names_a_step(text: str) -> bool:
    """Return True if a text is a step's key, one of its answers (`site.name`) or one of its operations (`site.create`)."""
    key, dot, rest = text.partition(".")
    for step in STEPS:
        if key == step.key:
            return not dot or rest in VERBS or step.has(rest)
    return False


def _texts(source: str) -> Iterator[tuple[int, str]]:
    """The texts in the code, and their lines; docstrings are for readers."""
    tree = ast.parse(source)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_names_a_step(path: Path) -> None:
    named = [(line, text) for line, text in _texts(path.read_text("utf-8")) if _names_a_step(text)]
    assert named == [], "make it an attribute of the step"


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_is_still_needed(name: str) -> None:
    path = ROOT / name
    modules = path.rglob("*.py") if path.is_dir() else (path,)
    assert any(_names_a_step(text) for module in modules for _, text in _texts(module.read_text("utf-8")))


def test_a_step_in_quotes_is_found() -> None:
    assert [text for _, text in _texts('x = answers.text("site.name")') if _names_a_step(text)] == [
        "site.name"
    ]
    assert _names_a_step("sippeer")
    assert _names_a_step("number.create")
    assert not _names_a_step("number of pages")
