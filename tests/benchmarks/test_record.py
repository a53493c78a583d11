"""Medians, spreads, ratios, goals, and what is measured."""

from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks.measurements import MET, MISSED, UNKNOWN, Goal, Measure, Record, Unit, compared, put_between
from benchmarks.programs import FIELDS, PROMPT_TOOLKIT, TEXTUAL, URWID, WIZARD, Program
from benchmarks.rounds import (
    FIELD_BYTES,
    IDLE_BYTES,
    KEY_BYTES,
    PAINT_BYTES,
    SCREEN_BYTES,
    START,
    rehearse,
    visit,
)
from benchmarks.terminal import NotShownError
from bwtui.domain.catalog import SITE

SENT = Measure("sent", Unit.BYTES, "theirs")


def test_a_cell_has_median_spread_and_ratio() -> None:
    record = Record()
    for ours, theirs in ((900, 100), (1200, 200), (1500, 300)):
        record.add(SENT, "ours", ours)
        record.add(SENT, "theirs", theirs)
    assert record.cell(SENT, "ours") == "**1,200** (900 to 1,500) 6.00×"
    assert record.cell(SENT, "theirs") == "**200** (100 to 300)"
    assert record.cell(SENT, "nobody") == "–"
    assert "| sent, bytes |" in compared(record, [SENT], ["ours", "theirs", "nobody"])


def test_a_goal_is_met_missed_or_not_measured() -> None:
    goal = Goal("sent", 100, Unit.BYTES, lambda record: record.median(SENT, "ours"))
    record = Record()
    assert goal.mark(record) == UNKNOWN
    record.add(SENT, "ours", 100)
    assert goal.mark(record) == MET
    record.add(SENT, "ours", 102)
    assert goal.row(record) == ["sent", "100 bytes", "101 bytes", MISSED]
    because = Goal("sent", 100, Unit.BYTES, goal.measured, why="its name is long")
    assert because.row(record)[-1] == f"{MISSED} its name is long"
    assert Goal("sent", 101, Unit.BYTES, goal.measured, why="its name is long").row(record)[-1] == MET


def test_the_forms_ask_what_the_wizard_asks() -> None:
    labels = {part.label for part in SITE.questions}
    assert len(FIELDS) == len(set(FIELDS)) == 18
    assert set(FIELDS) <= labels


def test_an_interrupted_run_prints_what_was_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(record: Record, *_: object) -> None:
        record.add(PAINT_BYTES, WIZARD.name, 998)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_measure", measured)
    monkeypatch.setattr("sys.argv", ["benchmarks"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert command.main() == 1
    assert "| first paint | 2,000 bytes | 998 bytes | ✓ |" in capsys.readouterr().out


@pytest.mark.parametrize("form", [TEXTUAL, URWID, PROMPT_TOOLKIT], ids=lambda form: form.name)
def test_a_form_can_be_measured(form: Program) -> None:
    record = Record()
    visit(record, form, (80, 24))
    for measure in (START, PAINT_BYTES, KEY_BYTES, FIELD_BYTES, SCREEN_BYTES):
        assert record.median(measure, form.name), measure.title
    assert record.median(IDLE_BYTES, form.name) is None


def test_the_ways_through_the_wizard_lead_where_they_should() -> None:
    rehearse(WIZARD, (80, 24))


def test_a_program_that_ends_at_once_is_not_measured_further() -> None:
    record = Record()
    with pytest.raises(NotShownError, match="it ended"):
        visit(record, Program(name="echo", command="echo Ready", ready="Ready"), (80, 24))
    assert record.median(PAINT_BYTES, "echo") == len("Ready\r\n")


def test_a_program_from_the_command_line() -> None:
    assert command._program(["ls", "ls -l", "total"]).next_screen is None
    named = command._program(["ls", "ls -l", "total", "x", "More"])
    assert named.words == ("ls", "-l")
    assert named.next_screen is not None
    with pytest.raises(SystemExit, match="--also"):
        command._program(["ls"])


def test_the_tables_replace_those_of_the_last_time(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"Before\n{command.BEGIN}\nold\n{command.END}\nAfter\n", "utf-8")
    put_between(readme, command.BEGIN, command.END, "new")
    assert readme.read_text("utf-8") == f"Before\n{command.BEGIN}\nnew\n{command.END}\nAfter\n"
    readme.write_text("Before\nAfter\n", "utf-8")
    with pytest.raises(SystemExit, match="has no place"):
        put_between(readme, command.BEGIN, command.END, "new")


def _measured(readme: Path) -> str:
    text = readme.read_text("utf-8")
    assert text.count(command.BEGIN) == text.count(command.END) == 1
    return text.partition(command.BEGIN)[2].partition(command.END)[0].strip()


def test_the_readme_quotes_what_was_measured_last() -> None:
    assert _measured(command.README).startswith(_measured(command.QUOTING))
    assert bool(_measured(command.README)) == bool(_measured(command.QUOTING))
