"""The walk from Welcome to Done as plain questions: the same requests as `bwtui apply`, and nothing but plain text."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.cli_runner import CliRunner, fault, log, one_of_each
from support.linear_talk import APPLYING, FINISHING, STEPS, TO_REVIEW, WHOLE, asked_in, pipe, talk
from support.write_faults import fault_at

DRAWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2500-\u259f\u2800-\u28ff]")
"""What moves a cursor or draws: every control but tab and line ends, boxes, blocks and spinners."""

IDS = re.compile(
    r"\bbwtui-[0-9a-f]{32}|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|(?<=/sites/)\d+|(?<=/sippeers/)\d+|(?<=<SiteId>)\d+|(?<=<PeerId>)\d+"
)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[CliRunner, RunningSimulator]]:
    """Another account of the same kind, with a runner for it."""
    home = tmp_path / "other"
    home.mkdir()
    with RunningSimulator(Settings()) as running:
        yield CliRunner(home=home).connect(running), running


def written(origin: str) -> list[tuple[str, str, str]]:
    """Every request that changes the account, in a fixed order, ids made equal."""
    entries: list[dict[str, Any]] = [
        entry for entry in log(origin) if entry["method"] != "GET" and "/oauth2/" not in entry["path"]
    ]
    return sorted(
        (each["method"], IDS.sub("ID", each["path"]), IDS.sub("ID", each["body"])) for each in entries
    )


def test_a_walk_sends_exactly_what_apply_sends_for_the_same_answers(
    runner: CliRunner, simulator: RunningSimulator, other: tuple[CliRunner, RunningSimulator]
) -> None:
    runner.connect(simulator)
    with talk(runner) as shown:
        shown.follow(WHOLE)
        assert shown.end() == 0
    one_of_each(simulator.origin)
    twin, elsewhere = other
    twin.example()
    assert twin.run("apply", "setup.toml", "--yes").told().exit == 0
    assert written(simulator.origin) == written(elsewhere.origin)


def test_a_copy_that_a_request_delivered_twice_has_made_is_told_when_all_is_done(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, fault_at("voice_app", "twice", answered=1))
    ended = pipe(runner.connect(simulator), WHOLE)
    assert ended.exit == 0, ended.out
    assert "? Voice application: Another voice application of this name is on the account" in ended.out


def test_through_pipes_it_is_the_same_walk(runner: CliRunner, simulator: RunningSimulator) -> None:
    ended = pipe(runner.connect(simulator), WHOLE)
    assert ended.exit == 0, ended.out
    assert ended.err == "", "what is said is on standard output"
    assert asked_in(ended.out, WHOLE) == [question for question, _ in WHOLE]
    one_of_each(simulator.origin)


def test_nothing_steers_or_draws(runner: CliRunner, simulator: RunningSimulator) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_REVIEW)
        shown.follow(
            (("What next?", "2"), ("Which action?", "5"), ("What next?", "?"), *APPLYING, *FINISHING)
        )
        assert shown.end() == 0
        assert DRAWN.findall(shown.text) == []


def test_a_done_setup_ends_with_the_proof_the_ids_and_the_next_command(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW, *APPLYING))
        shown.wait_for("Try a message or a call?")
        told = shown.news
        shown.answer("Try a message or a call?", "")
        site = runner.state["events"]
        assert site
        for line in (
            "Phone number: read back, +1 (919)",
            "Sub-account: read back, ",
            "Assign voice: read back",
        ):
            assert line in told
        assert "Set up. Everything was read back" in told
        assert "bwtui export --format curl" in told
        shown.answer("What next?", "2")
        shown.answer("Name of the file", "")
        shown.answer("What next?", "1")
        assert shown.end() == 0
    assert "BW_NUMBER" in (runner.home / "bwtui.env").read_text("utf-8")


def test_each_event_is_one_line(runner: CliRunner, simulator: RunningSimulator) -> None:
    ended = pipe(runner.connect(simulator), WHOLE)
    for line in (
        "Sub-account: sending",
        "Sub-account: done, ",
        "Phone number: ordering +1 (919)",
        "Assign voice: done",
    ):
        assert [told for told in ended.out.splitlines() if told.startswith(line)], line


def test_in_the_demo_enter_alone_goes_to_the_end(runner: CliRunner) -> None:
    ended = runner.run("demo", "--linear", typed="\n" * 80).told()
    assert ended.exit == 0, ended.out
    assert "DEMO, nothing is real" in ended.out
    assert "Set up. Everything was read back" in ended.out
    assert "Order +1 (919) 206-0033? In the demo it costs nothing." in ended.out
    assert DRAWN.findall(ended.out) == []
    assert not runner.states.exists()


def test_accessible_in_the_environment_asks_for_it_too(runner: CliRunner) -> None:
    ended = runner.run(typed="", ACCESSIBLE="1").told()
    assert ended.out.startswith("Welcome.")
    assert runner.run(typed="", ACCESSIBLE="0").told().exit == 6


def test_the_numbers_found_are_told_ten_at_a_time_and_picked_by_number(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    place = [question for question, _ in STEPS].index("Search now")
    with talk(runner) as shown:
        shown.follow((*TO_REVIEW[: len(TO_REVIEW) - len(STEPS)], *STEPS[:place]))
        shown.answer("Search now", "")
        shown.wait_for("Which ones?")
        assert len(re.findall(r"^\d+\. \+1 \(919\)", shown.news, re.MULTILINE)) == 10
        assert "Which ones? Their numbers in this list, such as 1 3; m for more of" in shown.news
        shown.answer("Which ones?", "11")
        shown.answer("Which ones?", "m")
        shown.wait_for("Which ones?")
        rows = re.findall(r"^(\d+)\. \+1 \((\d{3})\) (\d{3})-(\d{4})", shown.news, re.MULTILINE)
        assert [row[0] for row in rows] == [str(number) for number in range(11, 21)]
        shown.answer("Which ones?", "12, 14")
        shown.wait_for("13 optional questions")
    picked = ",".join("".join(rows[index][1:]) for index in (1, 3))
    assert runner.state["answers"]["number.numbers"]["value"] == picked


@pytest.mark.parametrize("typed", ["1 3", "1,3", "{0} 3"])
def test_several_numbers_are_picked_with_commas_or_blanks_between(
    runner: CliRunner, simulator: RunningSimulator, typed: str
) -> None:
    place = [question for question, _ in TO_REVIEW].index("Search now")
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW[:place], ("Search now", "")))
        shown.wait_for("Which ones?")
        rows = re.findall(r"^\d+\. (\+1 \(919\) [\d-]{8})", shown.news, re.MULTILINE)
        shown.answer("Which ones?", typed.format(f"{rows[0]},", rows[2]))
        shown.wait_for("13 optional questions")
        assert f"Picked: {rows[0]}, {rows[2]}." in shown.news
