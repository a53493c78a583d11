"""The dependencies of bwtui: every one is bounded, needed and declared."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

NEEDED_BY_OTHERS: Final = {"sniffio"}
"""Dependencies that only another dependency imports: its reason stands beside it in pyproject.toml."""
EXTRAS: Final = {"keyring"}


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return found[0].lower()


def imported() -> set[str]:
    """The top-level names of everything that the package imports and that is neither its own nor Python's."""
    names = set()
    for file in (ROOT / "bwtui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Import(names=aliases):
                    names |= {alias.name.partition(".")[0] for alias in aliases}
                case ast.ImportFrom(module=str(module), level=0):
                    names.add(module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"bwtui", "_typeshed"}


def every_requirement() -> list[str]:
    return [
        *PROJECT["dependencies"],
        *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
    ]


@pytest.mark.parametrize("requirement", [one for one in every_requirement() if not one.startswith("bwtui[")])
def test_every_dependency_has_a_lower_and_an_upper_bound(requirement: str) -> None:
    assert re.fullmatch(r"[\w.-]+>=[\d.]+,<[\d.]+(; .+)?", requirement)


def test_every_dependency_is_imported_and_every_import_is_a_dependency() -> None:
    declared = {name_of(one) for one in PROJECT["dependencies"]}
    distributions = packages_distributions()
    used = {distributions.get(name, [name])[0].lower() for name in imported()}
    assert used - EXTRAS == declared - NEEDED_BY_OTHERS


def test_every_dependency_says_what_it_is_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").partition("dependencies = [")[2].partition("]")[0]
    assert all("#" in line for line in lines.strip().splitlines())


def test_every_promise_names_a_test_that_is_there() -> None:
    promises = re.findall(r"^\| (?!promise|---).*$", (ROOT / "SECURITY.md").read_text("utf-8"), re.MULTILINE)
    assert promises
    for promise in promises:
        tests = re.findall(r"\]\(([^)]+)\)", promise)
        assert tests, promise
        assert all((ROOT / test).exists() for test in tests), promise
