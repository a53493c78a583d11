"""Starting over sets aside what was saved, and begins with the account alone."""

import errno
import os

import pytest

from bwtui.tui.places import PlaceStatus
from support.apply_screen import connected, say_yes
from support.wizard_pilot import WizardHarness


@pytest.fixture
def harness(harness: WizardHarness) -> WizardHarness:
    harness.on_disk = True
    return harness


async def test_starting_over_sets_what_was_kept_aside_and_begins_with_the_account(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await say_yes(wizard)
        await wizard.go("welcome")
        assert wizard.says("There is saved progress: 9 of 9 steps are done and were read back.")
        assert not wizard.says("10 or 11 steps"), "of how many is said once"
        before = harness.file.path.read_bytes()
        wizard.screen.query_one("#start-over").focus()
        await wizard.press("enter", "enter")
        assert wizard.place == "welcome", "No is the default"
        assert harness.file.path.read_bytes() == before
        wizard.screen.query_one("#start-over").focus()
        await wizard.press("enter", "y")
        assert wizard.place == "connect"
        assert wizard.workflow.draft.run.steps == {}
        assert wizard.answer("account.account_id") == "9900000"
        assert wizard.answer("site.name") == "Main", "the suggestion"
        assert wizard.answer("site.description") == ""
        assert PlaceStatus.DONE.sign not in wizard.rail.values()
        [aside] = [path for path in harness.file.path.parent.iterdir() if path.read_bytes() == before]
        assert aside != harness.file.path
    async with harness.show() as wizard:
        assert wizard.workflow.draft.run.steps == {}
        assert (wizard.place, wizard.answer("site.description")) == ("connect", "")


async def test_somebody_new_is_not_asked_whether_to_start_over(harness: WizardHarness) -> None:
    async with harness.show() as wizard:
        assert "saved progress" not in wizard.text
        assert not wizard.screen.query("#start-over")


@pytest.mark.parametrize("size", [(80, 24), (60, 14)])
async def test_what_cannot_be_set_aside_is_told_and_stays(
    harness: WizardHarness, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with connected(harness, size=size) as wizard:
        await say_yes(wizard)
        await wizard.go("welcome")
        monkeypatch.setattr(os, "replace", _full)
        wizard.screen.query_one("#start-over").focus()
        await wizard.press("enter", "y")
        assert wizard.place == "welcome"
        assert wizard.says("! "), wizard.text
        assert wizard.says("No space left on device"), wizard.text
        assert wizard.rail["site"] == PlaceStatus.DONE.sign


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
