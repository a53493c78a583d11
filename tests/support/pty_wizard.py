"""Drives the real wizard in a pseudo-terminal: the way to Apply, and yes to everything."""

from bwtui.simulator.server import RunningSimulator
from support.begun_setup import Begun
from support.cli_runner import CliRunner
from support.pty_screen import PtyScreen


def begun_on(runner: CliRunner, simulator: RunningSimulator) -> Begun:
    begun = Begun(home=runner.home)
    begun.connect(simulator)
    return begun


def apply(shown: PtyScreen) -> None:
    """From any screen to Apply, by testing the connection first, and with yes to everything."""
    if shown.title != "Connect":
        shown.go("Connect")
    shown.expect("▸ [ Test connection ]").type("\r").expect("Connected to Demo Company")
    go_on(shown.go("Review"))


def go_on(shown: PtyScreen) -> None:
    """Say yes on Review to whatever it asks; where nothing is left to write or to order, it asks less."""
    shown.expect("[ Apply ]").type("\x0e")
    questions = ("This costs money.", "exactly as shown")
    shown.until(
        lambda: any(question in shown.text for question in questions) or shown.title in ("Apply", "Done"),
        "a question",
    )
    asked = next((question for question in questions if question in shown.text), "")
    if asked:
        shown.type("y").gone(asked)


def retry(shown: PtyScreen) -> None:
    """R on Apply: over Connect, where the connection has to be tested once more, to Review."""
    shown.at("Apply").expect("R Look again").type("r").at("Connect")
    shown.expect("▸ [ Test connection ]").type("\r").expect("▸ [ Next ]").type("\r").at("Review")
    go_on(shown)
