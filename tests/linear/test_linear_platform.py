"""The platform of the account as plain questions: told, asked for where the account does not tell, and followed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from support.cli_runner import CliRunner
from support.linear_talk import CONNECTING, Talk, talk


@contextmanager
def connecting(folder: Path, platform: Any, **switches: Any) -> Iterator[Talk]:
    """A conversation that has just connected."""
    settings = Settings(platform=platform, order_seconds=0, switches=Switches(**switches))
    with RunningSimulator(settings) as simulator, talk(CliRunner(home=folder).connect(simulator)) as shown:
        shown.follow(CONNECTING)
        yield shown


def test_the_universal_platform_is_told_and_its_steps_are_counted(tmp_path: Path) -> None:
    with connecting(tmp_path, "universal") as shown:
        shown.wait_for("Name: Shown in the Bandwidth App.")
        assert "The account is on the Universal Platform: a voice package carries" in shown.news
        assert "Step 1 of 11: Sub-account" in shown.news


def test_the_legacy_platform_is_told(tmp_path: Path) -> None:
    with connecting(tmp_path, "legacy") as shown:
        shown.wait_for("Name: Shown in the Bandwidth App.")
        assert "The account is on the legacy platform: the location carries" in shown.news
        assert "Step 1 of 10: Sub-account" in shown.news


def test_where_the_account_does_not_tell_the_person_is_asked_and_enter_goes_on(tmp_path: Path) -> None:
    with connecting(tmp_path, "universal", vcp_role=False) as shown:
        shown.wait_for("Platform:")
        assert "either the account is on the legacy platform, or the credentials lack the role" in shown.news
        shown.follow((("Platform:", ""),))
        shown.wait_for("Name: Shown in the Bandwidth App.")
        assert "Step 1 of 10: Sub-account" in shown.news


def test_what_the_person_says_is_taken_and_tested(tmp_path: Path) -> None:
    with connecting(tmp_path, "universal", vcp_role=False) as shown:
        shown.follow((("Platform:", "universal"),))
        shown.wait_for("Name: Shown in the Bandwidth App.")
        assert "The account is on the Universal Platform" in shown.news
        assert "Step 1 of 11: Sub-account" in shown.news


def test_a_trial_account_is_told_what_it_can_do_and_what_not(tmp_path: Path) -> None:
    with connecting(tmp_path, "build") as shown:
        shown.wait_for("Name: Shown in the Bandwidth App.")
        assert "This is a trial account. It can have a voice application" in shown.news
        assert "It cannot have sub-accounts" in shown.news


def test_the_only_sub_account_is_offered_first(tmp_path: Path) -> None:
    with connecting(tmp_path, "universal", fresh=True) as shown:
        shown.follow((("Sub-account: a new one, or an existing one?", ""), ("Which one?", "")))
        shown.follow((("Location: a new one, or an existing one?", ""), ("Which one?", "")))
        assert "Default Location" in shown.text


def test_the_demo_can_be_on_either_platform(tmp_path: Path) -> None:
    for options, steps in (((), 10), (("--platform", "legacy"), 10), (("--platform", "universal"), 11)):
        ended = CliRunner(home=tmp_path).run("demo", "--linear", "--speed", "50", *options, typed="\n" * 200)
        assert f"Step 1 of {steps}: Sub-account" in ended.out, ended.out
        assert ended.exit == 0, ended.out
        assert "Delivered: +1 (919) 555-0142 has the message." in ended.out
        assert "Reply from +1 (919) 555-0142:" in ended.out
        assert "Spoken to whoever answered:" in ended.out
