"""Removing what a setup has made, from the last of the plain questions."""

import pytest

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, held
from support.linear_talk import APPLYING, TO_REVIEW, talk
from support.listed_copies import with_a_copy

TO_DONE = (*TO_REVIEW, *APPLYING, ("Try a message or a call?", ""))


def test_what_was_made_is_shown_and_removed_once_the_word_is_typed(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_DONE)
        copy = with_a_copy(simulator.account)
        shown.follow((("What next?", "6"), ("Type release to release", "release"), ("Remove ", "yes")))
        assert shown.end() == 0
        assert f"Voice application {copy} has the same name" in shown.text
        assert "Everything that this setup knows to have made is removed" in shown.text
    assert not held(simulator.origin)["sites"]
    assert held(simulator.origin)["numbers"][0]["status"] == "Aging"


@pytest.mark.parametrize(("word", "go_on"), [("", "no"), ("<", "")])
def test_a_no_and_a_step_back_remove_nothing(
    runner: CliRunner, simulator: RunningSimulator, word: str, go_on: str
) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_DONE)
        shown.follow((("What next?", "6"), ("Type release to release", word)))
        if go_on:
            shown.follow((("Remove ", go_on),))
        shown.follow((("What next?", "1"),))
        assert shown.end() == 0
    assert held(simulator.origin)["sites"]
    assert held(simulator.origin)["numbers"][0]["status"] == "Inservice"
