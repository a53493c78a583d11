"""The table of the README is the suite's own: its rows, in their order, each with a figure."""

import ast
import re
from pathlib import Path

from trust.figures import MARK, README, ROWS, add_up, figures_in, put_into, table


def test_the_readme_has_every_row_with_a_figure() -> None:
    readme = README.read_text("utf-8")
    shown = figures_in(readme)
    assert list(shown) == list(ROWS)
    assert all(re.match(r"[\d.,]+", figure) for figure in shown.values())
    assert put_into(readme, shown) == readme, "the table is as the suite writes it"


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
    written = put_into(f"before\n{MARK}\n| of | old | rows |\n\nafter\n", figures)
    assert written == f"before\n{MARK}\n{table(figures)}\nafter\n"
    assert figures_in(written) == figures


def test_a_partial_run_leaves_the_other_figures_alone() -> None:
    readme = put_into(f"{MARK}\n", {"cuts": "1", "pairs": "2"})
    assert figures_in(put_into(readme, {"faults": "3", "pairs": "4"})) == {
        "cuts": "1",
        "faults": "3",
        "pairs": "4",
    }
