"""The table of the README is the suite's own: its rows, in their order, each with a figure."""

import ast
import re
from pathlib import Path

from trust.figures import MARK, README, ROWS, add_up, put_into, table


def rows(readme: str) -> list[list[str]]:
    found = re.search(rf"{MARK}\n((?:\|.*\n)+)", readme)
    assert found, "the table is not there"
    return [[cell.strip() for cell in line.strip("|\n").split("|")] for line in found[1].splitlines()[2:]]


def test_the_readme_has_every_row_with_a_figure() -> None:
    shown = rows(README.read_text("utf-8"))
    assert [(what, came) for what, _, came in shown] == list(ROWS.values())
    assert all(re.match(r"[\d.,]+", figure) for _, figure, _ in shown)


def test_every_row_is_told_by_a_test() -> None:
    told = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="tried"), args=[ast.Constant(value=key), _]):
                    told.add(key)
    assert told == set(ROWS)


def test_figures_add_up_and_stand_behind_the_mark() -> None:
    figures = add_up([("survives cuts", 1000), ("survives cuts", 234), ("other", 5), ("survives day", "3 h")])
    assert figures == {"cuts": "1,234", "day": "3 h"}
    written = put_into(f"before\n{MARK}\n| old |\n| table |\n\nafter\n", table(figures))
    assert written.startswith(f"before\n{MARK}\n| tried |")
    assert written.endswith("|\n\nafter\n")
    assert "old" not in written
    assert [row[1] for row in rows(written)] == ["1,234", "3 h"]
