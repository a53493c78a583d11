"""The demo in a terminal: Enter alone, from Welcome to a call that was answered and spoken to."""

import re

import pytest

from support.cli_runner import CliRunner
from support.pty_screen import screen

MOST = 60


@pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=["80x24", "40x12"])
def test_enter_alone_leads_to_a_reply_and_an_answered_call(runner: CliRunner, size: tuple[int, int]) -> None:
    columns, lines = size
    told: list[str] = []
    with screen(runner, "demo", "--platform", "legacy", columns=columns, lines=lines) as shown:
        for _ in range(MOST):
            told.append(unfolded(shown.text))
            if "Back to Done" in shown.text:
                break
            if "Place a call from" in told[-1]:
                assert "▸ [ Place the call (y) ]" in shown.text, "what Enter would do is seen"
            shown.type("\r").still(0.3)
        everything = " ".join(told)
        assert "✓ Delivered: +1 (919) 555-0142 has the message." in everything
        assert "✓ Reply from +1 (919) 555-0142:" in everything
        assert "✓ Answered: +1 (919) 555-0142 took the call." in everything
        assert "✓ Spoken to whoever answered:" in everything
        assert "demo-secret" not in everything
        shown.type("\r").at("Done").type("q")
        assert shown.end() == 0
        shown.is_as_before()


def unfolded(text: str) -> str:
    """Return what a screen says with its lines joined, without scroll bars and borders."""
    return " ".join(re.sub("[│▁▂▃▄▅▆▇█]", " ", text).split())
